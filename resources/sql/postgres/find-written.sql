-- $1: {type, ids}. The last version of each resource, deletions included.
SELECT v.sequence, v.type, v.id, v.version, v.method, v.written_at AS "writtenAt", v.content
FROM jsonb_array_elements_text($1::jsonb -> 'ids') WITH ORDINALITY AS w (id, place)
JOIN written_resource r ON r.type = $1::jsonb ->> 'type' AND r.id = w.id
JOIN written_version v ON v.type = r.type AND v.id = r.id AND v.version = r.version
ORDER BY w.place
