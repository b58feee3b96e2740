import type Database from 'better-sqlite3';
import type { ReleaseChange, ReleaseRecord } from '../../core/library.js';

export type Changes = ReleaseRecord['changes'];

/** Ids named of what was added, of what was changed and of what was withdrawn; the counts count all. */
const MAX_EXAMPLES = 20;

/** The things of a release, each with all that counts as a change of it. */
const THINGS: Readonly<Record<keyof Changes, string>> = {
  articles: `
    SELECT id AS key, group_concat(part, '|') AS state
    FROM (
      SELECT id, facts AS part FROM article WHERE release = :release
      UNION ALL
      SELECT article, language || facts FROM article_text WHERE release = :release
    )
    GROUP BY id`,
  mappings: `
    SELECT system || ' ' || code AS key, group_concat(part, '|') AS state
    FROM (
      SELECT system, code, article || relationship || rank || coalesce(sensitivity, '') AS part
      FROM mapping WHERE release = :release
      ORDER BY system, code, rank, article
    )
    GROUP BY system, code`,
  crosswalks: `
    SELECT system || ' ' || code AS key, group_concat(part, '|') AS state
    FROM (
      SELECT system, code, target_system || ' ' || target_code || ' ' || relationship AS part
      FROM crosswalk WHERE release = :release
      ORDER BY system, code, target_system, target_code
    )
    GROUP BY system, code`,
  concepts: `
    SELECT system || ' ' || code AS key, title || '|' || coalesce(parent, '') || active || coalesce(billable, '') || names AS state
    FROM concept WHERE release = :release`,
};

function changeOf(
  db: Database.Database,
  kind: keyof Changes,
  before: number | undefined,
  after: number,
): ReleaseChange {
  if (before === undefined) {
    const things = `FROM (${THINGS[kind]})`;
    const added = db.prepare(`SELECT count(*) ${things}`).pluck().get({ release: after }) as number;
    const first = db.prepare(`SELECT key ${things} LIMIT ${MAX_EXAMPLES}`).pluck();
    const keys = first.all({ release: after }) as string[];
    return { added, changed: 0, withdrawn: 0, examples: keys.map((key) => `added ${key}`) };
  }
  const differing = (release: number, other: number): Set<string> => {
    const sides = `${THINGS[kind].replaceAll(':release', ':left')} EXCEPT ${THINGS[kind].replaceAll(':release', ':right')}`;
    return new Set(db.prepare(`SELECT key FROM (${sides})`).pluck().all({ left: release, right: other }) as string[]);
  };
  const now = differing(after, before);
  const then = differing(before, after);
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
export function changesBetween(db: Database.Database, before: number | undefined, after: number): Changes {
  return {
    articles: changeOf(db, 'articles', before, after),
    mappings: changeOf(db, 'mappings', before, after),
    crosswalks: changeOf(db, 'crosswalks', before, after),
    concepts: changeOf(db, 'concepts', before, after),
  };
}
