-- :ask: JSON array of ids. What every release that was once in use says of each article, as far as it is still here, apart
-- from visits to its pages; what is in use comes first, then what was in use last.
SELECT v.id, r.layer, r.source, v.facts, v.language, v.text
FROM (
  SELECT w.key AS place, n.id, n.release, n.facts, NULL AS language, NULL AS text
  FROM json_each(:ask) w
  JOIN article n ON n.id = w.value
  UNION ALL
  SELECT w.key, t.article, t.release, NULL, t.language, t.facts
  FROM json_each(:ask) w
  JOIN article_text t ON t.article = w.value
) v
JOIN release r ON r.id = v.release
LEFT JOIN active_release a ON a.release = r.id
WHERE r.layer <> 'written' AND r.source <> 'link-check' AND r.activated_at IS NOT NULL
ORDER BY v.place, a.release IS NULL, r.activated_at DESC, r.id DESC
