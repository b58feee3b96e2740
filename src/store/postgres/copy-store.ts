import { setImmediate } from 'node:timers/promises';
import type { Connection, Queries, Value } from '../connection.js';
import { fetchFiles } from '../fetch-release.js';
import type { StoredRelease } from '../release-store.js';
import { filesOf, listReleases } from '../release-store.js';
import type { ServerSnapshot } from './server-pool.js';

/** Rows that are read and written at once: requests are answered between two batches. */
const BATCH_ROWS = 500;

/** Other processes of this machine may know of a newer state: what they have brought here stays for so long. */
const GRACE_MS = 600_000;

const marks = (count: number): string => Array.from({ length: count }, (_mark, index) => `$${index + 1}`).join(', ');

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

const RELEASE_COLUMNS = 'id, layer, source, name, digest, built_on, state, activated_at, content, file, bytes';

/** Copies what the server tells of its releases, and which are in use. */
async function copyReleases(server: ServerSnapshot, copy: Connection): Promise<void> {
  await copy.run('DELETE FROM active_release');
  await copy.run('DELETE FROM release');
  for await (const rows of server.batches(BATCH_ROWS, `SELECT ${RELEASE_COLUMNS} FROM release ORDER BY id`))
    for (const row of rows)
      await copy.run(`INSERT INTO release (${RELEASE_COLUMNS}) VALUES (${marks(row.length)})`, ...row);
  for await (const rows of server.batches(BATCH_ROWS, 'SELECT layer, source, release FROM active_release'))
    for (const row of rows) await copy.run('INSERT INTO active_release VALUES ($1, $2, $3)', ...row);
}

/**
 * Brings a copy of the store, in a file of this program's own format, to one state of the server, in one transaction: readers of
 * the copy see the old state until the new one is whole, and so they do where it ends half-way. Requests are answered meanwhile.
 * Files of releases are fetched first. Not copied: older versions of written resources, feedback.
 * @returns the releases of that state
 */
export async function copyStore(server: ServerSnapshot, copy: Connection): Promise<readonly StoredRelease[]> {
  const releases = await listReleases(server);
  await fetchFiles(server, copy.releases, releases);
  await copy.transaction(async () => {
    await copyReleases(server, copy);
    await setImmediate();
    await copyWritten(server, copy);
  });
  copy.releases.prune(filesOf(releases), GRACE_MS);
  return releases;
}
