import { setImmediate } from 'node:timers/promises';
import { FORMAT_BEFORE, reportsWithdrawn } from '../catalogue/releases/release-facts.js';
import type { Connection, Value } from '../store/connection.js';
import { hasFile, listReleases, removeStoredFile, storeFile, type StoredRelease } from '../store/release-store.js';
import { openSqlite, readPragma } from '../store/sqlite/binding.js';
import { ReleaseDraft, type DraftTable } from './release-draft.js';

/**
 * The tables with the rows of all releases, before releases became files: key without the release, then the other
 * columns.
 */
const OLD_TABLES = {
  publisher: { key: ['id'], others: ['facts'] },
  article: { key: ['id'], others: ['facts'] },
  article_text: { key: ['article', 'language'], others: ['facts'] },
  mapping: {
    key: ['system', 'code', 'article'],
    others: ['relationship', 'rank', 'sensitivity', 'origin', 'note'],
  },
  crosswalk: { key: ['system', 'code', 'target_system', 'target_code'], others: ['relationship'] },
  concept: { key: ['system', 'code'], others: ['title', 'parent', 'billable', 'active', 'names'] },
  search_synonym: { key: ['term', 'means'], others: ['language'] },
} as const satisfies Partial<Record<DraftTable, { key: readonly string[]; others: readonly string[] }>>;

/** Index tables, which are rebuilt. */
const OLD_INDEXES = ['search_index', 'search_document', 'search_term', 'search_gram'];

const OLD_NAMES = Object.keys(OLD_TABLES) as (keyof typeof OLD_TABLES)[];
/** Rows per read. */
const ROWS = 2000;

/** A release's rows in a table, in batches. */
async function* readRows(db: Connection, table: keyof typeof OLD_TABLES, release: number): AsyncGenerator<Value[][]> {
  const { key, others } = OLD_TABLES[table];
  const columns = [...key, ...others];
  const marks = key.map((_column, index) => `$${index + 2}`).join(', ');
  for (let last: Value[] = key.map(() => ''); ;) {
    const rows = await db.all<Record<string, Value>>(
      `SELECT ${columns.join(', ')} FROM ${table} WHERE release = $1 AND (${key.join(', ')}) > (${marks})
       ORDER BY ${key.join(', ')} LIMIT ${ROWS}`,
      ...[release, ...last],
    );
    const end = rows.at(-1);
    if (!end) return;
    yield rows.map((row) => columns.map((column) => row[column] ?? null));
    last = key.map((column) => end[column] ?? null);
  }
}

/** The last content of the source's other releases that this one lacks: `kind`, id, language, facts. */
async function* readLastKnown(db: Connection, { id, layer, source }: StoredRelease): AsyncGenerator<Value[][]> {
  const of = (table: string, kind: string, key: string, language: string, isMissing: string): string => `
    SELECT '${kind}' AS kind, t.${key} AS id, ${language} AS language, t.facts
    FROM ${table} t JOIN release r ON r.id = t.release
    WHERE r.layer = $2 AND r.source = $3 AND r.id <> $1 AND r.activated_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM ${table} n WHERE n.release = $1 AND ${isMissing})
    ORDER BY r.activated_at, r.id`;
  const sameText = 'n.article = t.article AND n.language = t.language';
  for (const sql of [
    of('article_text', 'text', 'article', 't.language', sameText),
    of('article', 'article', 'id', "''", 'n.id = t.id'),
    of('publisher', 'publisher', 'id', "''", 'n.id = t.id'),
  ]) {
    const rows = await db.all<Record<'kind' | 'id' | 'language' | 'facts', Value>>(sql, id, layer, source);
    yield rows.map(({ kind, id: of, language, facts }) => [kind, of, language, facts]);
  }
}

async function convertTables(db: Connection, release: StoredRelease, draft: ReleaseDraft): Promise<void> {
  for (const table of OLD_NAMES) {
    for await (const rows of readRows(db, table, release.id)) await draft.insert(rows.map((row) => [table, row]));
  }
  if (reportsWithdrawn(release)) {
    for await (const rows of readLastKnown(db, release)) await draft.insert(rows.map((row) => ['last_known', row]));
  }
  await draft.index([]);
}

/** Puts the rows of a release in tables, or in a file of the format before, into a new file. */
async function convert(db: Connection, release: StoredRelease, resourcesDir: string): Promise<void> {
  const draft = new ReleaseDraft(db.releases.newPath(), resourcesDir);
  try {
    if (release.file === '') await convertTables(db, release, draft);
    else await draft.convert(db.releases.buildPath(release.file));
    draft.close();
    const finished = await db.releases.measure(draft.path);
    await db.releases.put(draft.path, finished);
    if (db.storesFiles) {
      await removeStoredFile(db, release);
      await storeFile(db, finished);
    }
    await db.run('UPDATE release SET file = $1, bytes = $2 WHERE id = $3', finished.file, finished.bytes, release.id);
  } finally {
    draft.discard();
  }
}
/** True if the file of a release is of the format before, and there. The starter is built anew from its files. */
function isOfFormatBefore(db: Connection, release: StoredRelease): boolean {
  if (!hasFile(release) || release.layer === 'starter' || !db.releases.has(release)) return false;
  const file = openSqlite(db.releases.buildPath(release.file), { mode: 'finished', lockWaitMs: 0 });
  try {
    return readPragma(file, 'user_version') === FORMAT_BEFORE;
  } catch {
    // A damaged file is named by those who read all of it.
    return false;
  } finally {
    file.close();
  }
}

/** Converts releases in one transaction: imported and written content stays in use, and withdrawn texts are reported as before. */
async function convertAll(
  db: Connection,
  resourcesDir: string,
  isOld: (release: StoredRelease) => boolean,
  work: () => Promise<void> = async () => undefined,
): Promise<void> {
  if (!(await listReleases(db)).some(isOld)) return;
  await db.transaction(async () => {
    // Another process may have converted it in the meantime.
    for (const release of (await listReleases(db)).filter(isOld)) await convert(db, release, resourcesDir);
    await work();
  });
}

/** Converts the releases that an older version of the program stored in tables to files, and drops the tables, once. */
export const convertReleases = (db: Connection, resourcesDir: string): Promise<void> =>
  convertAll(
    db,
    resourcesDir,
    (release) => hasFile(release) && release.file === '',
    async () => {
      await setImmediate();
      for (const table of [...OLD_NAMES, ...OLD_INDEXES]) await db.run(`DROP TABLE IF EXISTS ${table}`);
    },
  );

/** Converts release files of the format before, once; they are on this machine. */
export const convertFiles = (db: Connection, resourcesDir: string): Promise<void> =>
  convertAll(db, resourcesDir, (release) => isOfFormatBefore(db, release));
