-- $1: JSON array of {system, code}. Answers all rows of the codings, of their ancestors (ICD codes by truncation, down to
-- the category) and of whatever crosswalks lead to from any of these, at most three crosswalks away.
-- `trail` names the ends of the way's parts: "system|code" where a crosswalk was taken, "system|code" where it led, …
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
WITH RECURSIVE
  reached (input, system, code, levels, crossings, trail) AS (
    SELECT
      (w.place - 1)::integer, (w.coding ->> 'system') COLLATE "C", (w.coding ->> 'code') COLLATE "C", 0, 0,
      '' COLLATE "C"
    FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS w (coding, place)
    UNION ALL
    SELECT r.input, n.system, n.code, n.levels, n.crossings, n.trail
    FROM reached r
    CROSS JOIN LATERAL (
      SELECT r.system, rtrim(left(r.code, -1), '.') AS code, r.levels + 1 AS levels, r.crossings, r.trail
      WHERE (r.system IN ('icd-10-cm', 'icd-10') AND length(r.code) > 3)
        OR (r.system = 'icd-9-cm' AND length(r.code) > CASE WHEN r.code ILIKE 'E%' THEN 4 ELSE 3 END)
      UNION ALL
      SELECT
        x.target_system, x.target_code, r.levels, r.crossings + 1,
        r.trail || r.system || '|' || r.code || '>' || x.target_system || '|' || x.target_code || '>'
      FROM crosswalk x
      JOIN active_release a ON a.release = x.release
      WHERE x.system = r.system AND x.code = r.code AND r.crossings < 3
        -- A system once left is not entered again: two crosswalks, there and back, would multiply the ways without end.
        AND (x.target_system = r.system OR strpos('>' || r.trail, '>' || x.target_system || '|') = 0)
    ) n
  )
SELECT DISTINCT
  r.input, r.system, r.code, r.levels, r.crossings, r.trail,
  a.layer, m.article, m.relationship, m.rank, m.sensitivity, m.origin, m.note
FROM reached r
CROSS JOIN LATERAL (SELECT * FROM mapping WHERE system = r.system AND code = r.code OFFSET 0) m
JOIN active_release a ON a.release = m.release
-- A row whose article is gone, for it was another source's, says nothing of its code. The starter has none such.
WHERE m.article = '' OR a.layer = 'starter' OR EXISTS (
  SELECT 1
  FROM article_text t
  JOIN active_release ta ON ta.release = t.release
  WHERE t.article = m.article AND ta.source <> 'link-check'
  OFFSET 0
)
ORDER BY r.input, r.crossings, r.levels, r.trail, m.rank, m.article, a.layer, m.relationship, m.origin
