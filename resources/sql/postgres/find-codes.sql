-- $1: JSON array of article ids. The codes that lead to each by rows of their own.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
SELECT a.layer, m.system, m.code, m.article, m.relationship
FROM jsonb_array_elements_text($1::jsonb) AS w (id)
CROSS JOIN LATERAL (SELECT * FROM mapping WHERE article = w.id OFFSET 0) m
JOIN active_release a ON a.release = m.release
ORDER BY m.article, m.system, m.code, a.release
