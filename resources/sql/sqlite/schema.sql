-- The library: releases of each layer, and what they hold. Every row carries its release.
CREATE TABLE IF NOT EXISTS release (
  id INTEGER PRIMARY KEY,
  layer TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Digest of the files it was built from: equal digest, nothing to rebuild.
  digest TEXT NOT NULL,
  built_on TEXT NOT NULL
) STRICT;

-- One row a layer: updating it is the swap, and the rollback.
CREATE TABLE IF NOT EXISTS active_release (
  layer TEXT PRIMARY KEY,
  release INTEGER NOT NULL REFERENCES release (id)
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
  PRIMARY KEY (system, code, release, target_system, target_code)
) STRICT, WITHOUT ROWID;
