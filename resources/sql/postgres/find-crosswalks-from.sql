-- $1: JSON array of {system, code}. The crosswalks that start at each.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
SELECT DISTINCT
  (w.place - 1)::integer AS input,
  x.system, x.code, x.target_system AS "targetSystem", x.target_code AS "targetCode", x.relationship
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS w (coding, place)
CROSS JOIN LATERAL (
  SELECT * FROM crosswalk WHERE system = w.coding ->> 'system' AND code = w.coding ->> 'code' OFFSET 0
) x
JOIN active_release a ON a.release = x.release
ORDER BY input, "targetSystem", "targetCode", x.system, x.code, x.relationship
