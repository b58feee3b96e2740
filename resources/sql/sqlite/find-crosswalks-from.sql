-- :ask: JSON array of {system, code}. The crosswalks that start at each.
SELECT DISTINCT
  w.key AS input, x.system, x.code, x.target_system AS targetSystem, x.target_code AS targetCode, x.relationship
FROM json_each(:ask) w
CROSS JOIN crosswalk x ON x.system = w.value ->> 'system' AND x.code = w.value ->> 'code'
JOIN active_release a ON a.release = x.release
ORDER BY w.key, x.target_system, x.target_code, x.relationship
