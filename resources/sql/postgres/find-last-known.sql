-- $1: JSON array of ids. What every release that was once in use says of each article, as far as it is still here, apart
-- from visits to its pages; what is in use comes first, then what was in use last.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
SELECT w.id, r.layer, r.source, v.facts, v.language, v.text
FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS w (id, place)
CROSS JOIN LATERAL (
  SELECT release, facts, NULL AS language, NULL AS text FROM article WHERE id = w.id
  UNION ALL
  SELECT release, NULL, language, facts FROM article_text WHERE article = w.id
  OFFSET 0
) v
JOIN release r ON r.id = v.release
LEFT JOIN active_release a ON a.release = r.id
WHERE r.layer <> 'written' AND r.source <> 'link-check' AND r.activated_at IS NOT NULL
ORDER BY w.place, a.release IS NULL, r.activated_at DESC, r.id DESC
