-- Publishers as each release that was once in use names them, what was in use last at the end.
SELECT p.id, p.facts
FROM publisher p
JOIN release r ON r.id = p.release
WHERE :ask IS NOT NULL AND r.activated_at IS NOT NULL
ORDER BY r.activated_at, r.id
