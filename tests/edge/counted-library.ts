import type { ManagedLibrary, LibraryStatus } from '../../src/core/model/library.js';
import type { OpenedLibrary } from '../../src/library/open.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';

/** The real library with a hand on it: counts questions, can claim another release, hold answers back or fail. */
export interface CountedLibrary {
  readonly library: ManagedLibrary;
  readonly asked: () => number;
  readonly swapTo: (release: string | undefined) => void;
  /** Other content comes under the name that the release has. */
  readonly changeContent: () => void;
  /** Does something within the next question. */
  readonly duringNext: (act: () => void) => void;
  /** Questions whether it is ready wait from now on for the returned function. */
  readonly hold: () => () => void;
  readonly failWith: (error: Error | undefined) => void;
  readonly remove: () => void;
}

/** Opens a library of its own; closed with the connector that it is given to. */
export async function openCounted(): Promise<CountedLibrary> {
  const folder = temporaryFolder();
  const { library: inner }: OpenedLibrary = await openTestLibrary(testConfig(folder.path));
  let count = 0;
  let release: string | undefined;
  let changes = 0;
  let gate = Promise.resolve();
  let failure: Error | undefined;
  let during: (() => void) | undefined;
  const through = <T>(answer: () => T): T => {
    count += 1;
    during?.();
    during = undefined;
    if (failure) throw failure;
    return answer();
  };
  let told: { base: LibraryStatus; changes: number; status: LibraryStatus } | undefined;
  const library: ManagedLibrary = {
    // The same until another is claimed, as the port promises.
    status: () => {
      const base = inner.status();
      const status = { ...base, release: release ?? base.release };
      if (told?.base !== base || told.status.release !== status.release || told.changes !== changes)
        told = { base, changes, status };
      return told.status;
    },
    findRevision: (thing) => `${release ?? ''} ${changes} ${inner.findRevision(thing)}`,
    findMappings: (codings) => through(() => inner.findMappings(codings)),
    findArticles: (ids) => through(() => inner.findArticles(ids)),
    findLeaflets: (coding) => through(() => inner.findLeaflets(coding)),
    findSuppressed: () => through(() => inner.findSuppressed()),
    findCodes: (id) => through(() => inner.findCodes(id)),
    findReleaseDate: (id) => through(() => inner.findReleaseDate(id)),
    findArticleIds: (of) => through(() => inner.findArticleIds(of)),
    findWithdrawn: (of) => through(() => inner.findWithdrawn(of)),
    findConcepts: (codings) => through(() => inner.findConcepts(codings)),
    findReleases: (most) => through(() => inner.findReleases(most)),
    search: {
      get indexes() {
        return inner.search.indexes;
      },
      findTerms: (request) => through(() => inner.search.findTerms(request)),
      findSimilarTerms: (sounds, most) => through(() => inner.search.findSimilarTerms(sounds, most)),
      findDocuments: (refs) => through(() => inner.search.findDocuments(refs)),
      findSummariesWith: (terms) => through(() => inner.search.findSummariesWith(terms)),
      findSynonyms: (terms) => through(() => inner.search.findSynonyms(terms)),
    },
    terminology: {
      findConceptsBelow: (codings, most) => through(() => inner.terminology.findConceptsBelow(codings, most)),
      listConcepts: (system, after, most) => through(() => inner.terminology.listConcepts(system, after, most)),
      findChildren: (coding) => through(() => inner.terminology.findChildren(coding)),
      listMappings: (...asked) => through(() => inner.terminology.listMappings(...asked)),
      listCrosswalks: (...asked) => through(() => inner.terminology.listCrosswalks(...asked)),
      findCrosswalks: (coding, end) => through(() => inner.terminology.findCrosswalks(coding, end)),
    },
    connections: () => inner.connections(),
    storeLag: () => inner.storeLag(),
    ready: async () => {
      count += 1;
      await gate;
      return inner.ready();
    },
    close: () => inner.close(),
  };
  return {
    library,
    asked: () => count,
    swapTo: (name) => (release = name),
    changeContent: () => (changes += 1),
    duringNext: (act) => (during = act),
    hold: () => {
      let open: () => void = () => undefined;
      gate = new Promise((resolve) => (open = resolve));
      return open;
    },
    failWith: (error) => (failure = error),
    remove: folder.remove,
  };
}
