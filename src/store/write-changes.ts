import { setImmediate } from 'node:timers/promises';
import { codingKey } from '../core/codes/concept.js';
import type { StatedMapping } from '../core/codes/terminology-index.js';
import { RequestError, type ErrorCode } from '../core/errors.js';
import { getOrAdd } from '../core/remember.js';
import type { AppliedVersion, WrittenChange, WrittenVersion } from '../core/model/written-store.js';
import type { Connection } from './connection.js';
import { recordWrite } from './record-write.js';
import { keyOfResource, type WrittenLog } from './written-log.js';

interface WritePlace {
  readonly now: Date;
  /** All that is written now: the log has been followed to its end, under the writers' lock. */
  readonly log: WrittenLog;
  /** Whether an article has a text that the site has not written. */
  readonly hasUnwrittenText: (article: string) => boolean;
}

/** The last version of a resource. */
interface Current {
  readonly version: number;
  readonly isDeleted: boolean;
}

/** Creates an error that names the failing change, if it is known. */
function createRefusal(code: ErrorCode, values: RequestError['values'], change: number): RequestError {
  return new RequestError(code, change < 0 ? values : { ...values, change });
}

/** Whether a change may be made to what is there. @throws RequestError */
function checkExpected(
  { method, expected, type, id }: WrittenChange,
  current: Current | undefined,
  index: number,
): void {
  const isThere = current !== undefined && !current.isDeleted;
  if (method === 'POST' && current) throw createRefusal('resource-exists', { resource: `${type}/${id}` }, index);
  if (expected === undefined) return;
  const fits = expected === 'absent' ? !isThere : isThere && current.version === expected;
  if (!fits) throw createRefusal('version-conflict', { version: isThere ? current.version : 'none' }, index);
}

/** Writes one change's version; undefined where there is nothing to delete. */
async function writeVersion(
  db: Connection,
  change: WrittenChange,
  current: Current | undefined,
  now: Date,
): Promise<WrittenVersion | undefined> {
  const { type, id, method, content, rows } = change;
  if (content === undefined && (current?.isDeleted ?? true)) return undefined;
  const version = (current?.version ?? 0) + 1;
  const writtenAt = now.toISOString();
  const [inserted] = await db.all<{ sequence: number }>(
    // Counted here, under the writers' lock: a database's own counter also counts what was rolled back.
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

/** A code cannot have an article and, on purpose, none. @throws RequestError `contradicting-rows` */
function checkContradictions({ resources }: WrittenLog, changes: readonly WrittenChange[]): void {
  const mappings = resources.flatMap(({ rows }) => rows.mappings);
  const without = new Set(mappings.filter(({ article }) => article === undefined).map(codingKey));
  const both = mappings.find((row) => row.article !== undefined && without.has(codingKey(row)));
  if (!both) return;
  const { system, code } = both;
  const index = changes.findIndex(({ rows }) => rows.mappings.some((row) => codingKey(row) === codingKey(both)));
  throw createRefusal('contradicting-rows', { system, code }, index);
}

const isMap = ({ rows }: Pick<WrittenChange, 'rows'>): boolean => rows.texts.length === 0;

/**
 * One map alone states what a code and an article are to each other: of two maps the one with the later id would count, for no reason
 * that a reader could see. A handout states it of itself, and a map may replace that.
 * @throws RequestError `row-in-another-map`
 */
function checkOtherMaps({ resources }: WrittenLog, changes: readonly WrittenChange[]): void {
  const written = new Map(changes.filter(isMap).map((change) => [keyOfResource(change), change]));
  if ([...written.values()].every(({ rows }) => rows.mappings.length === 0)) return;
  const buildKey = ({ system, code, article = '' }: StatedMapping): string => `${system}|${code}|${article}`;
  const stating = new Map<string, string[]>();
  for (const resource of resources.filter(isMap)) {
    for (const row of resource.rows.mappings) {
      if (row.article !== undefined) getOrAdd(stating, buildKey(row), () => []).push(keyOfResource(resource));
    }
  }
  for (const [key, { content, rows }] of written) {
    for (const row of content === undefined ? [] : rows.mappings) {
      const resource = stating.get(buildKey(row))?.find((one) => one !== key);
      if (resource === undefined) continue;
      const { system, code, article = '' } = row;
      const index = changes.findIndex((change) => keyOfResource(change) === key);
      throw createRefusal('row-in-another-map', { resource, system, code, article }, index);
    }
  }
}

/** An article that is deleted must not leave rows that lead nowhere. @throws RequestError `resource-in-use` */
function checkInUse(
  before: WrittenLog,
  { resources }: WrittenLog,
  changes: readonly WrittenChange[],
  hasUnwrittenText: (article: string) => boolean,
): void {
  const remaining = new Set(resources.flatMap(({ rows }) => rows.texts.map(({ article }) => article)));
  for (const [index, change] of changes.entries()) {
    for (const { article } of before.find(change)?.rows.texts ?? []) {
      if (remaining.has(article)) continue;
      const row = resources.flatMap(({ rows }) => rows.mappings).find((mapping) => mapping.article === article);
      if (!row || hasUnwrittenText(article)) continue;
      throw createRefusal('resource-in-use', { article, system: row.system, code: row.code }, index);
    }
  }
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
 * Makes changes and new versions; to be run in a transaction.
 * Rejects with RequestError as WrittenStore.apply does.
 * @returns the versions, and the log as it is after them
 */
export async function writeChanges(
  db: Connection,
  changes: readonly WrittenChange[],
  { now, log, hasUnwrittenText }: WritePlace,
): Promise<{ readonly versions: (AppliedVersion | undefined)[]; readonly log: WrittenLog }> {
  const versions: (AppliedVersion | undefined)[] = [];
  let sequence: number | undefined;
  for (const [index, change] of changes.entries()) {
    const { type, id } = change;
    const [found] = await db.all<{ version: number; isDeleted: number }>(
      `SELECT version, CASE WHEN rows IS NULL THEN 1 ELSE 0 END AS "isDeleted"
       FROM written_resource WHERE type = $1 AND id = $2`,
      ...[type, id],
    );
    const current = found && { version: found.version, isDeleted: found.isDeleted === 1 };
    checkExpected(change, current, index);
    const written = await writeVersion(db, change, current, now);
    sequence = written?.sequence ?? sequence;
    const version = written ?? (current && (await lastVersion(db, type, id)));
    versions.push(version && { ...version, isMade: written !== undefined });
  }
  if (sequence === undefined) return { versions, log };
  await setImmediate();
  const after = log.with(changes);
  checkContradictions(after, changes);
  checkInUse(log, after, changes, hasUnwrittenText);
  checkOtherMaps(after, changes);
  await recordWrite(db, { before: log, after, changes }, sequence, now);
  return { versions, log: after };
}
