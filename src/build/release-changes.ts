import type { ReleaseChange, ReleaseRecord } from '../core/library.js';
import type { Queries } from '../store/connection.js';

export type Changes = ReleaseRecord['changes'];

/** Ids named of what was added, of what was changed and of what was withdrawn; the counts count all. */
const MAX_EXAMPLES = 20;

/** The things of a release, each with all that counts as a change of it. */
const THINGS: Readonly<Record<keyof Changes, string>> = {
  articles: `
    SELECT id AS key, string_agg(part, '|' ORDER BY part) AS state
    FROM (
      SELECT id, facts AS part FROM article WHERE release = $1
      UNION ALL
      SELECT article, language || facts FROM article_text WHERE release = $1
    ) AS parts
    GROUP BY id`,
  mappings: `
    SELECT system || ' ' || code AS key, string_agg(part, '|' ORDER BY part) AS state
    FROM (
      SELECT system, code, article || relationship || rank || coalesce(sensitivity, '') AS part
      FROM mapping WHERE release = $1
    ) AS parts
    GROUP BY system, code`,
  crosswalks: `
    SELECT system || ' ' || code AS key, string_agg(part, '|' ORDER BY part) AS state
    FROM (
      SELECT system, code, target_system || ' ' || target_code || ' ' || relationship AS part
      FROM crosswalk WHERE release = $1
    ) AS parts
    GROUP BY system, code`,
  concepts: `
    SELECT system || ' ' || code AS key, title || '|' || coalesce(parent, '') || active || coalesce(CAST(billable AS TEXT), '') || names AS state
    FROM concept WHERE release = $1`,
};

async function firstOf(db: Queries, kind: keyof Changes, release: number): Promise<ReleaseChange> {
  const things = `FROM (${THINGS[kind]}) AS things`;
  const [counted] = await db.all<{ n: number }>(`SELECT count(*) AS n ${things}`, release);
  const first = await db.all<{ key: string }>(`SELECT key ${things} ORDER BY key LIMIT ${MAX_EXAMPLES}`, release);
  return { added: counted?.n ?? 0, changed: 0, withdrawn: 0, examples: first.map(({ key }) => `added ${key}`) };
}

async function changeOf(
  db: Queries,
  kind: keyof Changes,
  before: number | undefined,
  after: number,
): Promise<ReleaseChange> {
  if (before === undefined) return firstOf(db, kind, after);
  const differing = async (release: number, other: number): Promise<Set<string>> => {
    const sides = `${THINGS[kind]} EXCEPT ${THINGS[kind].replaceAll('$1', '$2')}`;
    const rows = await db.all<{ key: string }>(`SELECT key FROM (${sides}) AS sides ORDER BY key`, release, other);
    return new Set(rows.map(({ key }) => key));
  };
  const now = await differing(after, before);
  const then = await differing(before, after);
  const added = [...now].filter((key) => !then.has(key));
  const changed = [...now].filter((key) => then.has(key));
  const withdrawn = [...then].filter((key) => !now.has(key));
  const named = { added, changed, withdrawn };
  const examples = Object.entries(named).flatMap(([change, keys]) =>
    keys.slice(0, MAX_EXAMPLES).map((key) => `${change} ${key}`),
  );
  return {
    added: added.length,
    changed: changed.length,
    withdrawn: withdrawn.length,
    examples,
  };
}

/** What a release added, changed and withdrew against the one before it; the first release of a source added all it holds. */
export async function changesBetween(db: Queries, before: number | undefined, after: number): Promise<Changes> {
  return {
    articles: await changeOf(db, 'articles', before, after),
    mappings: await changeOf(db, 'mappings', before, after),
    crosswalks: await changeOf(db, 'crosswalks', before, after),
    concepts: await changeOf(db, 'concepts', before, after),
  };
}
