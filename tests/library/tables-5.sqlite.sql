-- The library: releases of each layer and source, and what they hold. Every row carries its release.
CREATE TABLE IF NOT EXISTS release (
  id INTEGER PRIMARY KEY,
  layer TEXT NOT NULL,
  -- What it was made from: `starter`, `local`, or an importer's name. Each source has one active release at most.
  source TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Digest of the files it was built from: equal digest, nothing to rebuild.
  digest TEXT NOT NULL,
  built_on TEXT NOT NULL,
  -- `writing`, `ready` (whole: active now or kept for a rollback) or `gone` (replaced; of its rows those of
  -- articles alone are here that no later release of its source has).
  state TEXT NOT NULL,
  -- Who writes it, as "host:process", and when it last wrote (milliseconds since 1970): a dead writer's rows are cleared.
  writer TEXT NOT NULL,
  touched_at INTEGER NOT NULL,
  -- When it became active (ISO 8601); null until then.
  activated_at TEXT,
  -- JSON: counts, the code systems it holds whole, and what changed against its predecessor.
  content TEXT NOT NULL
) STRICT;

-- One row a source: updating it is the swap, and the rollback.
CREATE TABLE IF NOT EXISTS active_release (
  layer TEXT NOT NULL,
  source TEXT NOT NULL,
  release INTEGER NOT NULL REFERENCES release (id),
  PRIMARY KEY (layer, source)
) STRICT;

CREATE UNIQUE INDEX IF NOT EXISTS active_release_by_release ON active_release (release, layer);

CREATE TABLE IF NOT EXISTS publisher (
  release INTEGER NOT NULL,
  id TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (release, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS article (
  release INTEGER NOT NULL,
  id TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (id, release)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS article_text (
  release INTEGER NOT NULL,
  article TEXT NOT NULL,
  language TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (article, language, release)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS mapping (
  release INTEGER NOT NULL,
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  -- Empty in a row that says `none`.
  article TEXT NOT NULL,
  relationship TEXT NOT NULL,
  rank INTEGER NOT NULL,
  sensitivity TEXT,
  origin TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (system, code, release, article)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS mapping_by_article ON mapping (article, release);

CREATE TABLE IF NOT EXISTS crosswalk (
  release INTEGER NOT NULL,
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  target_system TEXT NOT NULL,
  target_code TEXT NOT NULL,
  -- What the target is to the code: equivalent, broader, narrower, related.
  relationship TEXT NOT NULL,
  PRIMARY KEY (system, code, release, target_system, target_code)
) STRICT, WITHOUT ROWID;

-- The way back, for a reverse translation.
CREATE INDEX IF NOT EXISTS crosswalk_by_target ON crosswalk (target_system, target_code);

CREATE TABLE IF NOT EXISTS concept (
  release INTEGER NOT NULL,
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  parent TEXT,
  -- 1 and 0 where the system tells codes for billing from headings; null elsewhere.
  billable INTEGER,
  active INTEGER NOT NULL,
  -- JSON array of other names.
  names TEXT NOT NULL,
  PRIMARY KEY (release, system, code)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS concept_by_parent ON concept (release, system, parent);

-- Text search: an index for each release (src/build/index-release.ts). Documents are numbered from 0, articles
-- first, then drug names, then concepts; lists of numbers are packed as src/core/packed-list.ts says.
CREATE TABLE IF NOT EXISTS search_index (
  release INTEGER PRIMARY KEY,
  -- How it was made (INDEX_VERSION of src/core/text-index.ts).
  version INTEGER NOT NULL,
  documents INTEGER NOT NULL,
  -- Number of the first concept.
  concepts_from INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS search_document (
  release INTEGER NOT NULL,
  document INTEGER NOT NULL,
  -- Null for an article; `drug-name` for a drug's name.
  system TEXT,
  -- An article's id, or a code.
  key TEXT NOT NULL,
  PRIMARY KEY (release, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS search_term (
  release INTEGER NOT NULL,
  id INTEGER NOT NULL,
  term TEXT NOT NULL,
  -- Its commonest spelling.
  word TEXT NOT NULL,
  -- In how many documents.
  documents INTEGER NOT NULL,
  postings BLOB NOT NULL,
  PRIMARY KEY (release, id)
) STRICT, WITHOUT ROWID;

-- Finds a term, and those of a prefix with their weights, without reading postings.
CREATE INDEX IF NOT EXISTS search_term_by_term ON search_term (release, term, documents);

CREATE TABLE IF NOT EXISTS search_gram (
  release INTEGER NOT NULL,
  gram TEXT NOT NULL,
  -- Packed ids of terms, each with the length of its sound.
  terms BLOB NOT NULL,
  PRIMARY KEY (release, gram)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS search_synonym (
  release INTEGER NOT NULL,
  -- Terms divided by blanks.
  term TEXT NOT NULL,
  means TEXT NOT NULL,
  -- Language of the term.
  language TEXT NOT NULL,
  PRIMARY KEY (release, term, means)
) STRICT, WITHOUT ROWID;

-- What a site has written itself: every version of every resource, in the order of writing. Never cleared: it is the only
-- place where it stands.
CREATE TABLE IF NOT EXISTS written_version (
  sequence INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- POST, PUT or DELETE.
  method TEXT NOT NULL,
  -- ISO 8601 instant.
  written_at TEXT NOT NULL,
  -- The resource as JSON; null where it was deleted.
  content TEXT,
  UNIQUE (type, id, version)
) STRICT;

-- The version of each resource that counts now, and the rows (JSON) that it adds to the layer `written`; null where deleted.
CREATE TABLE IF NOT EXISTS written_resource (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  rows TEXT,
  PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;

-- What readers of the page said of articles; no part of any release.
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
