-- :ask: {system, code}. The codes right below it, in any release.
SELECT DISTINCT c.system, c.code
FROM active_release a
CROSS JOIN concept c ON c.release = a.release AND c.system = :ask ->> 'system' AND c.parent = :ask ->> 'code'
ORDER BY c.code
