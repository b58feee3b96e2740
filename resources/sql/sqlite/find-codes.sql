-- :ask: JSON array of article ids. Of each the codes that lead to it by rows of their own, with all rows of these codes, of
-- every layer: a higher layer may say something else of a code.
WITH
  leading AS (
    SELECT DISTINCT w.value AS asked, m.system, m.code
    FROM json_each(:ask) w
    CROSS JOIN mapping m ON m.article = w.value
    JOIN active_release a ON a.release = m.release
  )
SELECT l.asked, a.layer, m.system, m.code, m.article, m.relationship
FROM leading l
CROSS JOIN mapping m ON m.system = l.system AND m.code = l.code
JOIN active_release a ON a.release = m.release
-- A row whose article is gone, for it was another source's, says nothing of its code. The starter has none such.
WHERE m.article = '' OR a.layer = 'starter' OR EXISTS (
  SELECT 1
  FROM article_text t
  JOIN active_release ta ON ta.release = t.release
  WHERE t.article = m.article AND ta.source <> 'link-check'
)
ORDER BY l.asked, m.system, m.code, a.release, m.rank, m.article
