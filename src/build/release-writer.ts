import { NAMED_FOR_LOOKUPS, type CodeSystemId } from '../core/codes/code-systems.js';
import { reportsWithdrawn } from '../catalogue/releases/release-facts.js';
import type { ReleaseIdentity } from '../core/model/library.js';
import type { Connection } from '../store/connection.js';
import { fetchFiles } from '../store/fetch-release.js';
import type { ReleaseContent } from '../store/release-content.js';
import { activate, findActiveRelease, addRelease, type StoredRelease } from '../store/release-store.js';
import { countChanges } from './release-changes.js';
import { ReleaseDraft } from './release-draft.js';
import { ROW_KINDS, createCounts, type LibraryRows } from './source.js';

/** The name of a release, and its origin. */
export interface WrittenIdentity extends ReleaseIdentity {
  /** Digest of the files that it is built from; empty for other releases. */
  readonly digest: string;
  /** ISO 8601 day. */
  readonly builtOn: string;
}

/**
 * Writes one release: its rows in batches to a new file, then the swap. Readers see the old release until then; if the
 * writer is interrupted, the old one continues to serve.
 */
export class ReleaseWriter {
  readonly #db: Connection;
  readonly #identity: WrittenIdentity;
  readonly #draft: ReleaseDraft;
  readonly #counts = createCounts();

  /** @throws Error if no file can be written */
  constructor(db: Connection, identity: WrittenIdentity, resourcesDir: string) {
    this.#db = db;
    this.#identity = identity;
    this.#draft = new ReleaseDraft(db.releases.newPath(), resourcesDir);
  }

  async write(rows: LibraryRows): Promise<void> {
    await this.#draft.write(rows);
    for (const kind of ROW_KINDS) this.#counts[kind] += rows[kind].length;
  }

  /**
   * Indexes the release for search and makes it its source's active one; the replaced one is retained for a rollback.
   * @param complete code systems of which it has every code
   * @param nameNow returns the release's name while no other writer is active; undefined: the identity's
   */
  async finish(
    complete: readonly CodeSystemId[],
    now: Date,
    nameNow: () => Promise<string> = async () => this.#identity.name,
  ): Promise<ReleaseContent> {
    const { layer, source } = this.#identity;
    await this.#draft.index(layer === 'starter' ? [...NAMED_FOR_LOOKUPS] : []);
    for (;;) {
      const before = await findActiveRelease(this.#db, layer, source);
      // Another machine may have activated it since the last check.
      if (before) await fetchFiles(this.#db, this.#db.releases, [before]);
      const content = this.#complete(before, complete);
      const finished = await this.#db.releases.measure(this.#draft.path);
      const isDone = await this.#db.transaction(async () => {
        // The release that it was compared with may have been replaced in the meantime.
        if ((await findActiveRelease(this.#db, layer, source))?.id !== before?.id) return false;
        await this.#db.releases.put(this.#draft.path, finished);
        const identity = { ...this.#identity, name: await nameNow() };
        const release = await addRelease(this.#db, { ...identity, ...finished, content });
        await activate(this.#db, release, now);
        return true;
      });
      if (isDone) return content;
      this.#draft.reopen();
    }
  }

  /** Adds the data that depends on the previous release, and closes the file. */
  #complete(before: StoredRelease | undefined, complete: readonly CodeSystemId[]): ReleaseContent {
    const path = before && this.#db.releases.buildPath(before.file);
    if (path !== undefined && reportsWithdrawn(this.#identity)) this.#draft.carryOverLastKnown(path);
    this.#draft.close();
    const changes = countChanges(path, this.#draft.path);
    return { rows: { ...this.#counts }, complete, changes, replaced: before?.id ?? null };
  }

  /** Deletes the unfinished release. */
  abort(): void {
    this.#draft.discard();
  }
}
