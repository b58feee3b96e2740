-- :ask: {terms: JSON array, prefix: text or null, most}. Exactly these terms in every index; and of each index those terms
-- that begin with the prefix (the range from the prefix to the last text that has it), those of most documents first.
WITH
  wanted AS (
    SELECT t.release, t.id
    FROM json_each(:ask, '$.terms') w
    CROSS JOIN active_release a
    CROSS JOIN search_term t ON t.release = a.release AND t.term = w.value
    UNION
    SELECT a.release, w.value
    FROM active_release a
    CROSS JOIN
      json_each(
        (
          SELECT json_group_array(id)
          FROM (
            SELECT t.id
            FROM search_term t
            WHERE t.release = a.release AND t.term > :ask ->> 'prefix' AND t.term < (:ask ->> 'prefix') || char(1114111)
            ORDER BY t.documents DESC, t.term
            LIMIT :ask ->> 'most'
          )
        )
      ) w
  )
SELECT t.release, t.term, t.documents, t.postings
FROM wanted
CROSS JOIN search_term t USING (release, id)
ORDER BY t.release, t.id
