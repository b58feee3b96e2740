-- :ask: JSON array of {system, code}. All rows of exactly these codes, of every layer.
SELECT a.layer, m.system, m.code, m.article, m.relationship
FROM json_each(:ask) w
CROSS JOIN mapping m ON m.system = w.value ->> 'system' AND m.code = w.value ->> 'code'
JOIN active_release a ON a.release = m.release
ORDER BY m.system, m.code, m.rank, m.article, a.release
