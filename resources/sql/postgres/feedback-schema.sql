-- What readers of the page said of articles; no part of any release.
CREATE TABLE feedback (
  article TEXT COLLATE "C" NOT NULL,
  -- Empty, as the code is, where no code led to the article.
  system TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  remark TEXT COLLATE "C" NOT NULL,
  count INTEGER NOT NULL,
  -- ISO 8601 days.
  first_on TEXT COLLATE "C" NOT NULL,
  last_on TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (article, system, code, reason, language, remark)
);
