import { RequestError } from '../../../core/errors.js';
import type { WrittenStore } from '../../../core/model/written-store.js';
import type { Interaction } from '../rest/interaction.js';
import type { ReadInteractions } from '../search/resource-module.js';

const NOT_FOUND: ReadonlySet<string> = new Set(['article-not-found', 'resource-not-found']);

/** Adds to the reads of a type that a site may write: what the site has deleted is 410, and not 404. */
export function reportDeleted(type: string, store: WrittenStore, { read, vread }: ReadInteractions): ReadInteractions {
  const orGone =
    (run: Interaction): Interaction =>
    async (request, path) => {
      try {
        return await run(request, path);
      } catch (error) {
        if (!(error instanceof RequestError) || !NOT_FOUND.has(error.code)) throw error;
        const [latest] = await store.findLatest(type, [path.id ?? '']);
        // A resource that is there and is not served (a site suppresses it) was not deleted.
        throw latest && latest.content === undefined ? new RequestError('resource-gone') : error;
      }
    };
  return { read: orGone(read), vread: orGone(vread) };
}
