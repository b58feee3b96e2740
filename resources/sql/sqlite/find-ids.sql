-- :ask: a text as JSON. The ids of articles that begin with it: the range from the text to the last id that has it.
-- A layer may hold an article's facts, or one of its texts, alone.
SELECT id
FROM article
WHERE id >= (:ask ->> '$')
  AND id < (:ask ->> '$') || char(1114111)
  AND release IN (SELECT release FROM active_release)
UNION
SELECT article
FROM article_text
WHERE article >= (:ask ->> '$')
  AND article < (:ask ->> '$') || char(1114111)
  AND release IN (SELECT release FROM active_release)
ORDER BY id
