-- :ask: {system, code}. The crosswalks that start at it.
SELECT DISTINCT x.system, x.code, x.target_system AS targetSystem, x.target_code AS targetCode, x.relationship
FROM crosswalk x
JOIN active_release a ON a.release = x.release
WHERE x.system = :ask ->> 'system' AND x.code = :ask ->> 'code'
ORDER BY x.target_system, x.target_code, x.relationship
