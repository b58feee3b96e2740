-- :ask: JSON array of phrases. What each means, in any layer.
SELECT DISTINCT s.term, s.means, s.language
FROM json_each(:ask) w
CROSS JOIN active_release a
CROSS JOIN search_synonym s ON s.release = a.release AND s.term = w.value
ORDER BY w.key, s.means, s.language
