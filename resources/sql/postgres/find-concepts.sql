-- $1: JSON array of {system, code}. What each layer's releases say of exactly these codes.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
SELECT a.layer, r.name AS release, c.system, c.code, c.title, c.parent, c.billable, c.active, c.names
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS w (coding, place)
CROSS JOIN active_release a
CROSS JOIN LATERAL (
  SELECT *
  FROM concept
  WHERE release = a.release AND system = w.coding ->> 'system' AND code = w.coding ->> 'code'
  OFFSET 0
) c
JOIN release r ON r.id = a.release
ORDER BY w.place, r.id DESC
