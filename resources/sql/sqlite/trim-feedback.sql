-- Of more than `most` entries those go that have not been said for longest; of a day's, those said least.
DELETE FROM feedback
WHERE (article, system, code, reason, language, remark) IN (
  SELECT article, system, code, reason, language, remark FROM feedback
  ORDER BY last_on DESC, count DESC, article, system, code, reason, language, remark
  LIMIT -1 OFFSET :most
);
