-- $1: {terms: JSON array, prefix: text or null, most}. Exactly these terms in every index; and of each index those terms
-- that begin with the prefix (the range from the prefix to the last text that has it), those of most documents first.
-- `OFFSET 0` keeps a subquery by itself: each key is looked up by its index, whatever number of keys the planner guesses.
WITH
  wanted AS (
    SELECT t.release, t.id
    FROM jsonb_array_elements_text($1::jsonb -> 'terms') AS w (term)
    CROSS JOIN active_release a
    CROSS JOIN LATERAL (SELECT * FROM search_term WHERE release = a.release AND term = w.term OFFSET 0) t
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
CROSS JOIN LATERAL (SELECT * FROM search_term WHERE release = wanted.release AND id = wanted.id OFFSET 0) t
ORDER BY t.release, t.id
