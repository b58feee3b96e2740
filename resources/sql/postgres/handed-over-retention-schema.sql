-- Entries that have outlived their retention (decision 059), by how long the record had been in use when they were marked, milliseconds.
CREATE TABLE handed_over_mark (
  entry TEXT COLLATE "C" PRIMARY KEY,
  ran_ms BIGINT NOT NULL
);

-- The record's own time: what the clock was at the last pass of retention, and how long servers have run with the record.
CREATE TABLE handed_over_clock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seen_at TEXT COLLATE "C" NOT NULL,
  ran_ms BIGINT NOT NULL
);

-- What was erased on request: no patient, the ids of entries alone.
CREATE TABLE handed_over_erasure (
  sequence BIGINT PRIMARY KEY,
  at TEXT COLLATE "C" NOT NULL,
  erased_by TEXT COLLATE "C" NOT NULL,
  -- entry, or patient: all entries of one.
  subject TEXT COLLATE "C" NOT NULL,
  -- A JSON list of UUIDs.
  entries TEXT COLLATE "C" NOT NULL
);
