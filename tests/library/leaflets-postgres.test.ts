import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { PATIENT, section, type LabelParts } from '../import/spl/build-label.js';
import { temporaryFolder, testConfig } from '../support/connector.js';
import { importLabels, leafletId, setIdOf } from '../support/import-labels.js';
import { ownPostgres } from '../support/suite-postgres.js';
import { seedPlaces } from './places.js';

const server = ownPostgres();
let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
const libraries: ManagedLibrary[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  const seed = seedPlaces(join(folder.path, 'seed'));
  cpSync('resources/drugs', join(seed.resourcesDir, 'drugs'), { recursive: true });
  cpSync('resources/i18n', join(seed.resourcesDir, 'i18n'), { recursive: true });
  places = { ...seed, database: { url: await server().createDatabase(), maxConnections: 3 } };
  await buildLibraryFile(places);
});
afterAll(async () => {
  for (const library of libraries) await library.close();
  folder.remove();
});

const open = async (): Promise<ManagedLibrary> => {
  const { library } = await openLibrary(places);
  libraries.push(library);
  return library;
};
const config = (): Config => ({ ...testConfig(folder.path), ...places });
const label = (number: number, parts: LabelParts): LabelParts => ({
  setId: setIdOf(number),
  name: 'Warfarin Sodium',
  ingredients: [['WARFARIN SODIUM', 'WARFARIN']],
  sections: section(PATIENT, 'Titulus', `<paragraph>${`Lorem ${number}. `.repeat(20)}</paragraph>`),
  ...parts,
});
const PACKAGE = { system: 'ndc', code: '00093172101' } as const;
const DRUG = { system: 'rxnorm', code: '855332' } as const;

test('leaflets in a PostgreSQL are found by package, drug and word, by every instance, and follow the next import', async () => {
  const [library, other] = [await open(), await open()];
  await importLabels({ config: config(), library }, folder.path, [label(1, { ndcs: ['0093-1721-01'] })]);
  while (!other.status().release.includes('drug-labels')) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const one of [library, other]) {
    expect(one.findLeaflets(PACKAGE)).toEqual({ articles: [leafletId(1)], reason: undefined });
    expect(one.findLeaflets(DRUG)?.articles).toEqual([leafletId(1)]);
    expect(one.findArticleIds({ leafletWord: 'warfarin', most: 10 })).toEqual([leafletId(1)]);
    expect(one.findCodes(leafletId(1)).toArray()).toContainEqual({ ...PACKAGE, relationship: 'equivalent' });
    expect(one.findArticles([leafletId(1)])[0]?.texts.en?.summary?.html).toContain('Lorem 1.');
  }
  // A newer version of the label, and another label: the older version is gone.
  await importLabels({ config: config(), library }, folder.path, [
    label(1, { ndcs: ['0093-1721-01'], version: 2 }),
    label(1, { ndcs: ['0093-1721-01'], version: 9, day: '20260101' }),
    label(2, { ndcs: ['0832-1216-00'], name: 'Jantoven' }),
  ]);
  expect(library.findArticles([leafletId(1)])[0]?.leaflet).toMatchObject({ version: 9, effectiveOn: '2026-01-01' });
  expect(library.findLeaflets({ system: 'ndc', code: '00832121600' })?.articles).toEqual([leafletId(2)]);
}, 60_000);
