-- $1: {system, code}. The codes right below it, in any release.
SELECT DISTINCT c.system, c.code
FROM active_release a
JOIN concept c ON c.release = a.release AND c.system = $1::jsonb ->> 'system' AND c.parent = $1::jsonb ->> 'code'
ORDER BY c.code
