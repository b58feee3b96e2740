-- $1: JSON array of {system, code}. All rows of exactly these codes, of every layer.
SELECT a.layer, m.system, m.code, m.article, m.relationship
FROM jsonb_array_elements($1::jsonb) AS w (coding)
JOIN mapping m ON m.system = w.coding ->> 'system' AND m.code = w.coding ->> 'code'
JOIN active_release a ON a.release = m.release
ORDER BY m.system, m.code, m.rank, m.article, a.release
