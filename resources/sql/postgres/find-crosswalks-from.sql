-- $1: {system, code}. The crosswalks that start at it.
SELECT DISTINCT x.system, x.code, x.target_system AS "targetSystem", x.target_code AS "targetCode", x.relationship
FROM crosswalk x
JOIN active_release a ON a.release = x.release
WHERE x.system = $1::jsonb ->> 'system' AND x.code = $1::jsonb ->> 'code'
ORDER BY "targetSystem", "targetCode", x.system, x.code, x.relationship
