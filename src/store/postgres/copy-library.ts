import { setImmediate } from 'node:timers/promises';
import type { Connection, Queries, Value } from '../connection.js';
import { TABLES, TABLE_NAMES } from '../tables.js';
import type { ServerSnapshot } from './server-pool.js';

/** Rows that are read and written at once: requests are answered between two batches. */
const BATCH_ROWS = 500;

const RELEASE_COLUMNS = [
  'id',
  'layer',
  'source',
  'name',
  'digest',
  'built_on',
  'state',
  'writer',
  'touched_at',
  'activated_at',
  'content',
] as const;

type ReleaseRow = Record<(typeof RELEASE_COLUMNS)[number], Value> & {
  readonly id: number;
  readonly state: 'ready' | 'gone';
  /** Version of its search index; null where it has none. */
  readonly index_version: number | null;
};

const RELEASES = `
  SELECT ${RELEASE_COLUMNS.map((column) => `r.${column}`).join(', ')}, i.version AS index_version
  FROM release r LEFT JOIN search_index i ON i.release = r.id
  WHERE r.state <> 'writing' ORDER BY r.id`;

interface ActiveRow {
  readonly layer: string;
  readonly source: string;
  readonly release: number;
}

/** The rows of a release never change once it is whole: what differs here is another release, or is indexed anew. */
const FIXED = ['layer', 'source', 'name', 'digest', 'touched_at', 'state', 'index_version'] as const;

const isSame = (a: ReleaseRow, b: ReleaseRow): boolean => FIXED.every((column) => a[column] === b[column]);

const marks = (count: number): string => Array.from({ length: count }, (_mark, index) => `$${index + 1}`).join(', ');

/** Removes what the copy has of a release. */
async function removeRelease(copy: Connection, id: number): Promise<void> {
  await copy.run('DELETE FROM active_release WHERE release = $1', id);
  for (const table of TABLE_NAMES) {
    await setImmediate();
    await copy.run(`DELETE FROM ${table} WHERE release = $1`, id);
  }
  await copy.run('DELETE FROM release WHERE id = $1', id);
}

async function copyRelease(server: ServerSnapshot, copy: Connection, release: ReleaseRow): Promise<void> {
  const values = RELEASE_COLUMNS.map((column) => release[column]);
  await copy.run(`INSERT INTO release (${RELEASE_COLUMNS.join(', ')}) VALUES (${marks(values.length)})`, ...values);
  for (const table of TABLE_NAMES) {
    const columns = Object.keys(TABLES[table].columns).join(', ');
    const sql = `SELECT ${columns} FROM ${table} WHERE release = $1`;
    for await (const rows of server.batches(BATCH_ROWS, sql, release.id)) {
      await setImmediate();
      await copy.insert(table, rows);
    }
  }
}

/** Whether the copy's last written version is the server's too; it is not where the server was restored to an earlier state. */
async function isContinued(server: Queries, copy: Queries): Promise<boolean> {
  const sql = 'SELECT sequence, type, id, version, written_at FROM written_version WHERE sequence = $1';
  const [last] = await copy.all<{ sequence: number | null }>('SELECT max(sequence) AS sequence FROM written_version');
  if (last?.sequence === null || last?.sequence === undefined) return true;
  const [[here], [there]] = [await copy.all(sql, last.sequence), await server.all(sql, last.sequence)];
  return JSON.stringify(here) === JSON.stringify(there);
}

/** Columns of a written version, in the order of its table; the resource's rows come after them. */
const WRITTEN_COLUMNS = 'v.sequence, v.type, v.id, v.version, v.method, v.written_at, v.content, r.rows';

async function copyResource(copy: Connection, row: readonly Value[]): Promise<void> {
  const [, type = null, id = null, version = null] = row;
  const written = row.slice(0, -1);
  const current = [type, id, version, row.at(-1) ?? null];
  await copy.run('DELETE FROM written_version WHERE type = $1 AND id = $2', type, id);
  await copy.run(`INSERT INTO written_version VALUES (${marks(written.length)})`, ...written);
  await copy.run(`INSERT OR REPLACE INTO written_resource VALUES (${marks(current.length)})`, ...current);
}

/** Copies the current version of each resource that a site has written since the copy's last one. */
async function copyWritten(server: ServerSnapshot, copy: Connection): Promise<void> {
  if (!(await isContinued(server, copy)))
    for (const table of ['written_version', 'written_resource']) await copy.run(`DELETE FROM ${table}`);
  const [last] = await copy.all<{ sequence: number | null }>('SELECT max(sequence) AS sequence FROM written_version');
  const sql = `
    SELECT ${WRITTEN_COLUMNS} FROM written_version v
    JOIN written_resource r ON r.type = v.type AND r.id = v.id AND r.version = v.version
    WHERE v.sequence > $1 ORDER BY v.sequence`;
  for await (const rows of server.batches(BATCH_ROWS, sql, last?.sequence ?? 0))
    for (const row of rows) await copyResource(copy, row);
}

/** Copies which releases are in use, and what the server has learned of each since it was copied. */
async function copyUse(server: ServerSnapshot, copy: Connection, releases: readonly ReleaseRow[]): Promise<void> {
  const active = await server.all<ActiveRow>('SELECT layer, source, release FROM active_release');
  for (const { id, activated_at: activatedAt, content } of releases)
    await copy.run('UPDATE release SET activated_at = $1, content = $2 WHERE id = $3', activatedAt, content, id);
  await copy.run('DELETE FROM active_release');
  for (const { layer, source, release } of active)
    await copy.run('INSERT INTO active_release VALUES ($1, $2, $3)', layer, source, release);
}

/**
 * Brings a copy of a library, in a file of this program's own format, to one state of the server, in one transaction: readers of
 * the copy see the old state until the new one is whole, and so they do where it ends half-way. Requests are answered meanwhile.
 * What the copy has already is not read again, for the rows of a release never change.
 * Not copied: releases that are being written, older versions of written resources, feedback.
 */
export async function copyLibrary(server: ServerSnapshot, copy: Connection): Promise<void> {
  const releases = await server.all<ReleaseRow>(RELEASES);
  await copy.transaction(async () => {
    const held = new Map((await copy.all<ReleaseRow>(RELEASES)).map((release) => [release.id, release]));
    const isHeld = (release: ReleaseRow): boolean => {
      const known = held.get(release.id);
      return known !== undefined && isSame(known, release);
    };
    const missing = releases.filter((release) => !isHeld(release));
    const wanted = new Set(releases.filter(isHeld).map(({ id }) => id));
    for (const id of held.keys()) if (!wanted.has(id)) await removeRelease(copy, id);
    for (const release of missing) await copyRelease(server, copy, release);
    await copyWritten(server, copy);
    await copyUse(server, copy, releases);
  });
}
