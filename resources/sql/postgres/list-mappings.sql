-- $1: {system, after, most}. The mapping rows of a system's codes after a code, of every layer: of so many codes at most.
-- Without those whose article is gone, which say nothing of their code (find-mappings). Each use of them is a look-up of its own:
-- made once, they would be all of the system's for each part of it.
WITH counting AS NOT MATERIALIZED (
  SELECT a.layer, a.release, m.system, m.code, m.article, m.relationship, m.rank, m.sensitivity, m.origin, m.note
  FROM mapping m
  JOIN active_release a ON a.release = m.release
  WHERE m.system = $1::jsonb ->> 'system'
    AND m.code > $1::jsonb ->> 'after'
    AND (m.article = '' OR a.layer = 'starter' OR EXISTS (
      SELECT 1
      FROM article_text t
      JOIN active_release ta ON ta.release = t.release
      WHERE t.article = m.article AND ta.source <> 'link-check'
      OFFSET 0
    ))
)
SELECT layer, system, code, article, relationship, rank, sensitivity, origin, note
FROM counting
WHERE code <= (
  SELECT max(code)
  FROM (
    SELECT DISTINCT code
    FROM counting
    ORDER BY code
    LIMIT ($1::jsonb ->> 'most')::integer
  ) AS part
)
ORDER BY code, rank, article, release
