import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { openWrittenStore } from './open-written-store.js';
import { writtenContract } from './written-contract.js';

writtenContract('what is written into a library file', () => {
  const folder = temporaryFolder();
  return openWrittenStore(seedPlaces(folder.path), folder.remove);
});
