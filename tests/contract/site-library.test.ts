import { NO_POLICY } from '../../src/core/site-policy.js';
import { SiteLibrary } from '../../src/catalogue/site-library.js';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { libraryContract } from './library-contract.js';
import { openSeedLayers, putSeedFile } from './seed-layers.js';

// A policy that decides nothing changes nothing of the library that is given by it.
libraryContract('a library by an empty policy', async (layers) => {
  const folder = temporaryFolder();
  const places = seedPlaces(folder.path);
  await putSeedFile(places, layers);
  const seeded = await openSeedLayers(places, layers, async () => {
    folder.remove();
  });
  return { ...seeded, library: new SiteLibrary(seeded.library, () => NO_POLICY) };
});
