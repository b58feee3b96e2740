import type { Layer } from '../../src/core/library.js';
import type { OpenOptions } from '../../src/library/open.js';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { beLongSuffering } from '../support/patience.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { libraryContract } from './library-contract.js';
import { layDown, openSeedLayers } from './seed-layers.js';

const server = suitePostgres();
beLongSuffering();

/** Databases with layers of the seed in them, by these layers: each is built once, and others are copied from it. */
const templates = new Map<string, Promise<string>>();
async function createTemplate(places: OpenOptions, layers: readonly Layer[]): Promise<string> {
  const url = await server().createDatabase();
  await layDown({ ...places, database: { url, maxConnections: 4 } }, layers);
  return new URL(url).pathname.slice(1);
}

libraryContract('PostgreSQL', async (layers) => {
  const folder = temporaryFolder();
  const places = seedPlaces(folder.path);
  const key = layers.join(' ');
  const template = templates.get(key) ?? createTemplate(places, layers);
  templates.set(key, template);
  const database = { url: await server().createDatabase(`TEMPLATE ${await template}`), maxConnections: 4 };
  return openSeedLayers({ ...places, database }, layers, async () => {
    folder.remove();
  });
});
