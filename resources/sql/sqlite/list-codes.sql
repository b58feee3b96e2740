-- :ask: {system, after, most}. The codes of a system after a code, of every release, in their order.
SELECT DISTINCT :ask ->> 'system' AS system, b.value AS code
FROM active_release a
CROSS JOIN
  json_each(
    (
      SELECT json_group_array(code)
      FROM (
        SELECT c.code
        FROM concept c
        WHERE c.release = a.release AND c.system = :ask ->> 'system' AND c.code > :ask ->> 'after'
        ORDER BY c.code
        LIMIT :ask ->> 'most'
      )
    )
  ) b
ORDER BY code
LIMIT :ask ->> 'most'
