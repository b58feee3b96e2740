-- :ask: JSON array of {system, code}. What each layer's releases say of the codes that are right below each in any release.
WITH
  below AS (
    SELECT DISTINCT w.key AS input, c.system, c.code
    FROM json_each(:ask) w
    CROSS JOIN active_release a
    CROSS JOIN concept c ON c.release = a.release AND c.system = w.value ->> 'system' AND c.parent = w.value ->> 'code'
  )
SELECT b.input, a.layer, r.name AS release, c.system, c.code, c.title, c.parent, c.billable, c.active, c.names
FROM below b
CROSS JOIN active_release a
CROSS JOIN concept c ON c.release = a.release AND c.system = b.system AND c.code = b.code
CROSS JOIN release r ON r.id = a.release
ORDER BY b.input, c.code, r.id DESC
