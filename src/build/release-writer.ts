import type { CodeSystemId } from '../core/code-systems.js';
import type { ReleaseIdentity } from '../catalogue/release-facts.js';
import { tellsWithdrawn } from '../catalogue/release-facts.js';
import type { Connection } from '../store/connection.js';
import { fetchFiles } from '../store/fetch-release.js';
import type { ReleaseContent } from '../store/release-content.js';
import type { StoredRelease } from '../store/release-store.js';
import { activate, activeReleaseOf, addRelease } from '../store/release-store.js';
import { changesBetween } from './release-changes.js';
import { ReleaseDraft } from './release-draft.js';
import type { LibraryRows } from './source.js';
import { ROW_KINDS, noCounts } from './source.js';

/** What a release is called, and what it is built from. */
export interface WrittenIdentity extends ReleaseIdentity {
  /** Digest of the files it is built from; empty where it comes from elsewhere. */
  readonly digest: string;
  /** ISO 8601 day. */
  readonly builtOn: string;
}

/**
 * Writes one release: its rows in batches into a file of its own, then the swap. Readers see the old release until then; whatever
 * ends the writer before leaves the old one serving.
 */
export class ReleaseWriter {
  readonly #db: Connection;
  readonly #identity: WrittenIdentity;
  readonly #draft: ReleaseDraft;
  readonly #counts = noCounts();

  /** @throws Error where no file can be written */
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
   * Indexes the release for search and makes it its source's active one; what it replaces is kept for a rollback.
   * @param complete code systems of which it holds every code
   * @param nameNow the release's name, asked when nobody else writes; undefined: the identity's
   */
  async finish(
    complete: readonly CodeSystemId[],
    now: Date,
    nameNow: () => Promise<string> = async () => this.#identity.name,
  ): Promise<ReleaseContent> {
    const { layer, source } = this.#identity;
    await this.#draft.index();
    for (;;) {
      const before = await activeReleaseOf(this.#db, layer, source);
      // Another machine may have brought it into use since this one last looked.
      if (before) await fetchFiles(this.#db, this.#db.releases, [before]);
      const content = this.#complete(before, complete);
      const finished = await this.#db.releases.measure(this.#draft.path);
      const isDone = await this.#db.transaction(async () => {
        // What it was compared with may have been replaced meanwhile.
        if ((await activeReleaseOf(this.#db, layer, source))?.id !== before?.id) return false;
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

  /** Adds what depends on the release before, and closes the file. */
  #complete(before: StoredRelease | undefined, complete: readonly CodeSystemId[]): ReleaseContent {
    const path = before && this.#db.releases.pathOf(before.file);
    if (path !== undefined && tellsWithdrawn(this.#identity)) this.#draft.keepLastKnown(path);
    this.#draft.close();
    const changes = changesBetween(path, this.#draft.path);
    return { rows: { ...this.#counts }, complete, changes, replaced: before?.id ?? null };
  }

  /** Takes the unfinished release away. */
  abort(): void {
    this.#draft.discard();
  }
}
