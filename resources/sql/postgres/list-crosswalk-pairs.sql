-- The pairs of code systems between which crosswalks lead.
SELECT DISTINCT x.system, x.target_system AS "targetSystem"
FROM crosswalk x
JOIN active_release a ON a.release = x.release
WHERE $1::jsonb IS NOT NULL
ORDER BY x.system, "targetSystem"
