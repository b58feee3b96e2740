-- :ask: JSON array of article ids. The codes that lead to each by rows of their own.
SELECT a.layer, m.system, m.code, m.article, m.relationship
FROM json_each(:ask) w
CROSS JOIN mapping m ON m.article = w.value
JOIN active_release a ON a.release = m.release
ORDER BY m.article, m.system, m.code, a.release
