-- :ask: {release, documents: JSON array of numbers}. Documents of one index.
SELECT d.release, d.document, d.system, d.key
FROM json_each(:ask, '$.documents') w
CROSS JOIN search_document d ON d.release = :ask ->> 'release' AND d.document = w.value
