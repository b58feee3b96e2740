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
/** Releases kept for each source: the active one and the one before it. */
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

/** Makes a whole release its source's active one: the swap, and the rollback. */
export function activate(db: Database.Database, release: number, now: Date): void {
  db.prepare('UPDATE release SET activated_at = ? WHERE id = ?').run(now.toISOString(), release);
  db.prepare(
    `INSERT INTO active_release SELECT layer, source, id FROM release WHERE id = ? AND state = 'ready'
     ON CONFLICT (layer, source) DO UPDATE SET release = excluded.release`,
  ).run(release);
}

/** Takes a source out of the library, for a site that has removed its own folder; its history stays. */
export function deactivate(db: Database.Database, layer: Layer, source: string): void {
  db.prepare('DELETE FROM active_release WHERE layer = ? AND source = ?').run(layer, source);
}

/** Removes what a release holds; the release itself stays in the history. */
export function dropRelease(db: Database.Database, release: number): void {
  for (const table of TABLES) db.prepare(`DELETE FROM ${table} WHERE release = ?`).run(release);
  db.prepare("UPDATE release SET state = 'gone' WHERE id = ?").run(release);
}

/** Says whether a writer ("host:process") is known to be dead. */
export type IsDead = (writer: string) => boolean | undefined;

/**
 * Removes the rows of what a swap has replaced (all but the release before the active one, which a rollback needs) and of
 * releases whose writer died; then the oldest history.
 */
export function pruneReleases(db: Database.Database, isDead: IsDead, now: Date): void {
  const releases = listReleases(db);
  const kept = new Map<string, number>();
  for (const { id, layer, source, state, isActive, writer, touchedAt } of releases) {
    if (state === 'writing') {
      const dead = isDead(writer) ?? now.getTime() - touchedAt > DEAD_AFTER_MS;
      if (!dead) continue;
      dropRelease(db, id);
      db.prepare('DELETE FROM release WHERE id = ?').run(id);
    } else if (state === 'ready' && !isActive) {
      const key = `${layer}|${source}`;
      const before = (kept.get(key) ?? 0) + 1;
      kept.set(key, before);
      if (before >= KEPT_RELEASES) dropRelease(db, id);
    }
  }
  db.prepare(
    "DELETE FROM release WHERE state = 'gone' AND id NOT IN (SELECT id FROM release ORDER BY id DESC LIMIT ?)",
  ).run(KEPT_HISTORY);
}
