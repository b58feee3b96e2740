-- :ask: {codings: JSON array of {system, code}, most}. What each layer's releases say of the codes right below each, and of
-- the first of those that begin with it (the range from the code to the last text that has it), of every release.
WITH
  asked AS (
    SELECT w.key AS input, w.value ->> 'system' AS system, w.value ->> 'code' AS code
    FROM json_each(:ask, '$.codings') w
  ),
  found AS (
    SELECT w.input, 0 AS kind, c.system, c.code
    FROM asked w
    CROSS JOIN active_release a
    CROSS JOIN concept c ON c.release = a.release AND c.system = w.system AND c.parent = w.code
    UNION ALL
    SELECT w.input, 1, w.system, b.value
    FROM asked w
    CROSS JOIN active_release a
    CROSS JOIN
      json_each(
        (
          SELECT json_group_array(code)
          FROM (
            SELECT c.code
            FROM concept c
            WHERE c.release = a.release AND c.system = w.system AND c.code > w.code AND c.code < w.code || char(1114111)
            ORDER BY c.code
            LIMIT :ask ->> 'most'
          )
        )
      ) b
  ),
  below AS (SELECT input, min(kind) AS kind, system, code FROM found GROUP BY input, system, code)
SELECT b.input, a.layer, r.name AS release, c.system, c.code, c.title, c.parent, c.billable, c.active, c.names
FROM below b
CROSS JOIN active_release a
CROSS JOIN concept c ON c.release = a.release AND c.system = b.system AND c.code = b.code
CROSS JOIN release r ON r.id = a.release
ORDER BY b.input, b.kind, c.code, r.id DESC
