-- Ids of articles of which a text may be no longer offered: no active release has one that a release had which was in use
-- once, or a visit found its page gone. What a site has written and deleted is not among them.
SELECT t.article AS id
FROM release r
JOIN article_text t ON t.release = r.id
WHERE :ask IS NOT NULL
  AND r.layer <> 'written'
  AND r.source <> 'link-check'
  AND r.activated_at IS NOT NULL
  AND r.id NOT IN (SELECT release FROM active_release)
  AND NOT EXISTS (
    SELECT 1
    FROM active_release a
    JOIN article_text n ON n.article = t.article AND n.language = t.language AND n.release = a.release
    WHERE a.source <> 'link-check'
  )
UNION
SELECT t.article
FROM active_release a
JOIN article_text t ON t.release = a.release
WHERE a.source = 'link-check' AND t.facts ->> '$.linkCheck.isGone' = 1
ORDER BY id
