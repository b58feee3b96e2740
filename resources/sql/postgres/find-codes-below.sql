-- $1: {codings: JSON array of {system, code}, most}. The codes right below each, and the first of those that begin with
-- it (the range from the code to the last text that has it), of every release.
WITH
  asked AS (
    SELECT w.place - 1 AS input, w.coding ->> 'system' AS system, w.coding ->> 'code' AS code
    FROM jsonb_array_elements($1::jsonb -> 'codings') WITH ORDINALITY AS w (coding, place)
  )
SELECT w.input, 0 AS kind, c.system, c.code
FROM asked w
CROSS JOIN active_release a
JOIN concept c ON c.release = a.release AND c.system = w.system AND c.parent = w.code
UNION
SELECT w.input, 1, w.system COLLATE "C", b.code
FROM asked w
CROSS JOIN active_release a
CROSS JOIN LATERAL (
  SELECT c.code
  FROM concept c
  WHERE c.release = a.release AND c.system = w.system AND c.code > w.code AND c.code < w.code || chr(1114111)
  ORDER BY c.code
  LIMIT ($1::jsonb ->> 'most')::integer
) b
ORDER BY input, kind, code
