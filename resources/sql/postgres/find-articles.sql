-- $1: JSON array of ids. A row for each article, layer and language; `text` is null for an article without texts.
SELECT w.id, a.layer, f.facts, t.language, t.facts AS text
FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS w (id, place)
CROSS JOIN active_release a
LEFT JOIN article f ON f.id = w.id AND f.release = a.release
LEFT JOIN article_text t ON t.article = w.id AND t.release = a.release
WHERE f.facts IS NOT NULL OR t.facts IS NOT NULL
ORDER BY w.place, a.release, t.language
