import type { ReleaseChange, ReleaseRecord } from '../core/model/library.js';
import { SqliteStatement, finishedFile, openSqlite, type SqliteFile } from '../store/sqlite/binding.js';

export type Changes = ReleaseRecord['changes'];

/** Maximum ids listed of added, changed and withdrawn records each; the counts are complete. */
const MAX_EXAMPLES = 20;

/** The ids of records that were added, changed and withdrawn, each sorted. */
type ChangedIds = Readonly<Record<'added' | 'changed' | 'withdrawn', readonly string[]>>;

/** Counts changed records and lists the first of them. */
export function toChange(ids: ChangedIds): ReleaseChange {
  const examples = Object.entries(ids).flatMap(([change, keys]) =>
    keys.slice(0, MAX_EXAMPLES).map((key) => `${change} ${key}`),
  );
  const { added, changed, withdrawn } = ids;
  return { added: added.length, changed: changed.length, withdrawn: withdrawn.length, examples };
}

/** Nothing has changed. */
export const NO_CHANGE = toChange({ added: [], changed: [], withdrawn: [] });

/** The compared release files, by the names under which they are attached. */
type Side = 'before' | 'after';

/** The records of a release, each with everything whose change counts. */
const THINGS: Readonly<Record<keyof Required<Changes>, (of: Side) => string>> = {
  articles: (of) => `
    SELECT id AS key, string_agg(part, '|' ORDER BY part) AS state
    FROM (
      SELECT id, facts AS part FROM ${of}.article
      UNION ALL
      SELECT article, language || facts FROM ${of}.article_text
    )
    GROUP BY id`,
  mappings: (of) => `
    SELECT system || ' ' || code AS key,
      string_agg(article || relationship || rank || coalesce(sensitivity, ''), '|' ORDER BY article) AS state
    FROM ${of}.mapping
    GROUP BY system, code`,
  crosswalks: (of) => `
    SELECT system || ' ' || code AS key,
      string_agg(target_system || ' ' || target_code || ' ' || relationship, '|' ORDER BY target_system, target_code) AS state
    FROM ${of}.crosswalk
    GROUP BY system, code`,
  concepts: (of) => `
    SELECT system || ' ' || code AS key, title || '|' || coalesce(parent, '') || active || coalesce(billable, '') || names AS state
    FROM ${of}.concept`,
  leaflets: (of) => `SELECT set_id AS key, facts || length(texts) AS state FROM ${of}.leaflet`,
};

/** True if a release has leaflets. */
function hasLeaflets(db: SqliteFile, side: Side): boolean {
  return new SqliteStatement(db, `SELECT 1 FROM ${side}.sqlite_master WHERE name = 'leaflet'`).all().length > 0;
}

/** Attaches finished release files to a temporary database while a query runs. */
export function onReleases<T>(files: Partial<Record<Side, string>>, ask: (db: SqliteFile) => T): T {
  const db = openSqlite(':memory:', { mode: 'create', lockWaitMs: 0 });
  try {
    for (const [side, path] of Object.entries(files)) db.prepare(`ATTACH ? AS ${side}`).run(finishedFile(path).href);
    return ask(db);
  } finally {
    db.close();
  }
}

function selectFirst(db: SqliteFile, kind: keyof Changes): ReleaseChange {
  const things = `FROM (${THINGS[kind]('after')})`;
  const [counted] = new SqliteStatement(db, `SELECT count(*) AS n ${things}`).all<{ n: number }>();
  const first = new SqliteStatement(db, `SELECT key ${things} ORDER BY key LIMIT ${MAX_EXAMPLES}`).all<{
    key: string;
  }>();
  return { added: counted?.n ?? 0, changed: 0, withdrawn: 0, examples: first.map(({ key }) => `added ${key}`) };
}

function countChange(db: SqliteFile, kind: keyof Changes): ReleaseChange {
  const differing = (of: Side, other: Side): Set<string> => {
    const sides = `${THINGS[kind](of)} EXCEPT ${THINGS[kind](other)}`;
    const rows = new SqliteStatement(db, `SELECT key FROM (${sides}) ORDER BY key`).all<{ key: string }>();
    return new Set(rows.map(({ key }) => key));
  };
  const [now, then] = [differing('after', 'before'), differing('before', 'after')];
  const added = [...now].filter((key) => !then.has(key));
  const changed = [...now].filter((key) => then.has(key));
  const withdrawn = [...then].filter((key) => !now.has(key));
  return toChange({ added, changed, withdrawn });
}

/** Counts changed leaflets, if a release has any. */
function countLeaflets(db: SqliteFile, hasBefore: boolean): Pick<Changes, 'leaflets'> {
  if (!hasLeaflets(db, 'after')) return {};
  const isCompared = hasBefore && hasLeaflets(db, 'before');
  return { leaflets: isCompared ? countChange(db, 'leaflets') : selectFirst(db, 'leaflets') };
}

/**
 * Counts what a release added, changed and withdrew against the previous one; in the first release of a source
 * everything is added.
 * @param before path of its file; undefined: there was none
 */
export function countChanges(before: string | undefined, after: string): Changes {
  return onReleases({ after, ...(before === undefined ? {} : { before }) }, (db) => {
    const of = (kind: keyof Changes): ReleaseChange =>
      before === undefined ? selectFirst(db, kind) : countChange(db, kind);
    return {
      articles: of('articles'),
      mappings: of('mappings'),
      crosswalks: of('crosswalks'),
      concepts: of('concepts'),
      ...countLeaflets(db, before !== undefined),
    };
  });
}
