-- $1: {release, ids: JSON array}. Terms of one index.
SELECT t.release, t.id, t.term, t.word, t.documents
FROM jsonb_array_elements_text($1::jsonb -> 'ids') WITH ORDINALITY AS w (id, place)
JOIN search_term t ON t.release = ($1::jsonb ->> 'release')::integer AND t.id = w.id::integer
ORDER BY w.place
