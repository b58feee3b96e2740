-- :ask: JSON array of ids. A row for each article, layer and language; `text` is null for an article without texts.
SELECT w.value AS id, a.layer, f.facts, t.language, t.facts AS text
FROM json_each(:ask) w
CROSS JOIN active_release a
LEFT JOIN article f ON f.id = w.value AND f.release = a.release
LEFT JOIN article_text t ON t.article = w.value AND t.release = a.release
WHERE f.facts IS NOT NULL OR t.facts IS NOT NULL
ORDER BY w.key, a.release, t.language
