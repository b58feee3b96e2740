import { afterAll, beforeAll } from '@jest/globals';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import { openTestLibrary, temporaryFolder, testConfig } from './connector.js';

/** Opens the shipped library before the tests of a suite, and closes it after them. */
export function openForSuite(): { readonly library: ManagedLibrary } {
  const folder = temporaryFolder();
  let opened: ManagedLibrary | undefined;
  beforeAll(async () => {
    ({ library: opened } = await openTestLibrary(testConfig(folder.path)));
  });
  afterAll(async () => {
    await opened?.close();
    folder.remove();
  });
  return {
    get library() {
      if (!opened) throw new Error('The library is open in tests alone.');
      return opened;
    },
  };
}
