-- $1: {terms: JSON array, prefix: text or null, most}. Exactly these terms in every index; and of each index those terms
-- that begin with the prefix (the range from the prefix to the last text that has it), those of most documents first.
WITH
  wanted AS (
    SELECT t.release, t.id
    FROM jsonb_array_elements_text($1::jsonb -> 'terms') AS w (term)
    CROSS JOIN active_release a
    JOIN search_term t ON t.release = a.release AND t.term = w.term
    UNION
    SELECT a.release, b.id
    FROM active_release a
    CROSS JOIN LATERAL (
      SELECT t.id
      FROM search_term t
      WHERE t.release = a.release
        AND t.term > $1::jsonb ->> 'prefix'
        AND t.term < ($1::jsonb ->> 'prefix') || chr(1114111)
      ORDER BY t.documents DESC, t.term
      LIMIT ($1::jsonb ->> 'most')::integer
    ) b
  )
SELECT t.release, t.term, t.documents, t.postings
FROM wanted
JOIN search_term t USING (release, id)
ORDER BY t.release, t.id
