-- :ask: {type, id, since, from, to, without, before, most, mostBytes}, each but `most` and `without` (a list of `type/id`) null where
-- it does not limit. A version is current from when it was written until the next one was. `total` counts without `before` and
-- `most`, `remaining` with `before`. The contents that are given are the only ones that are read.
WITH meant AS (
  SELECT v.sequence, octet_length(v.content) AS bytes, count(*) OVER () AS total
  FROM written_version v
  WHERE (:ask ->> 'type' IS NULL OR v.type = :ask ->> 'type')
    AND (:ask ->> 'id' IS NULL OR v.id = :ask ->> 'id')
    AND v.type || '/' || v.id NOT IN (SELECT value FROM json_each(:ask, '$.without'))
    AND (:ask ->> 'since' IS NULL OR v.written_at >= :ask ->> 'since')
    AND (:ask ->> 'to' IS NULL OR v.written_at < :ask ->> 'to')
    AND (:ask ->> 'from' IS NULL OR NOT EXISTS (
      SELECT 1
      FROM written_version n
      WHERE n.type = v.type AND n.id = v.id AND n.version = v.version + 1 AND n.written_at <= :ask ->> 'from'
    ))
), remaining AS (
  SELECT
    m.sequence, m.total, count(*) OVER () AS remaining,
    sum(m.bytes) OVER (ORDER BY m.sequence DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes
  FROM meant m
  WHERE :ask ->> 'before' IS NULL OR m.sequence < :ask ->> 'before'
)
SELECT v.sequence, v.type, v.id, v.version, v.method, v.written_at AS writtenAt, v.content, r.total, r.remaining
FROM remaining r
JOIN written_version v ON v.sequence = r.sequence
WHERE :ask ->> 'mostBytes' IS NULL OR coalesce(r.bytes, 0) < :ask ->> 'mostBytes'
ORDER BY r.sequence DESC
LIMIT :ask ->> 'most'
