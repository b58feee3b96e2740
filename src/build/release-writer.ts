import type { CodeSystemId } from '../core/code-systems.js';
import type { Layer } from '../core/library.js';
import type { LibraryRows } from './source.js';
import { ROW_KINDS, noCounts } from './source.js';
import { indexRelease } from './index-release.js';
import { changesBetween } from './release-changes.js';
import type { Connection, Value } from '../store/connection.js';
import type { ReleaseContent } from '../store/release-content.js';
import {
  ReleaseLostError,
  activeReleaseOf,
  activate,
  forgetInPieces,
  forgetRelease,
  isDiskFull,
} from '../store/release-store.js';
import type { TableName } from '../store/tables.js';

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

const asNumber = (flag: boolean | undefined): number | null => (flag === undefined ? null : Number(flag));

/** The rows of a batch as the tables take them. */
function* tableRows(release: number, rows: LibraryRows): Generator<[TableName, Value[][]]> {
  const { publishers, articles, texts, mappings, crosswalks, concepts, synonyms } = rows;
  yield ['publisher', publishers.map((row) => [release, row.id, JSON.stringify(row)])];
  yield ['article', articles.map(({ id, ...facts }) => [release, id, JSON.stringify(facts)])];
  const ofText = texts.map(({ article, language, ...facts }) => [release, article, language, JSON.stringify(facts)]);
  yield ['article_text', ofText];
  const ofMapping = mappings.map((row) => {
    const { system, code, article = '', relationship, rank, sensitivity = null, origin, note } = row;
    return [release, system, code, article, relationship, rank, sensitivity, origin, note];
  });
  yield ['mapping', ofMapping];
  const ofCrosswalk = crosswalks.map(({ from, to, relationship }) => {
    return [release, from.system, from.code, to.system, to.code, relationship];
  });
  yield ['crosswalk', ofCrosswalk];
  const ofConcept = concepts.map(({ system, code, title, parent = null, billable, active, names }) => {
    const others = names.length === 0 ? '[]' : JSON.stringify(names);
    return [release, system, code, title, parent, asNumber(billable), asNumber(active), others];
  });
  yield ['concept', ofConcept];
  yield ['search_synonym', synonyms.map(({ term, means, language }) => [release, term, means, language])];
}

/**
 * Writes one release: its rows in batches while it is inactive, each a short transaction, then the swap. Readers see the
 * old release until then; whatever ends the writer before leaves the old one serving.
 */
export class ReleaseWriter {
  readonly #db: Connection;
  readonly #identity: ReleaseIdentity;
  readonly #release: number;
  readonly #counts = noCounts();

  private constructor(db: Connection, identity: ReleaseIdentity, release: number) {
    this.#db = db;
    this.#identity = identity;
    this.#release = release;
  }

  static async begin(db: Connection, identity: ReleaseIdentity): Promise<ReleaseWriter> {
    const { layer, source, name, digest, builtOn, writer } = identity;
    const release = await db.transaction(async () => {
      const [inserted] = await db.all<{ id: number }>(
        `INSERT INTO release (layer, source, name, digest, built_on, state, writer, touched_at, content)
         VALUES ($1, $2, $3, $4, $5, 'writing', $6, ${db.nowMs}, '{}') RETURNING id`,
        ...[layer, source, name, digest, builtOn, writer],
      );
      return inserted?.id ?? 0;
    });
    return new ReleaseWriter(db, identity, release);
  }

  /**
   * Writes a batch in one transaction.
   * @throws ReleaseLostError
   */
  async write(rows: LibraryRows): Promise<void> {
    await this.#inTransaction(async () => {
      for (const [table, ofTable] of tableRows(this.#release, rows)) await this.#db.insert(table, ofTable);
    });
    for (const kind of ROW_KINDS) this.#counts[kind] += rows[kind].length;
  }

  /** Writes in one short transaction, and shows that the writer lives. */
  #inTransaction(write: () => Promise<void>): Promise<void> {
    return this.#db.transaction(async () => {
      const touched = await this.#db.run(
        `UPDATE release SET touched_at = ${this.#db.nowMs} WHERE id = $1 AND state = 'writing'`,
        this.#release,
      );
      if (touched === 0) throw new ReleaseLostError(this.#identity.name);
      await write();
    });
  }

  /** Indexes the release for search and makes it its source's active one; what it replaces is kept for a rollback. */
  async finish(complete: readonly CodeSystemId[], now: Date): Promise<ReleaseContent> {
    const { layer, source, name } = this.#identity;
    await indexRelease(this.#db, this.#release, (write) => this.#inTransaction(write));
    const before = await activeReleaseOf(this.#db, layer, source);
    const changes = await changesBetween(this.#db, before?.id, this.#release);
    return this.#db.transaction(async (): Promise<ReleaseContent> => {
      const replaced = (await activeReleaseOf(this.#db, layer, source))?.id ?? null;
      const content: ReleaseContent = { rows: { ...this.#counts }, complete, changes, replaced };
      const finished = await this.#db.run(
        "UPDATE release SET state = 'ready', content = $1 WHERE id = $2 AND state = 'writing'",
        JSON.stringify(content),
        this.#release,
      );
      if (finished === 0) throw new ReleaseLostError(this.#identity.name);
      await activate(this.#db, { id: this.#release, layer, source, name }, now);
      return content;
    });
  }

  /** Takes the unfinished release away. */
  async abort(): Promise<void> {
    try {
      await forgetRelease(this.#db, this.#release);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await forgetInPieces(this.#db, this.#release);
    }
  }
}
