-- $1: {release, documents: JSON array of numbers}. Documents of one index.
SELECT d.release, d.document, d.system, d.key
FROM jsonb_array_elements_text($1::jsonb -> 'documents') WITH ORDINALITY AS w (document, place)
JOIN search_document d ON d.release = ($1::jsonb ->> 'release')::integer AND d.document = w.document::integer
ORDER BY w.place
