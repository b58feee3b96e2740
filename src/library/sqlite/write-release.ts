import type Database from 'better-sqlite3';
import type { Layer } from '../../core/library.js';
import type { LibrarySource } from '../source.js';

const TABLES = ['publisher', 'article', 'article_text', 'mapping', 'crosswalk'] as const;

export interface ReleaseIdentity {
  readonly layer: Layer;
  readonly name: string;
  /** Digest of the files it is built from. */
  readonly digest: string;
  /** ISO 8601 day. */
  readonly builtOn: string;
}

function writeRows(db: Database.Database, release: number, source: LibrarySource): void {
  const publisher = db.prepare('INSERT INTO publisher VALUES (?, ?, ?)');
  for (const row of source.publishers) publisher.run(release, row.id, JSON.stringify(row));
  const article = db.prepare('INSERT OR REPLACE INTO article VALUES (?, ?, ?)');
  for (const { id, ...facts } of source.articles) article.run(release, id, JSON.stringify(facts));
  const text = db.prepare('INSERT OR REPLACE INTO article_text VALUES (?, ?, ?, ?)');
  for (const { article: id, language, ...facts } of source.texts) {
    text.run(release, id, language, JSON.stringify(facts));
  }
  const mapping = db.prepare('INSERT INTO mapping VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const row of source.mappings) {
    const { system, code, article: id = '', relationship, rank, sensitivity = null, origin, note } = row;
    mapping.run(release, system, code, id, relationship, rank, sensitivity, origin, note);
  }
  const crosswalk = db.prepare('INSERT OR IGNORE INTO crosswalk VALUES (?, ?, ?, ?, ?)');
  for (const { from, to } of source.crosswalks) {
    crosswalk.run(release, from.system, from.code, to.system, to.code);
  }
}

/** Removes what a release holds, and the release. */
function dropRelease(db: Database.Database, release: number): void {
  for (const table of TABLES) db.prepare(`DELETE FROM ${table} WHERE release = ?`).run(release);
  db.prepare('DELETE FROM release WHERE id = ?').run(release);
}

/** Removes releases that no layer uses: what a swap replaced. */
export function dropOrphans(db: Database.Database): void {
  const orphans = db.prepare('SELECT id FROM release WHERE id NOT IN (SELECT release FROM active_release)').all();
  for (const { id } of orphans as { id: number }[]) dropRelease(db, id);
}

/**
 * Writes a release while it is inactive, then makes it its layer's active one by a single update.
 * Until that update every reader sees the old release.
 */
export function writeRelease(db: Database.Database, identity: ReleaseIdentity, source: LibrarySource): void {
  const { layer, name, digest, builtOn } = identity;
  const inserted = db
    .prepare('INSERT INTO release (layer, name, digest, built_on) VALUES (?, ?, ?, ?)')
    .run(layer, name, digest, builtOn);
  const release = Number(inserted.lastInsertRowid);
  writeRows(db, release, source);
  db.prepare(
    'INSERT INTO active_release VALUES (?, ?) ON CONFLICT (layer) DO UPDATE SET release = excluded.release',
  ).run(layer, release);
}

/** Takes a layer away, for a site that has removed its own folder. */
export function dropLayer(db: Database.Database, layer: Layer): void {
  db.prepare('DELETE FROM active_release WHERE layer = ?').run(layer);
  dropOrphans(db);
}
