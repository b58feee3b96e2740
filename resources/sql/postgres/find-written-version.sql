-- $1: {type, id, version}.
SELECT sequence, type, id, version, method, written_at AS "writtenAt", content
FROM written_version
WHERE type = $1::jsonb ->> 'type' AND id = $1::jsonb ->> 'id' AND version = ($1::jsonb ->> 'version')::bigint
