import type Database from 'better-sqlite3';
import type { Layer } from '../../core/library.js';

/** Tables that hold rows of releases. */
const TABLES = [
  'publisher',
  'article',
  'article_text',
  'mapping',
  'crosswalk',
  'concept',
  'search_index',
  'search_document',
  'search_term',
  'search_gram',
  'search_synonym',
] as const;
/** Releases kept for each source: the active one and the one that it replaced. */
const KEPT_RELEASES = 2;
/** Replaced releases of which the history is still told. */
const KEPT_HISTORY = 200;
/** A writer that has written nothing for so long, on another machine or unknown, is dead. */
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
  readonly touchedAt: number;
  readonly activatedAt: string | null;
  readonly isActive: boolean;
  readonly content: string;
}

const SELECT = `
  SELECT r.id, r.layer, r.source, r.name, r.digest, r.built_on AS builtOn, r.state, r.writer, r.touched_at AS touchedAt,
    r.activated_at AS activatedAt, a.release IS NOT NULL AS isActive, r.content
  FROM release r LEFT JOIN active_release a ON a.release = r.id`;

/** Every release that the library knows of, the latest first. */
export function listReleases(db: Database.Database): StoredRelease[] {
  const rows = db.prepare(`${SELECT} ORDER BY r.id DESC`).all() as (Omit<StoredRelease, 'isActive'> & {
    isActive: number;
  })[];
  return rows.map((row) => ({ ...row, isActive: row.isActive === 1 }));
}

/** The active release of a source; undefined where it has none. */
export function activeReleaseOf(db: Database.Database, layer: Layer, source: string): StoredRelease | undefined {
  return listReleases(db).find((release) => release.isActive && release.layer === layer && release.source === source);
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
  const { replaced } = JSON.parse(release.content) as { replaced?: number | null };
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
function noteLeaving(db: Database.Database, layer: Layer, source: string, now: Date): void {
  db.prepare(
    `UPDATE release SET content = json_set(content, '$.leftAt', ?)
     WHERE id = (SELECT release FROM active_release WHERE layer = ? AND source = ?)`,
  ).run(now.toISOString(), layer, source);
}

/** Makes a whole release its source's active one: the swap, and the rollback. */
export function activate(
  db: Database.Database,
  { id: release, layer, source }: Pick<StoredRelease, 'id' | 'layer' | 'source'>,
  now: Date,
): void {
  noteLeaving(db, layer, source, now);
  db.prepare('UPDATE release SET activated_at = ? WHERE id = ?').run(now.toISOString(), release);
  db.prepare(
    `INSERT INTO active_release SELECT layer, source, id FROM release WHERE id = ? AND state = 'ready'
     ON CONFLICT (layer, source) DO UPDATE SET release = excluded.release`,
  ).run(release);
}

/** Takes a source out of the library, for a site that has removed its own folder; its history stays. */
export function deactivate(db: Database.Database, layer: Layer, source: string, now: Date): void {
  noteLeaving(db, layer, source, now);
  db.prepare('DELETE FROM active_release WHERE layer = ? AND source = ?').run(layer, source);
}

/** Removes what a release holds; the release itself stays in the history. */
export function dropRelease(db: Database.Database, release: number): void {
  for (const table of TABLES) db.prepare(`DELETE FROM ${table} WHERE release = ?`).run(release);
  db.prepare("UPDATE release SET state = 'gone' WHERE id = ?").run(release);
}

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
export function pruneReleases(db: Database.Database, isDead: IsDead, now: Date): void {
  const releases = listReleases(db);
  for (const release of releases) {
    const { id, state, writer, touchedAt } = release;
    if (state === 'writing') {
      const dead = isDead(writer) ?? now.getTime() - touchedAt > DEAD_AFTER_MS;
      if (!dead) continue;
      dropRelease(db, id);
      db.prepare('DELETE FROM release WHERE id = ?').run(id);
    } else if (state === 'ready' && !isKept(releases, release)) {
      dropRelease(db, id);
    }
  }
  db.prepare(
    "DELETE FROM release WHERE state = 'gone' AND id NOT IN (SELECT id FROM release ORDER BY id DESC LIMIT ?)",
  ).run(KEPT_HISTORY);
}
