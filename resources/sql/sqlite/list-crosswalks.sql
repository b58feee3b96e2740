-- :ask: {from, to, after, most}: code systems. The crosswalks between them of the codes after a code, of so many codes at most.
SELECT DISTINCT x.system, x.code, x.target_system AS targetSystem, x.target_code AS targetCode, x.relationship
FROM crosswalk x
JOIN active_release a ON a.release = x.release
WHERE x.system = :ask ->> 'from'
  AND x.target_system = :ask ->> 'to'
  AND x.code > :ask ->> 'after'
  AND x.code <= (
    SELECT max(code)
    FROM (
      SELECT DISTINCT n.code
      FROM crosswalk n
      WHERE n.system = :ask ->> 'from'
        AND n.target_system = :ask ->> 'to'
        AND n.code > :ask ->> 'after'
        AND n.release IN (SELECT release FROM active_release)
      ORDER BY n.code
      LIMIT :ask ->> 'most'
    )
  )
ORDER BY x.code, x.target_code, x.relationship
