import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Layer } from '../../src/core/library.js';
import { writeLinkChecks } from '../../src/library/link-checks.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { createRowReader } from '../../src/library/read-rows.js';
import type { SourceFolders } from '../../src/library/read-source.js';
import { readSource } from '../../src/library/read-source.js';
import { deactivate } from '../../src/library/sqlite/release-store.js';
import { ReleaseWriter } from '../../src/library/sqlite/release-writer.js';
import { SEED, buildElsewhere, seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { libraryContract } from './library-contract.js';
import type { SeededLibrary } from './seeded-library.js';

/** Layers that no command writes yet, put in as an importer and the FHIR interface will. */
const WRITTEN_APART = ['imported', 'written'] as const;

const seedFolders = (layer: Layer): SourceFolders => ({
  articlesDir: join(SEED, layer, 'articles'),
  mappingsDir: join(SEED, layer, 'mappings'),
  conceptsDir: join(SEED, layer, 'code-systems'),
  searchDir: join(SEED, layer, 'search'),
});

function layApart(options: OpenOptions, layers: readonly Layer[]): void {
  const db = new Database(options.libraryPath);
  const reader = createRowReader(options.resourcesDir);
  db.transaction(() => {
    for (const layer of WRITTEN_APART) {
      deactivate(db, layer, `${layer}-seed`, new Date(0));
      if (!layers.includes(layer)) continue;
      const source = readSource(seedFolders(layer), reader);
      const name = `${layer}-seed`;
      const identity = { layer, source: name, name, digest: layer, builtOn: '2026-01-02', writer: 'test:1' };
      const release = new ReleaseWriter(db, identity, new Date());
      release.write(source, new Date());
      release.finish([], new Date());
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
    checkLinks: (checks) => {
      writeLinkChecks(options, checks);
    },
    remove: async () => {
      await library.close();
      folder.remove();
    },
  };
}

libraryContract('SqliteLibrary', openSeed);
