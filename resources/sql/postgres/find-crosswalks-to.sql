-- $1: {system, code}. The crosswalks that lead to it.
SELECT DISTINCT x.system, x.code, x.target_system AS "targetSystem", x.target_code AS "targetCode", x.relationship
FROM crosswalk x
JOIN active_release a ON a.release = x.release
WHERE x.target_system = $1::jsonb ->> 'system' AND x.target_code = $1::jsonb ->> 'code'
ORDER BY x.system, x.code, x.relationship
