-- What is in use, and what a site writes. Releases themselves are files of their own (resources/sql/release.sql, decision 050).
CREATE TABLE IF NOT EXISTS release (
  id INTEGER PRIMARY KEY,
  layer TEXT NOT NULL,
  -- What it was made from: `starter`, `local`, `written`, or an importer's name. Each source has one active release at most.
  source TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Digest of the files it was built from: equal digest, nothing to rebuild.
  digest TEXT NOT NULL,
  built_on TEXT NOT NULL,
  -- `ready` (in use, or kept for a rollback) or `gone`.
  state TEXT NOT NULL,
  -- When it became active (ISO 8601); null until then.
  activated_at TEXT,
  -- JSON: counts, the code systems it holds whole, and what changed against its predecessor.
  content TEXT NOT NULL,
  -- SHA-256 of its file, in hexadecimal; empty where it is gone.
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;

-- One row a source: updating it is the swap, and the rollback.
CREATE TABLE IF NOT EXISTS active_release (
  layer TEXT NOT NULL,
  source TEXT NOT NULL,
  release INTEGER NOT NULL REFERENCES release (id),
  PRIMARY KEY (layer, source)
) STRICT;

-- The bytes of release files that are not in the folder of this machine: those of a backup.
CREATE TABLE IF NOT EXISTS release_part (
  file TEXT NOT NULL,
  part INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (file, part)
) STRICT;

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

-- What was given to patients (decision 059), an event a row, in the order of writing: patient data, and no part of any release. Nothing is
-- changed; rows go by retention, and by erasure on request.
CREATE TABLE IF NOT EXISTS handed_over (
  sequence INTEGER PRIMARY KEY,
  -- UUID of the entry that it is about; empty for a hold on all of a patient's.
  entry TEXT NOT NULL,
  -- given, error, delivery, hold or release.
  kind TEXT NOT NULL,
  -- ISO 8601 instant.
  at TEXT NOT NULL,
  -- The patient as the EHR refers to it, with its server's address; empty where none is known.
  patient TEXT NOT NULL,
  -- JSON.
  content TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS handed_over_entry ON handed_over (entry, sequence);
CREATE INDEX IF NOT EXISTS handed_over_patient ON handed_over (patient, sequence);
CREATE INDEX IF NOT EXISTS handed_over_time ON handed_over (kind, at);

-- The articles of each entry.
CREATE TABLE IF NOT EXISTS handed_over_item (
  entry TEXT NOT NULL,
  article TEXT NOT NULL,
  -- SHA-256 of the text; empty where the link alone was given.
  digest TEXT NOT NULL,
  PRIMARY KEY (entry, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS handed_over_item_article ON handed_over_item (article);
CREATE INDEX IF NOT EXISTS handed_over_item_digest ON handed_over_item (digest);

-- The exact texts, each once: JSON.
CREATE TABLE IF NOT EXISTS handed_over_text (
  digest TEXT PRIMARY KEY,
  content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Entries that have outlived their retention (decision 059), by how long the record had been in use when they were marked, milliseconds.
CREATE TABLE IF NOT EXISTS handed_over_mark (
  entry TEXT PRIMARY KEY,
  ran_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The record's own time: what the clock was at the last pass of retention, and how long servers have run with the record.
CREATE TABLE IF NOT EXISTS handed_over_clock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seen_at TEXT NOT NULL,
  ran_ms INTEGER NOT NULL
) STRICT;

-- What was erased on request: no patient, the ids of entries alone.
CREATE TABLE IF NOT EXISTS handed_over_erasure (
  sequence INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  erased_by TEXT NOT NULL,
  -- entry, or patient: all entries of one.
  subject TEXT NOT NULL,
  -- A JSON list of UUIDs.
  entries TEXT NOT NULL
) STRICT;
