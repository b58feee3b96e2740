-- What readers of the page said of articles; no part of any release, and so of no version of the schema.
CREATE TABLE IF NOT EXISTS feedback (
  article TEXT NOT NULL,
  -- Empty, as the code is, where no code led to the article.
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  language TEXT NOT NULL,
  remark TEXT NOT NULL,
  count INTEGER NOT NULL,
  -- ISO 8601 days.
  first_on TEXT NOT NULL,
  last_on TEXT NOT NULL,
  PRIMARY KEY (article, system, code, reason, language, remark)
) STRICT, WITHOUT ROWID;
