-- $1: JSON array of article ids. The codes that lead to each by rows of their own.
SELECT a.layer, m.system, m.code, m.article, m.relationship
FROM jsonb_array_elements_text($1::jsonb) AS w (id)
JOIN mapping m ON m.article = w.id
JOIN active_release a ON a.release = m.release
ORDER BY m.article, m.system, m.code, a.release
