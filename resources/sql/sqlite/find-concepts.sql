-- :ask: JSON array of {system, code}. What each layer's releases say of exactly these codes.
SELECT a.layer, r.name AS release, c.system, c.code, c.title, c.parent, c.billable, c.active, c.names
FROM json_each(:ask) w
CROSS JOIN active_release a
CROSS JOIN concept c ON c.release = a.release AND c.system = w.value ->> 'system' AND c.code = w.value ->> 'code'
CROSS JOIN release r ON r.id = a.release
ORDER BY w.key, r.id DESC
