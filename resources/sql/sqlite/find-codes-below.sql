-- :ask: {codings: JSON array of {system, code}, most}. The codes right below each, and the first of those that begin with
-- it (the range from the code to the last text that has it), of every release.
WITH
  asked AS (
    SELECT w.key AS input, w.value ->> 'system' AS system, w.value ->> 'code' AS code
    FROM json_each(:ask, '$.codings') w
  )
SELECT w.input AS input, 0 AS kind, c.system AS system, c.code AS code
FROM asked w
CROSS JOIN active_release a
CROSS JOIN concept c ON c.release = a.release AND c.system = w.system AND c.parent = w.code
UNION
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
ORDER BY input, kind, code
