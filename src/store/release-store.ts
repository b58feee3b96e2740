import type { Layer } from '../core/model/library.js';
import type { Connection, Queries } from './connection.js';
import { readContent } from './release-content.js';
import type { FinishedFile } from './release-folder.js';
import { WRITTEN, isWritten } from './written-log.js';

/** Releases retained for each source: the active one and the one that it replaced. */
const RETAINED_RELEASES = 2;
/** Replaced releases that stay in the history; each write over FHIR makes one. */
const RETAINED_HISTORY = 200;
const RETAINED_WRITES = 50;
/** A release's file is stored in parts of so many bytes. */
const PART_BYTES = 1024 * 1024;

export interface StoredRelease {
  readonly id: number;
  readonly layer: Layer;
  readonly source: string;
  readonly name: string;
  readonly digest: string;
  readonly builtOn: string;
  /** `ready`: in use now or retained for a rollback. `gone`: its file is deleted. */
  readonly state: 'ready' | 'gone';
  readonly activatedAt: string | null;
  readonly isActive: boolean;
  readonly content: string;
  /** SHA-256 of its file's bytes; empty where it is gone, and of what is served from the log. */
  readonly file: string;
  readonly bytes: number;
}

/** A release is not there to come into use: another process needed it no longer. */
export class ReleaseLostError extends Error {
  override readonly name = 'ReleaseLostError';

  constructor(release: string) {
    super(`release ${release} is no longer there`);
  }
}

const SELECT = `
  SELECT r.id, r.layer, r.source, r.name, r.digest, r.built_on AS "builtOn", r.state, r.file, r.bytes,
    r.activated_at AS "activatedAt",
    CASE WHEN a.release IS NULL THEN 0 ELSE 1 END AS "isActive", r.content
  FROM release r LEFT JOIN active_release a ON a.release = r.id`;

async function select(db: Queries, which: string, ...values: string[]): Promise<StoredRelease[]> {
  const rows = await db.all<Omit<StoredRelease, 'isActive'> & { isActive: number }>(
    `${SELECT} ${which} ORDER BY r.id DESC`,
    ...values,
  );
  return rows.map((row) => ({ ...row, isActive: row.isActive === 1 }));
}

/** Every release that the library knows of, the latest first. */
export function listReleases(db: Queries): Promise<StoredRelease[]> {
  return select(db, '');
}

/** The releases in use, the latest first. */
export function listActiveReleases(db: Queries): Promise<StoredRelease[]> {
  return select(db, 'WHERE a.release IS NOT NULL');
}

/** The active release of a source; undefined where it has none. */
export async function findActiveRelease(db: Queries, layer: Layer, source: string): Promise<StoredRelease | undefined> {
  return (await select(db, 'WHERE a.layer = $1 AND a.source = $2', layer, source))[0];
}

/** The releases of one source, those in use last first: by when they came into use, and not by when they were made. */
export function byUse(releases: readonly StoredRelease[], layer: Layer, source: string): StoredRelease[] {
  return releases
    .filter((release) => release.layer === layer && release.source === source)
    .sort((a, b) => {
      const [atA, atB] = [a.activatedAt ?? '', b.activatedAt ?? ''];
      return atA === atB ? b.id - a.id : atA < atB ? 1 : -1;
    });
}

/**
 * The release that was in use when this one first came into use: what a rollback returns to. Undefined where there was
 * none, or where it is gone.
 */
export function findReplaced(releases: readonly StoredRelease[], release: StoredRelease): StoredRelease | undefined {
  const { replaced } = readContent(release);
  const whole = byUse(releases, release.layer, release.source).filter(({ state }) => state === 'ready');
  // Older releases do not note it: their order tells.
  if (replaced === undefined) return whole.sort((a, b) => b.id - a.id).find(({ id }) => id < release.id);
  return whole.find(({ id }) => id === replaced);
}

/** The release that is retained beside this one: the one it replaced; else, as after a rollback, the one used last. */
export function findRetained(releases: readonly StoredRelease[], release: StoredRelease): StoredRelease | undefined {
  const others = byUse(releases, release.layer, release.source);
  return findReplaced(releases, release) ?? others.find(({ id, state }) => id !== release.id && state === 'ready');
}

/** Notes when the release that is in use now left it. */
async function noteLeaving(db: Connection, layer: Layer, source: string, now: Date): Promise<void> {
  const active = await findActiveRelease(db, layer, source);
  if (!active) return;
  const content = { ...readContent(active), leftAt: now.toISOString() };
  await db.run('UPDATE release SET content = $1 WHERE id = $2', JSON.stringify(content), active.id);
}

/** Makes a whole release its source's active one: the swap, and the rollback. @throws ReleaseLostError */
export function activate(
  db: Connection,
  { id: release, layer, source, name }: Pick<StoredRelease, 'id' | 'layer' | 'source' | 'name'>,
  now: Date,
): Promise<void> {
  return db.transaction(async () => {
    await noteLeaving(db, layer, source, now);
    await db.run('UPDATE release SET activated_at = $1 WHERE id = $2', now.toISOString(), release);
    const activated = await db.run(
      `INSERT INTO active_release SELECT layer, source, id FROM release WHERE id = $1 AND state = 'ready'
       ON CONFLICT (layer, source) DO UPDATE SET release = excluded.release`,
      release,
    );
    if (activated === 0) throw new ReleaseLostError(name);
  });
}

