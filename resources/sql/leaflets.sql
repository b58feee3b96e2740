-- Drugs' own leaflets (decision 110): part of a release only if it has any.
CREATE TABLE IF NOT EXISTS leaflet (
  set_id TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  -- JSON of HTML by language, deflated.
  texts BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS leaflet_code (
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  -- From 1: the order in which they are chosen.
  rank INTEGER NOT NULL,
  -- Empty where the code has none.
  set_id TEXT NOT NULL,
  maker TEXT NOT NULL,
  -- Why the code has none.
  reason TEXT,
  PRIMARY KEY (system, code, rank)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS leaflet_code_set_id ON leaflet_code (set_id);
