-- $1: JSON array of phrases. What each means, in any layer.
SELECT term, means, language
FROM (
  SELECT DISTINCT w.place, s.term, s.means, s.language
  FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS w (term, place)
  CROSS JOIN active_release a
  JOIN search_synonym s ON s.release = a.release AND s.term = w.term
) AS found
ORDER BY place, means, language
