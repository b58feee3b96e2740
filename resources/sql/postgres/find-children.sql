-- $1: JSON array of {system, code}. What each layer's releases say of the codes that are right below each in any release.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
WITH
  below AS (
    SELECT DISTINCT (w.place - 1)::integer AS input, c.system, c.code
    FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS w (coding, place)
    CROSS JOIN active_release a
    CROSS JOIN LATERAL (
      SELECT *
      FROM concept
      WHERE release = a.release AND system = w.coding ->> 'system' AND parent = w.coding ->> 'code'
      OFFSET 0
    ) c
  )
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
ORDER BY b.input, c.code, r.id DESC
