-- What was said again since it was listed has another count, and stays.
DELETE FROM feedback
WHERE article = :article AND system = :system AND code = :code AND reason = :reason AND language = :language
  AND remark = :remark AND count = :count;
