-- $1: {codings: JSON array of {system, code}, most}. What each layer's releases say of the codes right below each, and of
-- the first of those that begin with it (the range from the code to the last text that has it), of every release.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
WITH
  asked AS (
    SELECT (w.place - 1)::integer AS input, w.coding ->> 'system' AS system, w.coding ->> 'code' AS code
    FROM jsonb_array_elements($1::jsonb -> 'codings') WITH ORDINALITY AS w (coding, place)
  ),
  found AS (
    SELECT w.input, 0 AS kind, c.system, c.code
    FROM asked w
    CROSS JOIN active_release a
    CROSS JOIN LATERAL (
      SELECT *
      FROM concept
      WHERE release = a.release AND system = w.system AND parent = w.code
      OFFSET 0
    ) c
    UNION ALL
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
  ),
  below AS (SELECT input, min(kind) AS kind, system, code FROM found GROUP BY input, system, code)
SELECT b.input, a.layer, r.name AS release, c.system, c.code, c.title, c.parent, c.billable, c.active, c.names
FROM below b
CROSS JOIN active_release a
CROSS JOIN LATERAL (
  SELECT *
  FROM concept
  WHERE release = a.release AND system = b.system AND code = b.code
  OFFSET 0
) c
JOIN release r ON r.id = a.release
ORDER BY b.input, b.kind, c.code, r.id DESC
