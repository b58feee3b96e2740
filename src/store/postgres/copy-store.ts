import type { Connection, Queries, Value } from '../connection.js';
import { fetchFiles } from '../fetch-release.js';
import { listActiveReleases, listFiles, listReleases, type StoredRelease } from '../release-store.js';
import { readContent } from '../release-content.js';
import { WRITTEN, parseRows } from '../written-log.js';
import type { ServerSnapshot } from './server-pool.js';

/** Rows read and written at once: requests are answered between two batches. */
const BATCH_ROWS = 500;

/** Other processes of this machine may know of a newer state: files that they fetched are retained for this time. */
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
  const rows = row.at(-1) ?? null;
  // Checked before it is copied: a copy with damaged rows could not be served, now or after a restart.
  if (rows !== null) parseRows({ type: String(type), id: String(id), version: Number(version) }, String(rows));
  const current = [type, id, version, rows];
  await copy.run('DELETE FROM written_version WHERE type = $1 AND id = $2', type, id);
  await copy.run(`INSERT INTO written_version VALUES (${marks(written.length)})`, ...written);
  await copy.run(`INSERT OR REPLACE INTO written_resource VALUES (${marks(current.length)})`, ...current);
}

/**
 * Copies the current version of each resource that a site has written since the copy's last one.
 * @throws DamagedLogError
 */
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

const OF_LOG = `layer = '${WRITTEN.layer}' AND source = '${WRITTEN.source}'`;

/** Copies the server's list of some releases, and which of them are in use. @throws UnreadableReleaseError */
async function copyList(server: ServerSnapshot, copy: Connection, which: string): Promise<void> {
  await copy.run(`DELETE FROM active_release WHERE ${which}`);
  await copy.run(`DELETE FROM release WHERE ${which}`);
  const list = `SELECT ${RELEASE_COLUMNS} FROM release WHERE ${which} ORDER BY id`;
  for await (const rows of server.batches(BATCH_ROWS, list))
    for (const row of rows)
      await copy.run(`INSERT INTO release (${RELEASE_COLUMNS}) VALUES (${marks(row.length)})`, ...row);
  const inUse = `SELECT layer, source, release FROM active_release WHERE ${which}`;
  for await (const rows of server.batches(BATCH_ROWS, inUse))
    for (const row of rows) await copy.run('INSERT INTO active_release VALUES ($1, $2, $3)', ...row);
  // As with rows: a damaged summary must not get into the copy.
  for (const release of await listActiveReleases(copy)) readContent(release);
}

/** Whether a copy has releases to serve. */
export async function holdsLibrary(copy: Queries): Promise<boolean> {
  return (await copy.all(`SELECT 1 FROM active_release WHERE NOT (${OF_LOG}) LIMIT 1`)).length > 0;
}

/**
 * Copies what the site has written since the copy's last version, in one transaction: no file is fetched for it. Older versions and
 * feedback are not copied.
 */
export function copyLog(server: ServerSnapshot, copy: Connection): Promise<void> {
  return copy.transaction(async () => {
    await copyList(server, copy, OF_LOG);
    await copyWritten(server, copy);
  });
}

/**
 * Brings a copy of the list of releases to one state of the server, in one transaction, after their files were fetched: readers of the
 * copy see the old state until then, and still do if it fails. Requests are answered meanwhile.
 * @param inTurn runs a piece of writing while no other one writes to the copy
 * @returns the releases of that state
 */
export async function copyReleases(
  server: ServerSnapshot,
  copy: Connection,
  inTurn: (write: () => Promise<void>) => Promise<void>,
): Promise<readonly StoredRelease[]> {
  const releases = await listReleases(server);
  await fetchFiles(server, copy.releases, releases);
  await inTurn(() => copy.transaction(() => copyList(server, copy, `NOT (${OF_LOG})`)));
  copy.releases.prune(listFiles(releases), GRACE_MS);
  return releases;
}
