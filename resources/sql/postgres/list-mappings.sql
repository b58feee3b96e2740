-- $1: {system, after, most}. The mapping rows of a system's codes after a code, of every layer: of so many codes at most.
SELECT a.layer, m.system, m.code, m.article, m.relationship, m.rank, m.sensitivity, m.origin, m.note
FROM mapping m
JOIN active_release a ON a.release = m.release
WHERE m.system = $1::jsonb ->> 'system'
  AND m.code > $1::jsonb ->> 'after'
  AND m.code <= (
    SELECT max(code)
    FROM (
      SELECT DISTINCT n.code
      FROM mapping n
      WHERE n.system = $1::jsonb ->> 'system'
        AND n.code > $1::jsonb ->> 'after'
        AND n.release IN (SELECT release FROM active_release)
      ORDER BY n.code
      LIMIT ($1::jsonb ->> 'most')::integer
    ) AS part
  )
ORDER BY m.code, m.rank, m.article, a.release
