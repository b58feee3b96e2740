-- $1: {system, after, most}. The codes of a system after a code, of every release, in their order.
SELECT DISTINCT $1::jsonb ->> 'system' AS system, b.code
FROM active_release a
CROSS JOIN LATERAL (
  SELECT c.code
  FROM concept c
  WHERE c.release = a.release AND c.system = $1::jsonb ->> 'system' AND c.code > $1::jsonb ->> 'after'
  ORDER BY c.code
  LIMIT ($1::jsonb ->> 'most')::integer
) b
ORDER BY b.code
LIMIT ($1::jsonb ->> 'most')::integer
