import type Database from 'better-sqlite3';
import type { ReleaseChange, ReleaseRecord } from '../../core/library.js';

export type Changes = ReleaseRecord['changes'];

/** Ids named for each kind of change; the counts count all. */
const MAX_EXAMPLES = 50;

/** What makes a thing of each kind: its key, and what of it counts as a change. */
const VIEWS: Readonly<Record<keyof Changes, string>> = {
  articles: `
    SELECT release, id AS key, group_concat(part, '|') AS state
    FROM (
      SELECT release, id, facts AS part FROM article WHERE release IN (:before, :after)
      UNION ALL
      SELECT release, article, language || facts FROM article_text WHERE release IN (:before, :after)
    )
    GROUP BY release, id`,
  mappings: `
    SELECT release, system || ' ' || code AS key, group_concat(part, '|') AS state
    FROM (
      SELECT release, system, code, article || relationship || rank || coalesce(sensitivity, '') AS part
      FROM mapping WHERE release IN (:before, :after)
      ORDER BY system, code, rank, article
    )
    GROUP BY release, system, code`,
  concepts: `
    SELECT release, system || ' ' || code AS key, title || '|' || coalesce(parent, '') || active AS state
    FROM concept WHERE release IN (:before, :after)`,
};

const compareOf = (view: string): string => `
  WITH thing AS (${view}),
    old AS (SELECT key, state FROM thing WHERE release = :before),
    new AS (SELECT key, state FROM thing WHERE release = :after)
  SELECT new.key AS key, CASE WHEN old.key IS NULL THEN 'added' ELSE 'changed' END AS change
  FROM new LEFT JOIN old ON old.key = new.key
  WHERE old.key IS NULL OR old.state <> new.state
  UNION ALL
  SELECT old.key, 'withdrawn' FROM old LEFT JOIN new ON new.key = old.key WHERE new.key IS NULL`;

const COUNTS: Readonly<Record<keyof Changes, string>> = {
  articles: `SELECT count(*) AS n FROM (
    SELECT id FROM article WHERE release = ? UNION SELECT article FROM article_text WHERE release = ?)`,
  mappings: 'SELECT count(*) AS n FROM (SELECT DISTINCT system, code FROM mapping WHERE release = ? AND release = ?)',
  concepts: 'SELECT count(*) AS n FROM concept WHERE release = ? AND release = ?',
};

function changeOf(
  db: Database.Database,
  kind: keyof Changes,
  before: number | undefined,
  after: number,
): ReleaseChange {
  if (before === undefined) {
    const { n } = db.prepare(COUNTS[kind]).get(after, after) as { n: number };
    return { added: n, changed: 0, withdrawn: 0, examples: [] };
  }
  const rows = db.prepare(compareOf(VIEWS[kind])).all({ before, after }) as { key: string; change: string }[];
  const count = (change: string): number => rows.filter((row) => row.change === change).length;
  return {
    added: count('added'),
    changed: count('changed'),
    withdrawn: count('withdrawn'),
    examples: rows.slice(0, MAX_EXAMPLES).map(({ key, change }) => `${change} ${key}`),
  };
}

/** What a release added, changed and withdrew against the one before it; the first release of a source added all it holds. */
export function changesBetween(db: Database.Database, before: number | undefined, after: number): Changes {
  return {
    articles: changeOf(db, 'articles', before, after),
    mappings: changeOf(db, 'mappings', before, after),
    concepts: changeOf(db, 'concepts', before, after),
  };
}
