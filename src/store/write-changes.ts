import { codingKey } from '../core/codes/concept.js';
import type { ErrorCode } from '../core/errors.js';
import { RequestError } from '../core/errors.js';
import type {
  AppliedVersion,
  WrittenArticle,
  WrittenChange,
  WrittenRows,
  WrittenVersion,
} from '../core/model/written-store.js';
import type { StatedMapping } from '../core/codes/terminology-index.js';
import { NO_ROWS } from '../build/source.js';
import type { Connection } from './connection.js';
import { pruneReleases } from './release-store.js';
import { ReleaseWriter } from '../build/release-writer.js';

/** The layer that is written, and its one source. */
const WRITTEN = { layer: 'written', source: 'written' } as const;

interface WritePlace {
  readonly now: Date;
  readonly resourcesDir: string;
  /** Whether an article has a text that the site has not written. */
  readonly isElsewhere: (article: string) => boolean;
}

interface Current {
  readonly version: number;
  readonly rows: string | null;
}

/** A refusal that says which of the changes it is of, where that is known. */
function refusal(code: ErrorCode, values: RequestError['values'], change: number): RequestError {
  return new RequestError(code, change < 0 ? values : { ...values, change });
}

/** Whether a change may be made to what is there. @throws RequestError */
function checkExpected(
  { method, expected, type, id }: WrittenChange,
  current: Current | undefined,
  index: number,
): void {
  const isThere = current !== undefined && current.rows !== null;
  if (method === 'POST' && current) throw refusal('resource-exists', { resource: `${type}/${id}` }, index);
  if (expected === undefined) return;
  const fits = expected === 'absent' ? !isThere : isThere && current.version === expected;
  if (!fits) throw refusal('version-conflict', { version: isThere ? current.version : 'none' }, index);
}

/** Writes one change's version; undefined where there is nothing to delete. */
async function writeVersion(
  db: Connection,
  change: WrittenChange,
  current: Current | undefined,
  now: Date,
): Promise<WrittenVersion | undefined> {
  const { type, id, method, content, rows } = change;
  if (content === undefined && (current?.rows ?? null) === null) return undefined;
  const version = (current?.version ?? 0) + 1;
  const writtenAt = now.toISOString();
  const [inserted] = await db.all<{ sequence: number }>(
    // Counted here, where nobody else writes: a database's own counter also counts what was rolled back.
    `INSERT INTO written_version (sequence, type, id, version, method, written_at, content)
     SELECT coalesce(max(sequence), 0) + 1, CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS INTEGER),
       CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT)
     FROM written_version RETURNING sequence`,
    ...[type, id, version, method, writtenAt, content ?? null],
  );
  await db.run(
    `INSERT INTO written_resource (type, id, version, rows) VALUES ($1, $2, $3, $4)
     ON CONFLICT (type, id) DO UPDATE SET version = excluded.version, rows = excluded.rows`,
    ...[type, id, version, content === undefined ? null : JSON.stringify(rows)],
  );
  return { sequence: inserted?.sequence ?? 0, type, id, version, method, writtenAt, content };
}

/** The rows of all resources, those of one article joined. Maps come last: what they say of a code and an article counts. */
async function allRows(db: Connection): Promise<WrittenRows> {
  const stored = await db.all<{ rows: string }>(
    'SELECT rows FROM written_resource WHERE rows IS NOT NULL ORDER BY type DESC, id',
  );
  const parts = stored.map(({ rows }) => JSON.parse(rows) as WrittenRows);
  const articles = new Map<string, WrittenArticle>();
  for (const article of parts.flatMap((part) => part.articles)) {
    articles.set(article.id, { ...articles.get(article.id), ...article });
  }
  return {
    articles: [...articles.values()],
    texts: parts.flatMap(({ texts }) => texts),
    mappings: parts.flatMap(({ mappings }) => mappings),
    crosswalks: parts.flatMap(({ crosswalks }) => crosswalks),
  };
}

/** A code cannot have an article and, on purpose, none. @throws RequestError `contradicting-rows` */
function checkContradictions({ mappings }: WrittenRows, changes: readonly WrittenChange[]): void {
  const without = new Set(mappings.filter(({ article }) => article === undefined).map(codingKey));
  const both = mappings.find((row) => row.article !== undefined && without.has(codingKey(row)));
  if (!both) return;
  const { system, code } = both;
  const index = changes.findIndex(({ rows }) => rows.mappings.some((row) => codingKey(row) === codingKey(both)));
  throw refusal('contradicting-rows', { system, code }, index);
}

/**
 * What a code and an article are to each other is said in one place: of two maps the one with the later id would count, and
 * nobody would know why. A handout says it of itself, and a map may say it better.
 * @throws RequestError `row-in-another-map`
 */
