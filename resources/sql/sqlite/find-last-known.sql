-- :ask: JSON array of ids. What every release that was once in use says of each article, as far as it is still here, apart
-- from visits to its pages; what is in use comes first, then what was in use last.
SELECT w.value AS id, r.layer, r.source, v.facts, v.language, v.text
FROM json_each(:ask) w
JOIN (
  SELECT id, release, facts, NULL AS language, NULL AS text FROM article
  UNION ALL
  SELECT article, release, NULL, language, facts FROM article_text
) v ON v.id = w.value
JOIN release r ON r.id = v.release
LEFT JOIN active_release a ON a.release = r.id
WHERE r.layer <> 'written' AND r.source <> 'link-check' AND r.activated_at IS NOT NULL
ORDER BY w.key, a.release IS NULL, r.activated_at DESC, r.id DESC
