import type { Layer } from '../core/library.js';
import { isSqliteFailure } from './sqlite/failures.js';
import type { Connection, Queries } from './connection.js';
import { readContent } from './release-content.js';
import type { TableName } from './tables.js';
import { TABLES, TABLE_NAMES } from './tables.js';

/** Releases kept for each source: the active one and the one that it replaced. */
const KEPT_RELEASES = 2;
/** Replaced releases of which the history is still told. */
const KEPT_HISTORY = 200;
/** Rows that are taken away at a time where there is hardly any room. */
const PIECE_ROWS = 500;
/** A writer that has written nothing for so long is dead, even where its number is that of a process that lives. */
const DEAD_AFTER_MS = 600_000;

export interface StoredRelease {
  readonly id: number;
  readonly layer: Layer;
  readonly source: string;
  readonly name: string;
  readonly digest: string;
  readonly builtOn: string;
  readonly state: 'writing' | 'ready' | 'gone';
  readonly writer: string;
  readonly activatedAt: string | null;
  readonly isActive: boolean;
  readonly content: string;
}

/** A release is not there to come into use: another process took it away, thought its writer dead or needed it no longer. */
export class ReleaseLostError extends Error {
  override readonly name = 'ReleaseLostError';

  constructor(release: string) {
    super(`release ${release} is no longer there`);
  }
}

const SELECT = `
  SELECT r.id, r.layer, r.source, r.name, r.digest, r.built_on AS "builtOn", r.state, r.writer,
    r.activated_at AS "activatedAt",
    CASE WHEN a.release IS NULL THEN 0 ELSE 1 END AS "isActive", r.content
  FROM release r LEFT JOIN active_release a ON a.release = r.id`;

