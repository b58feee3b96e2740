import type { OpenOptions, OpenedLibrary } from '../../src/library/open.js';
import { openLibrary } from '../../src/library/open.js';
import type { OpenedStore } from './written-contract.js';

/** Opens the library that the options name, as one process and, on wish, as others. */
export async function openWrittenStore(places: OpenOptions, takeAway: () => void): Promise<OpenedStore> {
  const all: OpenedLibrary[] = [];
  const another = async () => {
    const opened = await openLibrary(places);
    all.push(opened);
    return { store: opened.written, library: opened.library };
  };
  return {
    ...(await another()),
    another,
    remove: async () => {
      for (const { written, library } of all) {
        await written.close();
        await library.close();
      }
      takeAway();
    },
  };
}
