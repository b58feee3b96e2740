-- $1: JSON array of ids. A row for each article, layer and language; `text` is null for an article without texts.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
SELECT w.id, a.layer, f.facts, t.language, t.facts AS text
FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS w (id, place)
CROSS JOIN active_release a
LEFT JOIN LATERAL (SELECT facts FROM article WHERE id = w.id AND release = a.release OFFSET 0) f ON true
LEFT JOIN LATERAL (
  SELECT language, facts FROM article_text WHERE article = w.id AND release = a.release OFFSET 0
) t ON true
WHERE f.facts IS NOT NULL OR t.facts IS NOT NULL
ORDER BY w.place, a.release, t.language
