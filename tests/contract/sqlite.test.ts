import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Layer } from '../../src/core/library.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { createRowReader } from '../../src/library/read-rows.js';
import { readSource } from '../../src/library/read-source.js';
import { dropLayer, writeRelease } from '../../src/library/sqlite/write-release.js';
import { SEED, buildElsewhere, seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { libraryContract } from './library-contract.js';
import type { SeededLibrary } from './seeded-library.js';

/** Layers that no command writes yet, put in as an importer and the FHIR interface will. */
const WRITTEN_APART = ['imported', 'written'] as const;

function layApart(options: OpenOptions, layers: readonly Layer[]): void {
  const db = new Database(options.libraryPath);
  const reader = createRowReader(options.resourcesDir);
  db.transaction(() => {
    for (const layer of WRITTEN_APART) {
      dropLayer(db, layer);
      if (!layers.includes(layer)) continue;
      const source = readSource(join(SEED, layer, 'articles'), join(SEED, layer, 'mappings'), reader);
      writeRelease(db, { layer, name: `${layer}-seed`, digest: layer, builtOn: '2026-01-02' }, source);
    }
  })();
  db.close();
}

async function openSeed(layers: readonly Layer[]): Promise<SeededLibrary> {
  const folder = temporaryFolder();
  const optionsFor = (wanted: readonly Layer[]): OpenOptions => ({
    ...seedPlaces(folder.path),
    localLibrary: wanted.includes('local') ? join(SEED, 'local') : undefined,
  });
  const options = optionsFor(layers);
  buildLibraryFile(options);
  layApart(options, layers);
  const { library } = openLibrary(options);
  return {
    library,
    relay: async (wanted) => {
      await buildElsewhere(optionsFor(wanted));
      layApart(options, wanted);
    },
    remove: async () => {
      await library.close();
      folder.remove();
    },
  };
}

libraryContract('SqliteLibrary', openSeed);
