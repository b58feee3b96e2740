-- :ask: JSON array of {system, code}. The codes right below each, in any release.
SELECT DISTINCT w.key AS input, c.system, c.code
FROM json_each(:ask) w
CROSS JOIN active_release a
CROSS JOIN concept c ON c.release = a.release AND c.system = w.value ->> 'system' AND c.parent = w.value ->> 'code'
ORDER BY w.key, c.code
