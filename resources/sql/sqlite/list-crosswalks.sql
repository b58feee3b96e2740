-- :ask: {from, to}: code systems. All crosswalks between them.
SELECT DISTINCT x.system, x.code, x.target_system AS targetSystem, x.target_code AS targetCode, x.relationship
FROM crosswalk x
JOIN active_release a ON a.release = x.release
WHERE x.system = :ask ->> 'from' AND x.target_system = :ask ->> 'to'
ORDER BY x.code, x.target_code, x.relationship
