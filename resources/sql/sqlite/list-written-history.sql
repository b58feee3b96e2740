-- :ask: {type, id, since, from, to, without, before, most}, each but `most` and `without` (a list of `type/id`) null where it does
-- not limit. A version is current from when it was written until the next one was. `total` counts without `before` and `most`.
SELECT h.sequence, h.type, h.id, h.version, h.method, h.writtenAt, h.content, h.total
FROM (
  SELECT
    v.sequence, v.type, v.id, v.version, v.method, v.written_at AS writtenAt, v.content,
    count(*) OVER () AS total
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
) h
WHERE :ask ->> 'before' IS NULL OR h.sequence < :ask ->> 'before'
ORDER BY h.sequence DESC
LIMIT :ask ->> 'most'
