-- $1: a code system as JSON. All its mapping rows, of every layer.
SELECT a.layer, m.system, m.code, m.article, m.relationship, m.rank, m.sensitivity, m.origin, m.note
FROM mapping m
JOIN active_release a ON a.release = m.release
WHERE m.system = $1::jsonb #>> '{}'
ORDER BY m.code, m.rank, m.article, a.release
