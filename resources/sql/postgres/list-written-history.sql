-- $1: {type, id, since, from, to, without, before, most, mostBytes}, each but `most` and `without` (a list of `type/id`) null where
-- it does not limit. A version is current from when it was written until the next one was. `total` counts without `before` and
-- `most`, `remaining` with `before`. The contents that are given are the only ones that are read.
WITH meant AS (
  SELECT v.sequence, octet_length(v.content) AS bytes, count(*) OVER () AS total
  FROM written_version v
  WHERE ($1::jsonb ->> 'type' IS NULL OR v.type = $1::jsonb ->> 'type')
    AND ($1::jsonb ->> 'id' IS NULL OR v.id = $1::jsonb ->> 'id')
    AND v.type || '/' || v.id NOT IN (SELECT jsonb_array_elements_text($1::jsonb -> 'without'))
    AND ($1::jsonb ->> 'since' IS NULL OR v.written_at >= $1::jsonb ->> 'since')
    AND ($1::jsonb ->> 'to' IS NULL OR v.written_at < $1::jsonb ->> 'to')
    AND ($1::jsonb ->> 'from' IS NULL OR NOT EXISTS (
      SELECT 1
      FROM written_version n
      WHERE n.type = v.type AND n.id = v.id AND n.version = v.version + 1 AND n.written_at <= $1::jsonb ->> 'from'
    ))
), remaining AS (
  SELECT
    m.sequence, m.total, count(*) OVER () AS remaining,
    sum(m.bytes) OVER (ORDER BY m.sequence DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes
  FROM meant m
  WHERE $1::jsonb ->> 'before' IS NULL OR m.sequence < ($1::jsonb ->> 'before')::bigint
)
SELECT v.sequence, v.type, v.id, v.version, v.method, v.written_at AS "writtenAt", v.content, r.total, r.remaining
FROM remaining r
JOIN written_version v ON v.sequence = r.sequence
WHERE $1::jsonb ->> 'mostBytes' IS NULL OR coalesce(r.bytes, 0) < ($1::jsonb ->> 'mostBytes')::bigint
ORDER BY r.sequence DESC
LIMIT ($1::jsonb ->> 'most')::integer
