-- $1: JSON array of {system, code}. What each layer's releases say of exactly these codes.
SELECT a.layer, r.name AS release, c.system, c.code, c.title, c.parent, c.billable, c.active, c.names
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS w (coding, place)
CROSS JOIN active_release a
JOIN concept c ON c.release = a.release AND c.system = w.coding ->> 'system' AND c.code = w.coding ->> 'code'
JOIN release r ON r.id = a.release
ORDER BY w.place, r.id DESC
