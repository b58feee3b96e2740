-- $1: {from, to}: code systems. All crosswalks between them.
SELECT DISTINCT x.system, x.code, x.target_system AS "targetSystem", x.target_code AS "targetCode", x.relationship
FROM crosswalk x
JOIN active_release a ON a.release = x.release
WHERE x.system = $1::jsonb ->> 'from' AND x.target_system = $1::jsonb ->> 'to'
ORDER BY x.code, "targetCode", x.relationship
