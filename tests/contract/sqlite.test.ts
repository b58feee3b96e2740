import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { libraryContract } from './library-contract.js';
import { openSeedLayers, putSeedFile } from './seed-layers.js';

libraryContract('a library file', async (layers) => {
  const folder = temporaryFolder();
  const places = seedPlaces(folder.path);
  await putSeedFile(places, layers);
  return openSeedLayers(places, layers, async () => {
    folder.remove();
  });
});
