-- $1: {type, id, since, before, most}, each but `most` null where it does not limit. `total` counts without `before` and
-- `most`.
SELECT h.sequence, h.type, h.id, h.version, h.method, h."writtenAt", h.content, h.total
FROM (
  SELECT
    v.sequence, v.type, v.id, v.version, v.method, v.written_at AS "writtenAt", v.content,
    count(*) OVER () AS total
  FROM written_version v
  WHERE ($1::jsonb ->> 'type' IS NULL OR v.type = $1::jsonb ->> 'type')
    AND ($1::jsonb ->> 'id' IS NULL OR v.id = $1::jsonb ->> 'id')
    AND ($1::jsonb ->> 'since' IS NULL OR v.written_at >= $1::jsonb ->> 'since')
) h
WHERE $1::jsonb ->> 'before' IS NULL OR h.sequence < ($1::jsonb ->> 'before')::bigint
ORDER BY h.sequence DESC
LIMIT ($1::jsonb ->> 'most')::integer
