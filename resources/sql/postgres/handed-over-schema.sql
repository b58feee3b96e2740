-- What was given to patients (decision 059), an event a row, in the order of writing: patient data, and no part of any release. Nothing is
-- changed; rows go by retention, and by erasure on request.
CREATE TABLE handed_over (
  sequence BIGINT PRIMARY KEY,
  -- UUID of the entry that it is about; empty for a hold on all of a patient's.
  entry TEXT COLLATE "C" NOT NULL,
  -- given, error, delivery, hold or release.
  kind TEXT COLLATE "C" NOT NULL,
  -- ISO 8601 instant.
  at TEXT COLLATE "C" NOT NULL,
  -- The patient as the EHR refers to it, with its server's address; empty where none is known.
  patient TEXT COLLATE "C" NOT NULL,
  -- JSON.
  content TEXT COLLATE "C" NOT NULL
);
CREATE INDEX handed_over_entry ON handed_over (entry, sequence);
CREATE INDEX handed_over_patient ON handed_over (patient, sequence);
CREATE INDEX handed_over_time ON handed_over (kind, at);

-- The articles of each entry.
CREATE TABLE handed_over_item (
  entry TEXT COLLATE "C" NOT NULL,
  article TEXT COLLATE "C" NOT NULL,
  -- SHA-256 of the text; empty where the link alone was given.
  digest TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (entry, article)
);
CREATE INDEX handed_over_item_article ON handed_over_item (article);
CREATE INDEX handed_over_item_digest ON handed_over_item (digest);

-- The exact texts, each once: JSON.
CREATE TABLE handed_over_text (
  digest TEXT COLLATE "C" PRIMARY KEY,
  content TEXT COLLATE "C" NOT NULL
);
