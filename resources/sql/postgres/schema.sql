-- What is in use, and the files of releases (resources/sql/release.sql, decision 050), which each machine fetches. Texts are compared by
-- their bytes, as the program and SQLite do, whatever the database's own language is.
CREATE TABLE IF NOT EXISTS release (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  layer TEXT COLLATE "C" NOT NULL,
  -- What it was made from: `starter`, `local`, `written`, or an importer's name. Each source has one active release at most.
  source TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  -- Digest of the files it was built from: equal digest, nothing to rebuild.
  digest TEXT COLLATE "C" NOT NULL,
  built_on TEXT COLLATE "C" NOT NULL,
  -- `ready` (in use, or kept for a rollback) or `gone`.
  state TEXT COLLATE "C" NOT NULL,
  -- When it became active (ISO 8601); null until then.
  activated_at TEXT COLLATE "C",
  -- JSON: counts, the code systems it holds whole, and what changed against its predecessor.
  content TEXT COLLATE "C" NOT NULL,
  -- SHA-256 of its file, in hexadecimal; empty where it is gone.
  file TEXT COLLATE "C" NOT NULL,
  bytes BIGINT NOT NULL
);

-- One row a source: updating it is the swap, and the rollback.
CREATE TABLE IF NOT EXISTS active_release (
  layer TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  release INTEGER NOT NULL REFERENCES release (id),
  PRIMARY KEY (layer, source)
);

-- The bytes of release files, in order.
CREATE TABLE IF NOT EXISTS release_part (
  file TEXT COLLATE "C" NOT NULL,
  part INTEGER NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (file, part)
);

-- A file is compressed already as far as it pays: PostgreSQL need not try.
ALTER TABLE release_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
