-- How many codes each system has, in any active release.
SELECT c.system, count(DISTINCT c.code) AS concepts
FROM active_release a
JOIN concept c ON c.release = a.release
WHERE $1::jsonb IS NOT NULL
GROUP BY c.system
ORDER BY c.system
