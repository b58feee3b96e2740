-- :ask: {release, ids: JSON array}. Terms of one index.
SELECT t.release, t.id, t.term, t.word, t.documents
FROM json_each(:ask, '$.ids') w
CROSS JOIN search_term t ON t.release = :ask ->> 'release' AND t.id = w.value
