-- $1: JSON array of trigrams. The terms that hold each, in every index.
SELECT g.release, g.gram, g.terms
FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS w (gram, place)
CROSS JOIN active_release a
JOIN search_gram g ON g.release = a.release AND g.gram = w.gram
ORDER BY w.place, g.release
