import { join } from 'node:path';
import type { Layer } from '../../src/core/model/library.js';
import { writeLinkChecks } from '../../src/library/link-checks.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, createDatabase, openLibrary } from '../../src/library/open.js';
import type { SourceFolders } from '../../src/build/read-source.js';
import { readSource } from '../../src/build/read-source.js';
import { Releases } from '../../src/library/releases.js';
import { deactivate } from '../../src/store/release-store.js';
import { ReleaseWriter } from '../../src/build/release-writer.js';
import { SEED, buildElsewhere } from '../library/places.js';
import { copyLibrary } from '../support/library-file.js';
import { onceARun } from '../support/once-a-run.js';
import type { SeededLibrary } from './seeded-library.js';

/** Layers that no command writes yet, put in as an importer and the FHIR interface will. */
const WRITTEN_APART = ['imported', 'written'] as const;

const seedFolders = (layer: Layer): SourceFolders => ({
  articlesDir: join(SEED, layer, 'articles'),
  mappingsDir: join(SEED, layer, 'mappings'),
  conceptsDir: join(SEED, layer, 'code-systems'),
  searchDir: join(SEED, layer, 'search'),
});

async function layApart(options: OpenOptions, layers: readonly Layer[]): Promise<void> {
  const db = await createDatabase(options).connect();
  await db.transaction(async () => {
    for (const layer of WRITTEN_APART) {
      const name = `${layer}-seed`;
      await deactivate(db, layer, name, new Date(0));
      if (!layers.includes(layer)) continue;
      const source = readSource(seedFolders(layer), options.resourcesDir);
      const identity = { layer, source: name, name, digest: layer, builtOn: '2026-01-02' };
      const release = new ReleaseWriter(db, identity, options.resourcesDir);
      await release.write(source);
      await release.finish([], new Date());
    }
  });
  await db.close();
}

const withLayers = (places: OpenOptions, layers: readonly Layer[]): OpenOptions => ({
  ...places,
  localLibrary: layers.includes('local') ? join(SEED, 'local') : undefined,
});

/** Lays layers of the seed into the database that the options name, in place of those that are there. */
async function layDown(places: OpenOptions, layers: readonly Layer[]): Promise<void> {
  await buildLibraryFile(withLayers(places, layers), false, ['starter', 'local']);
  await layApart(places, layers);
}

/** Lays layers of the seed into the library file that the options name: a copy of one that is built once a run. */
export async function putSeedFile(places: OpenOptions, layers: readonly Layer[]): Promise<void> {
  const file = await onceARun(`seed-${layers.join('-')}`, async (run) => {
    const libraryPath = join(run, `seed-${layers.join('-')}.db`);
    await layDown({ ...places, libraryPath }, layers);
    return libraryPath;
  });
  copyLibrary(file, places.libraryPath);
}

/** Opens the library that the options name, with these layers of the seed in it. */
export async function openSeedLayers(
  places: OpenOptions,
  layers: readonly Layer[],
  takeAway: () => Promise<void>,
): Promise<SeededLibrary> {
  const options = withLayers(places, layers);
  const { library } = await openLibrary(options);
  return {
    library,
    relay: async (wanted, by = 'another connection') => {
      if (by === 'another connection') return layDown(places, wanted);
      await buildElsewhere(withLayers(places, wanted));
      await layApart(options, wanted);
    },
    checkLinks: async (checks) => {
      await writeLinkChecks(options, checks);
    },
    importRows: async (rows, source = 'paper', builtOn = '2026-01-02') => {
      const releases = await Releases.open(options);
      const target = await releases.begin({ source, name: source, builtOn });
      await target.write(rows);
      await target.finish([]);
      await releases.close();
    },
    remove: async () => {
      await library.close();
      await takeAway();
    },
  };
}
