import type Database from 'better-sqlite3';
import type { CodeSystemId } from '../../core/code-systems.js';
import type { Layer } from '../../core/library.js';
import type { LibraryRows, RowCounts } from '../source.js';
import { ROW_KINDS, noCounts } from '../source.js';
import { indexRelease } from './index-release.js';
import type { Changes } from './release-changes.js';
import { changesBetween } from './release-changes.js';
import { activeReleaseOf, activate, dropRelease } from './release-store.js';

export interface ReleaseIdentity {
  readonly layer: Layer;
  readonly source: string;
  readonly name: string;
  /** Digest of the files it is built from. */
  readonly digest: string;
  /** ISO 8601 day. */
  readonly builtOn: string;
  /** Who writes, as "host:process". */
  readonly writer: string;
}

/** What a release says of itself, kept with it as JSON. */
export interface ReleaseContent {
  readonly rows: Readonly<RowCounts>;
  /** Code systems of which it holds every code. */
  readonly complete: readonly CodeSystemId[];
  readonly changes: Changes;
  /** Id of the release that it took the place of; null where none was in use. */
  readonly replaced: number | null;
  /** When another took its place, or its source was taken out (ISO 8601); meaningless while it is in use. */
  readonly leftAt?: string;
}

/** The release was taken away while it was being written: another process thought its writer dead. */
export class ReleaseLostError extends Error {
  override readonly name = 'ReleaseLostError';
}

const INSERTS = {
  publisher: 'INSERT OR REPLACE INTO publisher VALUES (?, ?, ?)',
  article: 'INSERT OR REPLACE INTO article VALUES (?, ?, ?)',
  text: 'INSERT OR REPLACE INTO article_text VALUES (?, ?, ?, ?)',
  mapping: 'INSERT OR REPLACE INTO mapping VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  crosswalk: 'INSERT OR IGNORE INTO crosswalk VALUES (?, ?, ?, ?, ?, ?)',
  concept: 'INSERT OR REPLACE INTO concept VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  synonym: 'INSERT OR REPLACE INTO search_synonym VALUES (?, ?, ?, ?)',
} as const;

const asNumber = (flag: boolean | undefined): number | null => (flag === undefined ? null : Number(flag));

/**
 * Writes one release: its rows in batches while it is inactive, each a short transaction, then the swap. Readers see the
 * old release until then; whatever ends the writer before leaves the old one serving.
 */
export class ReleaseWriter {
  readonly #db: Database.Database;
  readonly #identity: ReleaseIdentity;
  readonly #release: number;
  readonly #insert: Record<keyof typeof INSERTS, Database.Statement>;
  readonly #counts = noCounts();

  constructor(db: Database.Database, identity: ReleaseIdentity, now: Date) {
    this.#db = db;
    this.#identity = identity;
    const { layer, source, name, digest, builtOn, writer } = identity;
    const inserted = db
      .prepare(
        `INSERT INTO release (layer, source, name, digest, built_on, state, writer, touched_at, content)
         VALUES (?, ?, ?, ?, ?, 'writing', ?, ?, '{}')`,
      )
      .run(layer, source, name, digest, builtOn, writer, now.getTime());
    this.#release = Number(inserted.lastInsertRowid);
    this.#insert = Object.fromEntries(
      Object.entries(INSERTS).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as unknown as Record<keyof typeof INSERTS, Database.Statement>;
  }

  /**
   * Writes a batch in one transaction.
   * @throws ReleaseLostError
   */
  write(rows: LibraryRows, now: Date): void {
    this.#inTransaction(now, () => {
      this.#writeCatalogue(rows);
      this.#writeCodes(rows);
    });
    for (const kind of ROW_KINDS) this.#counts[kind] += rows[kind].length;
  }

  /** Writes in one short transaction, and shows that the writer lives. */
  #inTransaction(now: Date, write: () => void): void {
    this.#db
      .transaction(() => {
        const touched = this.#db
          .prepare("UPDATE release SET touched_at = ? WHERE id = ? AND state = 'writing'")
          .run(now.getTime(), this.#release);
        if (touched.changes === 0) throw new ReleaseLostError(`release ${this.#identity.name} is no longer there`);
        write();
      })
      .immediate();
  }

  #writeCatalogue({ publishers, articles, texts }: LibraryRows): void {
    const { publisher, article, text } = this.#insert;
    const release = this.#release;
    for (const row of publishers) publisher.run(release, row.id, JSON.stringify(row));
    for (const { id, ...facts } of articles) article.run(release, id, JSON.stringify(facts));
    for (const { article: id, language, ...facts } of texts) text.run(release, id, language, JSON.stringify(facts));
  }

  #writeCodes({ mappings, crosswalks, concepts, synonyms }: LibraryRows): void {
    const { mapping, crosswalk, concept, synonym } = this.#insert;
    const release = this.#release;
    for (const row of mappings) {
      const { system, code, article = '', relationship, rank, sensitivity = null, origin, note } = row;
      mapping.run(release, system, code, article, relationship, rank, sensitivity, origin, note);
    }
    for (const { from, to, relationship } of crosswalks) {
      crosswalk.run(release, from.system, from.code, to.system, to.code, relationship);
    }
    for (const { system, code, title, parent = null, billable, active, names } of concepts) {
      concept.run(
        release,
        system,
        code,
        title,
        parent,
        asNumber(billable),
        asNumber(active),
        names.length === 0 ? '[]' : JSON.stringify(names),
      );
    }
    for (const { term, means, language } of synonyms) synonym.run(release, term, means, language);
  }

  /** Indexes the release for search and makes it its source's active one; what it replaces is kept for a rollback. */
  finish(complete: readonly CodeSystemId[], now: Date): ReleaseContent {
    const { layer, source } = this.#identity;
    indexRelease(this.#db, this.#release, (write) => {
      this.#inTransaction(now, write);
    });
    const before = activeReleaseOf(this.#db, layer, source);
    const changes = changesBetween(this.#db, before?.id, this.#release);
    return this.#db
      .transaction((): ReleaseContent => {
        const replaced = activeReleaseOf(this.#db, layer, source)?.id ?? null;
        const content: ReleaseContent = { rows: { ...this.#counts }, complete, changes, replaced };
        const finished = this.#db
          .prepare("UPDATE release SET state = 'ready', content = ? WHERE id = ? AND state = 'writing'")
          .run(JSON.stringify(content), this.#release);
        if (finished.changes === 0) throw new ReleaseLostError(`release ${this.#identity.name} is no longer there`);
        activate(this.#db, { id: this.#release, layer, source }, now);
        return content;
      })
      .immediate();
  }

  /** Takes the unfinished release away. */
  abort(): void {
    dropRelease(this.#db, this.#release);
    this.#db.prepare('DELETE FROM release WHERE id = ?').run(this.#release);
  }
}
