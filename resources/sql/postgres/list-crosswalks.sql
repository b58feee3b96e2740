-- $1: {from, to, after, most}: code systems. The crosswalks between them of the codes after a code, of so many codes at most.
SELECT DISTINCT x.system, x.code, x.target_system AS "targetSystem", x.target_code AS "targetCode", x.relationship
FROM crosswalk x
JOIN active_release a ON a.release = x.release
WHERE x.system = $1::jsonb ->> 'from'
  AND x.target_system = $1::jsonb ->> 'to'
  AND x.code > $1::jsonb ->> 'after'
  AND x.code <= (
    SELECT max(code)
    FROM (
      SELECT DISTINCT n.code
      FROM crosswalk n
      WHERE n.system = $1::jsonb ->> 'from'
        AND n.target_system = $1::jsonb ->> 'to'
        AND n.code > $1::jsonb ->> 'after'
        AND n.release IN (SELECT release FROM active_release)
      ORDER BY n.code
      LIMIT ($1::jsonb ->> 'most')::integer
    ) AS part
  )
ORDER BY x.code, "targetCode", x.relationship
