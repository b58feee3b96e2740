-- A release: one finished file, named by the digest of its bytes and never written again (decision 050).
-- One row of JSON: what the file says of itself (src/catalogue/releases/release-facts.ts).
CREATE TABLE facts (facts TEXT NOT NULL) STRICT;

CREATE TABLE publisher (
  id TEXT PRIMARY KEY,
  facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE article (
  id TEXT PRIMARY KEY,
  facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE article_text (
  article TEXT NOT NULL,
  language TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (article, language)
) STRICT, WITHOUT ROWID;

-- What earlier releases of the same source said last, and this one no longer says.
CREATE TABLE last_known (
  -- `text`, `article` or `publisher`.
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  -- Empty but for a text.
  language TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (kind, id, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE mapping (
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  -- Empty in a row that says `none`.
  article TEXT NOT NULL,
  relationship TEXT NOT NULL,
  rank INTEGER NOT NULL,
  sensitivity TEXT,
  origin TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (system, code, article)
) STRICT, WITHOUT ROWID;

-- The codes of an article.
CREATE INDEX mapping_by_article ON mapping (article);

CREATE TABLE crosswalk (
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  target_system TEXT NOT NULL,
  target_code TEXT NOT NULL,
  -- What the target is to the code: equivalent, broader, narrower, related.
  relationship TEXT NOT NULL,
  PRIMARY KEY (system, code, target_system, target_code)
) STRICT, WITHOUT ROWID;

-- The way back, for a reverse translation.
CREATE INDEX crosswalk_by_target ON crosswalk (target_system, target_code);

CREATE TABLE concept (
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  parent TEXT,
  -- 1 and 0 where the system tells codes for billing from headings; null elsewhere.
  billable INTEGER,
  active INTEGER NOT NULL,
  -- JSON array of other names.
  names TEXT NOT NULL,
  PRIMARY KEY (system, code)
) STRICT, WITHOUT ROWID;

CREATE INDEX concept_by_parent ON concept (system, parent);

-- Text search. Documents are numbered from 0: articles, then drug names, then concepts; lists of numbers are packed as
-- src/core/packed-list.ts says.
CREATE TABLE search_document (
  document INTEGER PRIMARY KEY,
  -- Null for an article; `drug-name` for a drug's name.
  system TEXT,
  -- An article's id, or a code.
  key TEXT NOT NULL
) STRICT;

CREATE TABLE search_term (
  id INTEGER PRIMARY KEY,
  term TEXT NOT NULL,
  -- Its commonest spelling.
  word TEXT NOT NULL,
  -- In how many documents.
  documents INTEGER NOT NULL,
  postings BLOB NOT NULL
) STRICT;

-- Finds a term, and those of a prefix with their weights, without reading postings.
CREATE INDEX search_term_by_term ON search_term (term, documents);

CREATE TABLE search_gram (
  gram TEXT PRIMARY KEY,
  -- Packed ids of terms, each with the length of its sound.
  terms BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The words of summaries (src/core/search/summary-words.ts), an index of their own.
CREATE TABLE summary_document (
  -- From 0, by article and language.
  document INTEGER PRIMARY KEY,
  article TEXT NOT NULL,
  language TEXT NOT NULL,
  -- Of its words; null: that of the release.
  day TEXT
) STRICT;

CREATE TABLE summary_term (
  term TEXT PRIMARY KEY,
  -- Packed, each with how often the word is there.
  postings BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE search_synonym (
  -- Terms divided by blanks.
  term TEXT NOT NULL,
  means TEXT NOT NULL,
  -- Language of the term.
  language TEXT NOT NULL,
  PRIMARY KEY (term, means)
) STRICT, WITHOUT ROWID;
