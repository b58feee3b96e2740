-- :ask: JSON array of trigrams. The terms that hold each, in every index.
SELECT g.release, g.gram, g.terms
FROM json_each(:ask) w
CROSS JOIN active_release a
CROSS JOIN search_gram g ON g.release = a.release AND g.gram = w.value