async function select(db: Queries, which: string): Promise<StoredRelease[]> {
  const rows = await db.all<Omit<StoredRelease, 'isActive'> & { isActive: number }>(
    `${SELECT} ${which} ORDER BY r.id DESC`,
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
export async function activeReleaseOf(db: Queries, layer: Layer, source: string): Promise<StoredRelease | undefined> {
  const releases = await listReleases(db);
  return releases.find((release) => release.isActive && release.layer === layer && release.source === source);
}

/** The releases of one source, those in use last first: by when they came into use, and not by when they were made. */
function byUse(releases: readonly StoredRelease[], layer: Layer, source: string): StoredRelease[] {
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
export function replacedBy(releases: readonly StoredRelease[], release: StoredRelease): StoredRelease | undefined {
  const { replaced } = readContent(release);
  const whole = byUse(releases, release.layer, release.source).filter(({ state }) => state === 'ready');
  // Releases of before this was noted tell by their order.
  if (replaced === undefined) return whole.sort((a, b) => b.id - a.id).find(({ id }) => id < release.id);
  return whole.find(({ id }) => id === replaced);
}

/** The release that is kept beside this one: the one it replaced; else, as after a rollback, the one used last. */
export function keptBeside(releases: readonly StoredRelease[], release: StoredRelease): StoredRelease | undefined {
  const others = byUse(releases, release.layer, release.source);
  return replacedBy(releases, release) ?? others.find(({ id, state }) => id !== release.id && state === 'ready');
}

/** Notes when the release that is in use now left it. */
async function noteLeaving(db: Connection, layer: Layer, source: string, now: Date): Promise<void> {
  const active = await activeReleaseOf(db, layer, source);
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

/** Tables of which a replaced release keeps what no later one of its source has: withdrawn articles are told of by it. */
const LAST_KNOWN: readonly TableName[] = ['article_text', 'article', 'publisher'];

/** Removes what a release holds. */
async function clearRelease(db: Connection, release: number, tables = TABLE_NAMES): Promise<void> {
  for (const table of tables) await db.run(`DELETE FROM ${table} WHERE release = $1`, release);
}

/**
 * Removes what a replaced release holds, apart from the articles that its source has withdrawn since; the release itself
 * stays in the history. What a site has written keeps its own versions.
 */
async function dropRelease(db: Connection, { id, layer, source }: StoredRelease): Promise<void> {
  await db.run("UPDATE release SET state = 'gone' WHERE id = $1", id);
  if (layer === 'written') {
    await clearRelease(db, id);
    return;
  }
  await clearRelease(
    db,
    id,
    TABLE_NAMES.filter((table) => !LAST_KNOWN.includes(table)),
  );
  await db.run(
    `DELETE FROM article_text WHERE release = $1 AND EXISTS (
       SELECT 1 FROM article_text n JOIN release r ON r.id = n.release
       WHERE n.article = article_text.article AND n.language = article_text.language
         AND r.layer = $2 AND r.source = $3 AND r.state = 'ready')`,
    ...[id, layer, source],
  );
  const isKept = 'SELECT article FROM article_text WHERE release = $1';
  await db.run(`DELETE FROM article WHERE release = $1 AND id NOT IN (${isKept})`, id);
  await db.run(`DELETE FROM publisher WHERE release = $1 AND NOT EXISTS (${isKept})`, id);
}

const UNFINISHED = "SELECT 1 FROM release WHERE id = $1 AND state = 'writing'";

/** Removes a release that never became whole; one that did stays. */
export function forgetRelease(db: Connection, release: number): Promise<void> {
  return db.transaction(async () => {
    if ((await db.all(UNFINISHED, release)).length === 0) return;
    await clearRelease(db, release);
    await db.run('DELETE FROM release WHERE id = $1', release);
  });
}

/**
 * The same on a full disk, where there is no room to take it away at once: piece by piece, the log's room given back before
 * each. What cannot be taken away now is left to whoever opens the library next.
 */
export async function forgetInPieces(db: Connection, release: number): Promise<void> {
  if ((await db.all(UNFINISHED, release)).length === 0) return;
  for (const table of TABLE_NAMES) {
    const key = TABLES[table].key.join(', ');
    const some = `SELECT ${key} FROM ${table} WHERE release = $1 LIMIT ${PIECE_ROWS}`;
    for (let gone = PIECE_ROWS; gone === PIECE_ROWS;) {
      await db.settle();
      gone = await db.run(`DELETE FROM ${table} WHERE (${key}) IN (${some})`, release);
    }
  }
  await db.run('DELETE FROM release WHERE id = $1', release);
  await db.settle();
}

/** Found before it comes to that: what would be written next is not. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
  readonly code = 'ENOSPC';
  readonly syscall = 'write';
}

/** Whether nothing could be written for want of room: SQLite's, the system's and PostgreSQL's words for it. */
export const isDiskFull = (error: unknown): boolean =>
  isSqliteFailure(error, 'full', 'ioError') || /^(ENOSPC|53100)/.test((error as { code?: string }).code ?? '');

/** Says whether a writer ("host:process") is known to be dead. */
export type IsDead = (writer: string) => boolean | undefined;

/** A source's release in use and the one beside it are kept; of one that was taken out, those that were used last. */
function isKept(releases: readonly StoredRelease[], release: StoredRelease): boolean {
  if (release.isActive) return true;
  const whole = byUse(releases, release.layer, release.source).filter(({ state }) => state === 'ready');
  const active = whole.find(({ isActive }) => isActive);
  const kept = active ? [keptBeside(releases, active)] : whole.slice(0, KEPT_RELEASES);
  return kept.some((beside) => beside?.id === release.id);
}

/**
 * Removes the rows of what a swap has replaced (all but the release before the active one, which a rollback needs) and of
 * releases whose writer died; then the oldest history.
 */
export function pruneReleases(db: Connection, isDead: IsDead): Promise<void> {
  return db.transaction(async () => {
    const releases = await listReleases(db);
    const silent = await db.all<{ id: number }>(
      `SELECT id FROM release WHERE state = 'writing' AND ${db.nowMs} - touched_at > $1`,
      DEAD_AFTER_MS,
    );
    for (const release of releases) {
      const { id, state, writer } = release;
      if (state === 'writing') {
        if (isDead(writer) || silent.some((one) => one.id === id)) await forgetRelease(db, id);
      } else if (state === 'ready' && !isKept(releases, release)) {
        await dropRelease(db, release);
      }
    }
    await db.run(
      `DELETE FROM release WHERE state = 'gone' AND id NOT IN (SELECT id FROM release ORDER BY id DESC LIMIT $1)
       AND id NOT IN (SELECT release FROM article_text)`,
      KEPT_HISTORY,
    );
  });
}
