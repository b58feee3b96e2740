-- :ask: JSON array of {system, code}. Answers all rows of the codings, of their ancestors (ICD codes by truncation, down
-- to the category) and of whatever crosswalks lead to from any of these, at most three crosswalks away.
-- `trail` names the ends of the way's parts: "system|code" where a crosswalk was taken, "system|code" where it led, …
WITH RECURSIVE
  reached (input, system, code, levels, crossings, trail) AS (
    SELECT key, value ->> 'system', value ->> 'code', 0, 0, ''
    FROM json_each(:ask)
    UNION ALL
    SELECT input, system, rtrim(substr(code, 1, length(code) - 1), '.'), levels + 1, crossings, trail
    FROM reached
    WHERE (system IN ('icd-10-cm', 'icd-10') AND length(code) > 3)
      OR (system = 'icd-9-cm' AND length(code) > CASE WHEN code LIKE 'E%' THEN 4 ELSE 3 END)
    UNION ALL
    SELECT
      r.input, x.target_system, x.target_code, r.levels, r.crossings + 1,
      r.trail || r.system || '|' || r.code || '>' || x.target_system || '|' || x.target_code || '>'
    FROM reached r
    CROSS JOIN crosswalk x ON x.system = r.system AND x.code = r.code
    JOIN active_release a ON a.release = x.release
    WHERE r.crossings < 3
      -- A system once left is not entered again: two crosswalks, there and back, would multiply the ways without end.
      AND (x.target_system = r.system OR instr('>' || r.trail, '>' || x.target_system || '|') = 0)
  )
SELECT DISTINCT
  r.input, r.system, r.code, r.levels, r.crossings, r.trail,
  a.layer, m.article, m.relationship, m.rank, m.sensitivity, m.origin, m.note
FROM reached r
CROSS JOIN mapping m ON m.system = r.system AND m.code = r.code
JOIN active_release a ON a.release = m.release
-- A row whose article is gone, for it was another source's, says nothing of its code. The starter has none such.
WHERE m.article = '' OR a.layer = 'starter' OR EXISTS (
  SELECT 1
  FROM article_text t
  JOIN active_release ta ON ta.release = t.release
  WHERE t.article = m.article AND ta.source <> 'link-check'
)
ORDER BY r.input, r.crossings, r.levels, r.trail, m.rank, m.article, a.layer, m.relationship, m.origin
