-- :ask: a type as JSON. Its resources as they are now, without those that are deleted.
SELECT v.sequence, v.type, v.id, v.version, v.method, v.written_at AS writtenAt, v.content
FROM written_resource r
CROSS JOIN written_version v ON v.type = r.type AND v.id = r.id AND v.version = r.version
WHERE r.type = :ask ->> '$' AND r.rows IS NOT NULL
ORDER BY r.id
