import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { libraryContract } from './library-contract.js';
import { openSeedLayers } from './seed-layers.js';

libraryContract('a library file', async (layers) => {
  const folder = temporaryFolder();
  return openSeedLayers(seedPlaces(folder.path), layers, async () => {
    folder.remove();
  });
});
