-- :ask: {system, after, most}. The mapping rows of a system's codes after a code, of every layer: of so many codes at most.
-- Without those whose article is gone, which say nothing of their code (find-mappings).
SELECT a.layer, m.system, m.code, m.article, m.relationship, m.rank, m.sensitivity, m.origin, m.note
FROM mapping m
JOIN active_release a ON a.release = m.release
WHERE m.system = :ask ->> 'system'
  AND m.code > :ask ->> 'after'
  AND m.code <= (
    SELECT max(code)
    FROM (
      SELECT DISTINCT n.code
      FROM mapping n
      JOIN active_release b ON b.release = n.release
      WHERE n.system = :ask ->> 'system'
        AND n.code > :ask ->> 'after'
        AND (n.article = '' OR b.layer = 'starter' OR EXISTS (
          SELECT 1
          FROM article_text t
          JOIN active_release ta ON ta.release = t.release
          WHERE t.article = n.article AND ta.source <> 'link-check'
        ))
      ORDER BY n.code
      LIMIT :ask ->> 'most'
    )
  )
  AND (m.article = '' OR a.layer = 'starter' OR EXISTS (
    SELECT 1
    FROM article_text t
    JOIN active_release ta ON ta.release = t.release
    WHERE t.article = m.article AND ta.source <> 'link-check'
  ))
ORDER BY m.code, m.rank, m.article, a.release