/** Takes a source out of the library, for a site that has removed its own folder; its history stays. */
export function deactivate(db: Connection, layer: Layer, source: string, now: Date): Promise<void> {
  return db.transaction(async () => {
    await noteLeaving(db, layer, source, now);
    await db.run('DELETE FROM active_release WHERE layer = $1 AND source = $2', layer, source);
  });
}

/** Takes a release whose file is lost out of use, for good; it stays in the history. */
export function dropRelease(db: Connection, { id, layer, source }: StoredRelease, now: Date): Promise<void> {
  return db.transaction(async () => {
    // Another process may have replaced it in the meantime.
    if ((await findActiveRelease(db, layer, source))?.id === id) await deactivate(db, layer, source, now);
    await db.run("UPDATE release SET state = 'gone', file = '' WHERE id = $1", id);
  });
}

/** Whether a release is built anew by the next start, from files of the program or of the site. */
export const isRebuilt = ({ layer }: Pick<StoredRelease, 'layer'>): boolean => layer === 'starter' || layer === 'local';

/** A release whose file is finished. */
interface NewRelease extends FinishedFile, Pick<StoredRelease, 'layer' | 'source' | 'name' | 'digest' | 'builtOn'> {
  readonly content: object;
}

/** Stores a release whose file is in the folder of this machine; it is not in use yet. */
export async function addRelease(db: Connection, release: NewRelease): Promise<StoredRelease> {
  const { layer, source, name, digest, builtOn, file, bytes, content } = release;
  const [inserted] = await db.all<{ id: number }>(
    `INSERT INTO release (layer, source, name, digest, built_on, state, file, bytes, content)
     VALUES ($1, $2, $3, $4, $5, 'ready', $6, $7, $8) RETURNING id`,
    ...[layer, source, name, digest, builtOn, file, bytes, JSON.stringify(content)],
  );
  if (db.storesFiles && hasFile({ state: 'ready', layer, source })) await storeFile(db, release);
  const id = inserted?.id ?? 0;
  return { ...release, id, state: 'ready', activatedAt: null, isActive: false, content: JSON.stringify(content) };
}

/** Whether any bytes of a file are stored. */
export async function holdsStoredFile(db: Queries, { file }: FinishedFile): Promise<boolean> {
  return (await db.all('SELECT 1 FROM release_part WHERE file = $1 LIMIT 1', file)).length > 0;
}

/** Stores a file's bytes in parts, for machines that do not have it. */
export async function storeFile(db: Connection, release: FinishedFile): Promise<void> {
  const { file } = release;
  if (await holdsStoredFile(db, release)) return;
  let part = 0;
  for await (const bytes of db.releases.read(file, PART_BYTES)) {
    await db.run('INSERT INTO release_part (file, part, bytes) VALUES ($1, $2, $3)', file, part, bytes);
    part += 1;
  }
}

export async function removeStoredFile(db: Connection, { file }: FinishedFile): Promise<void> {
  await db.run('DELETE FROM release_part WHERE file = $1', file);
}

/** A source's release in use and the one beside it are retained; of a removed source, those that were used last. */
function isRetained(releases: readonly StoredRelease[], release: StoredRelease): boolean {
  if (release.isActive) return true;
  const whole = byUse(releases, release.layer, release.source).filter(({ state }) => state === 'ready');
  const active = whole.find(({ isActive }) => isActive);
  const retained = active ? [findRetained(releases, active)] : whole.slice(0, RETAINED_RELEASES);
  return retained.some((beside) => beside?.id === release.id);
}

/** Whether a release has a file that is in use or retained. */
export const hasFile = (release: Pick<StoredRelease, 'state' | 'layer' | 'source'>): boolean =>
  release.state === 'ready' && !isWritten(release);

/** The files of releases that are in use or retained. */
export const listFiles = (releases: readonly StoredRelease[]): ReadonlySet<string> =>
  new Set(releases.filter(hasFile).map(({ file }) => file));

/** Retains the history of so many releases that are gone. */
async function pruneHistory(db: Connection, which: string, most: number): Promise<void> {
  await db.run(
    `DELETE FROM release WHERE state = 'gone' AND ${which}
     AND id NOT IN (SELECT id FROM release WHERE ${which} ORDER BY id DESC LIMIT $1)`,
    most,
  );
}

/** Leaves one written release in use; of those that it has replaced, the history of the last. @param current its number */
export async function pruneWritten(db: Connection, current: number): Promise<void> {
  await db.run(
    `UPDATE release SET state = 'gone' WHERE layer = $1 AND source = $2 AND id <> $3`,
    WRITTEN.layer,
    WRITTEN.source,
    current,
  );
  await pruneHistory(db, "layer = 'written'", RETAINED_WRITES);
}

/**
 * Removes the files of what swaps have replaced, all but the release before the active one, which a rollback needs; the releases stay in
 * the history, but for the oldest.
 */
export function pruneReleases(db: Connection): Promise<void> {
  return db.transaction(async () => {
    const releases = await listReleases(db);
    const replaced = releases.filter((release) => release.state === 'ready' && !isRetained(releases, release));
    for (const { id } of replaced) await db.run("UPDATE release SET state = 'gone', file = '' WHERE id = $1", id);
    if (replaced.length > 0)
      await db.run("DELETE FROM release_part WHERE file NOT IN (SELECT file FROM release WHERE state = 'ready')");
    await pruneHistory(db, "layer <> 'written'", RETAINED_HISTORY);
    db.releases.prune(listFiles(await listReleases(db)));
  });
}
