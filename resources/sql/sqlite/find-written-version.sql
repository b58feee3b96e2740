-- :ask: {type, id, version}.
SELECT v.sequence, v.type, v.id, v.version, v.method, v.written_at AS writtenAt, v.content
FROM written_version v
WHERE v.type = :ask ->> 'type' AND v.id = :ask ->> 'id' AND v.version = :ask ->> 'version'
