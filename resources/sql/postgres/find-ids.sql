-- $1: a text as JSON. The ids of articles that begin with it: the range from the text to the last id that has it.
-- A layer may hold an article's facts, or one of its texts, alone.
SELECT id
FROM article
WHERE id >= ($1::jsonb #>> '{}')
  AND id < ($1::jsonb #>> '{}') || chr(1114111)
  AND release IN (SELECT release FROM active_release)
UNION
SELECT article
FROM article_text
WHERE article >= ($1::jsonb #>> '{}')
  AND article < ($1::jsonb #>> '{}') || chr(1114111)
  AND release IN (SELECT release FROM active_release)
ORDER BY id
