-- One thing that was said; said again, it is counted up.
INSERT INTO feedback (article, system, code, reason, language, remark, count, first_on, last_on)
VALUES (:article, :system, :code, :reason, :language, :remark, 1, :day, :day)
ON CONFLICT (article, system, code, reason, language, remark) DO UPDATE SET
  count = count + 1,
  last_on = max(last_on, excluded.last_on);