async function checkOtherMaps(db: Connection, changes: readonly WrittenChange[]): Promise<void> {
  const maps = changes.filter(({ content, rows }) => content !== undefined && rows.texts.length === 0);
  if (maps.every(({ rows }) => rows.mappings.length === 0)) return;
  const keyOf = ({ system, code, article = '' }: StatedMapping): string => `${system}|${code}|${article}`;
  const stored = await db.all<{ type: string; id: string; rows: string }>(
    'SELECT type, id, rows FROM written_resource WHERE rows IS NOT NULL',
  );
  const named = new Map<string, string[]>();
  for (const { type, id, rows } of stored) {
    const { texts, mappings } = JSON.parse(rows) as WrittenRows;
    if (texts.length > 0) continue;
    for (const row of mappings) {
      if (row.article === undefined) continue;
      named.set(keyOf(row), [...(named.get(keyOf(row)) ?? []), `${type}/${id}`]);
    }
  }
  for (const { type, id, rows } of maps) {
    for (const row of rows.mappings) {
      const resource = named.get(keyOf(row))?.find((one) => one !== `${type}/${id}`);
      if (resource === undefined) continue;
      const { system, code, article = '' } = row;
      const index = changes.findIndex((change) => change.type === type && change.id === id);
      throw refusal('row-in-another-map', { resource, system, code, article }, index);
    }
  }
}

/** An article that goes must not leave rows that lead nowhere. @throws RequestError `resource-in-use` */
function checkInUse(
  before: ReadonlyMap<number, Current | undefined>,
  after: WrittenRows,
  isElsewhere: (article: string) => boolean,
): void {
  const remaining = new Set(after.texts.map(({ article }) => article));
  const told = [...before].flatMap(([index, current]) =>
    current?.rows ? (JSON.parse(current.rows) as WrittenRows).texts.map(({ article }) => ({ article, index })) : [],
  );
  for (const { article, index } of told) {
    if (remaining.has(article)) continue;
    const row = after.mappings.find((mapping) => mapping.article === article);
    if (!row) continue;
    if (isElsewhere(article)) continue;
    throw refusal('resource-in-use', { article, system: row.system, code: row.code }, index);
  }
}

/**
 * Lays the rows into a release of their own, which becomes the active one, be it empty: without it the library would be named as
 * before anything was written, and what was answered then would be given again from the cache.
 */
async function layRelease(
  db: Connection,
  { articles, texts, mappings, crosswalks }: WrittenRows,
  sequence: number,
  { now, resourcesDir }: WritePlace,
): Promise<void> {
  const identity = { ...WRITTEN, name: `written-${sequence}`, digest: '', builtOn: now.toISOString().slice(0, 10) };
  const release = new ReleaseWriter(db, identity, resourcesDir);
  try {
    const rows = mappings.map((mapping) => ({ ...mapping, line: 0 }));
    await release.write({ ...NO_ROWS, articles, texts, mappings: rows, crosswalks });
    await release.finish([], now);
  } finally {
    release.abort();
  }
  await pruneReleases(db);
}

/** A resource's last version, which is a deletion. */
async function lastVersion(db: Connection, type: string, id: string): Promise<WrittenVersion | undefined> {
  const [last] = await db.all<Omit<WrittenVersion, 'content'>>(
    `SELECT sequence, type, id, version, method, written_at AS "writtenAt" FROM written_version
     WHERE type = $1 AND id = $2 ORDER BY version DESC LIMIT 1`,
    ...[type, id],
  );
  return last && { ...last, content: undefined };
}

/**
 * Makes changes, new versions and the release of what is written now; to be run in a transaction.
 * Rejects with RequestError as WrittenStore.apply does.
 */
export async function writeChanges(
  db: Connection,
  changes: readonly WrittenChange[],
  place: WritePlace,
): Promise<(AppliedVersion | undefined)[]> {
  const before = new Map<number, Current | undefined>();
  const versions: (AppliedVersion | undefined)[] = [];
  let sequence: number | undefined;
  for (const [index, change] of changes.entries()) {
    const { type, id } = change;
    const [current] = await db.all<Current>(
      'SELECT version, rows FROM written_resource WHERE type = $1 AND id = $2',
      ...[type, id],
    );
    checkExpected(change, current, index);
    const written = await writeVersion(db, change, current, place.now);
    if (written) {
      before.set(index, current);
      sequence = written.sequence;
    }
    const version = written ?? (current && (await lastVersion(db, type, id)));
    versions.push(version && { ...version, isMade: written !== undefined });
  }
  if (sequence !== undefined) {
    const rows = await allRows(db);
    checkContradictions(rows, changes);
    checkInUse(before, rows, place.isElsewhere);
    await checkOtherMaps(db, changes);
    await layRelease(db, rows, sequence, place);
  }
  return versions;
}
