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
