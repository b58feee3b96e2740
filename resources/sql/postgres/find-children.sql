-- $1: JSON array of {system, code}. The codes right below each, in any release.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
SELECT DISTINCT (w.place - 1)::integer AS input, c.system, c.code
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS w (coding, place)
CROSS JOIN active_release a
CROSS JOIN LATERAL (
  SELECT *
  FROM concept
  WHERE release = a.release AND system = w.coding ->> 'system' AND parent = w.coding ->> 'code'
  OFFSET 0
) c
ORDER BY input, c.code
