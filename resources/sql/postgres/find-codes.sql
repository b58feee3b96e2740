-- $1: JSON array of article ids. Of each the codes that lead to it by rows of their own, with all rows of these codes, of
-- every layer: a higher layer may say something else of a code.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
SELECT w.id AS asked, a.layer, m.system, m.code, m.article, m.relationship
FROM jsonb_array_elements_text($1::jsonb) AS w (id)
CROSS JOIN LATERAL (
  SELECT DISTINCT own.system, own.code
  FROM mapping own
  JOIN active_release ao ON ao.release = own.release
  WHERE own.article = w.id
  OFFSET 0
) l
CROSS JOIN LATERAL (SELECT * FROM mapping WHERE system = l.system AND code = l.code OFFSET 0) m
JOIN active_release a ON a.release = m.release
-- A row whose article is gone, for it was another source's, says nothing of its code. The starter has none such.
WHERE m.article = '' OR a.layer = 'starter' OR EXISTS (
  SELECT 1
  FROM article_text t
  JOIN active_release ta ON ta.release = t.release
  WHERE t.article = m.article AND ta.source <> 'link-check'
  OFFSET 0
)
ORDER BY w.id COLLATE "C", m.system, m.code, a.release, m.rank, m.article
