-- :ask: {type, ids}. The last version of each resource, deletions included.
SELECT v.sequence, v.type, v.id, v.version, v.method, v.written_at AS writtenAt, v.content
FROM json_each(:ask, '$.ids') w
CROSS JOIN written_resource r ON r.type = :ask ->> 'type' AND r.id = w.value
CROSS JOIN written_version v ON v.type = r.type AND v.id = r.id AND v.version = r.version
ORDER BY w.key
