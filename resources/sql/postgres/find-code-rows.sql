-- $1: JSON array of {system, code}. All rows of exactly these codes, of every layer.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
SELECT a.layer, m.system, m.code, m.article, m.relationship
FROM jsonb_array_elements($1::jsonb) AS w (coding)
CROSS JOIN LATERAL (
  SELECT * FROM mapping WHERE system = w.coding ->> 'system' AND code = w.coding ->> 'code' OFFSET 0
) m
JOIN active_release a ON a.release = m.release
ORDER BY m.system, m.code, m.rank, m.article, a.release
