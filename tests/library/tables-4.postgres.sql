-- The library: releases of each layer and source, and what they hold. Every row carries its release. Texts are compared
-- by their bytes, as the program and SQLite do, whatever the database's own language is.
CREATE TABLE IF NOT EXISTS release (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  layer TEXT COLLATE "C" NOT NULL,
  -- What it was made from: `starter`, `local`, or an importer's name. Each source has one active release at most.
  source TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  -- Digest of the files it was built from: equal digest, nothing to rebuild.
  digest TEXT COLLATE "C" NOT NULL,
  built_on TEXT COLLATE "C" NOT NULL,
  -- `writing`, `ready` (whole: active now or kept for a rollback) or `gone` (replaced; of its rows those of
  -- articles alone are here that no later release of its source has).
  state TEXT COLLATE "C" NOT NULL,
  -- Who writes it, as "host:process", and when it last wrote (milliseconds since 1970): a dead writer's rows are cleared.
  writer TEXT COLLATE "C" NOT NULL,
  touched_at BIGINT NOT NULL,
  -- When it became active (ISO 8601); null until then.
  activated_at TEXT COLLATE "C",
  -- JSON: counts, the code systems it holds whole, and what changed against its predecessor.
  content TEXT COLLATE "C" NOT NULL
);

-- One row a source: updating it is the swap, and the rollback.
CREATE TABLE IF NOT EXISTS active_release (
  layer TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  release INTEGER NOT NULL REFERENCES release (id),
  PRIMARY KEY (layer, source)
);

CREATE UNIQUE INDEX IF NOT EXISTS active_release_by_release ON active_release (release, layer);

CREATE TABLE IF NOT EXISTS publisher (
  release INTEGER NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  facts TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (release, id)
);

CREATE TABLE IF NOT EXISTS article (
  release INTEGER NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  facts TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (id, release)
);

CREATE TABLE IF NOT EXISTS article_text (
  release INTEGER NOT NULL,
  article TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  facts TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (article, language, release)
);

CREATE TABLE IF NOT EXISTS mapping (
  release INTEGER NOT NULL,
  system TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  -- Empty in a row that says `none`.
  article TEXT COLLATE "C" NOT NULL,
  relationship TEXT COLLATE "C" NOT NULL,
  rank INTEGER NOT NULL,
  sensitivity TEXT COLLATE "C",
  origin TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (system, code, release, article)
);

CREATE INDEX IF NOT EXISTS mapping_by_article ON mapping (article, release);

CREATE TABLE IF NOT EXISTS crosswalk (
  release INTEGER NOT NULL,
  system TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  target_system TEXT COLLATE "C" NOT NULL,
  target_code TEXT COLLATE "C" NOT NULL,
  -- What the target is to the code: equivalent, broader, narrower, related.
  relationship TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (system, code, release, target_system, target_code)
);

-- The way back, for a reverse translation.
CREATE INDEX IF NOT EXISTS crosswalk_by_target ON crosswalk (target_system, target_code);

CREATE TABLE IF NOT EXISTS concept (
  release INTEGER NOT NULL,
  system TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  parent TEXT COLLATE "C",
  -- 1 and 0 where the system tells codes for billing from headings; null elsewhere.
  billable INTEGER,
  active INTEGER NOT NULL,
  -- JSON array of other names.
  names TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (release, system, code)
);

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
);

CREATE TABLE IF NOT EXISTS search_document (
  release INTEGER NOT NULL,
  document INTEGER NOT NULL,
  -- Null for an article; `drug-name` for a drug's name.
  system TEXT COLLATE "C",
  -- An article's id, or a code.
  key TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (release, document)
);

CREATE TABLE IF NOT EXISTS search_term (
  release INTEGER NOT NULL,
  id INTEGER NOT NULL,
  term TEXT COLLATE "C" NOT NULL,
  -- Its commonest spelling.
  word TEXT COLLATE "C" NOT NULL,
  -- In how many documents.
  documents INTEGER NOT NULL,
  postings BYTEA NOT NULL,
  PRIMARY KEY (release, id)
);

-- Finds a term, and those of a prefix with their weights, without reading postings.
CREATE INDEX IF NOT EXISTS search_term_by_term ON search_term (release, term, documents);

CREATE TABLE IF NOT EXISTS search_gram (
  release INTEGER NOT NULL,
  gram TEXT COLLATE "C" NOT NULL,
  -- Packed ids of terms, each with the length of its sound.
  terms BYTEA NOT NULL,
  PRIMARY KEY (release, gram)
);

CREATE TABLE IF NOT EXISTS search_synonym (
  release INTEGER NOT NULL,
  -- Terms divided by blanks.
  term TEXT COLLATE "C" NOT NULL,
  means TEXT COLLATE "C" NOT NULL,
  -- Language of the term.
  language TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (release, term, means)
);
-- What a site has written itself: every version of every resource, in the order of writing. Never cleared: it is the only
-- place where it stands.
CREATE TABLE written_version (
  sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  type TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  version INTEGER NOT NULL,
  -- POST, PUT or DELETE.
  method TEXT COLLATE "C" NOT NULL,
  -- ISO 8601 instant.
  written_at TEXT COLLATE "C" NOT NULL,
  -- The resource as JSON; null where it was deleted.
  content TEXT COLLATE "C",
  UNIQUE (type, id, version)
);

-- The version of each resource that counts now, and the rows (JSON) that it adds to the layer `written`; null where deleted.
CREATE TABLE written_resource (
  type TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  version INTEGER NOT NULL,
  rows TEXT COLLATE "C",
  PRIMARY KEY (type, id)
);
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
