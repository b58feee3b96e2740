import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openInput } from '../../../src/import/read/input-files.js';
import { runImport } from '../../../src/import/run-import.js';
import { findImportSource } from '../../../src/import/sources.js';
import { openLibrary } from '../../../src/library/open.js';
import { Releases } from '../../../src/library/releases.js';
import { seedPlaces, writeFiles } from '../../library/places.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector, temporaryFolder } from '../../support/connector.js';
import { matchesOf, searchFhir } from './fhir-server.js';

const SITE = {
  'articles/publisher.csv': 'id,name,url,licensed\nclinic,The Clinic,,false\nseller,The Seller,,true\n',
  'articles/publisher.en.csv': 'id,attribution\nclinic,Source: The Clinic\nseller,Source: The Seller\n',
  'articles/local.csv': 'id,publisher\nlocal-inhaler,clinic\nlocal-licensed,seller\n',
  'articles/local.en.csv':
    'id,title,url,summary\n' +
    'local-inhaler,Your inhaler,https://clinic.example/inhaler.pdf,Spacers & nebulizers\n' +
    'local-licensed,Another,https://seller.example/x.html,Spacers & nebulizers\n',
};

const folder = temporaryFolder();
const options = seedPlaces(join(folder.path, 'seed'));
let connector: TestConnector;
beforeAll(async () => {
  const source = findImportSource('csv');
  if (!source) throw new RangeError('no source csv');
  const releases = await Releases.open(options);
  const input = await openInput(writeFiles(join(folder.path, 'site'), SITE));
  await runImport(source, input.files, {
    begin: (identity) => releases.begin(identity),
    rowsBefore: undefined,
    hasArticle: () => false,
    isMapped: () => false,
    resourcesDir: options.resourcesDir,
    today: '2026-11-24',
    onRows: () => undefined,
  });
  input.close();
  await releases.close();
  connector = await startConnector({ library: (await openLibrary(options)).library });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

test.each([
  ['_text=nebulizer', ['local-inhaler-en']],
  ['_content=nebulizers%20inhaler', ['local-inhaler-en']],
  ['_text=amp', []],
  ['_text=p%20clinic', []],
])('%s finds the words of a summary that is shown, and of no other', async (query, ids) => {
  const found = await searchFhir(connector.url, query);
  expect(matchesOf(found).map(({ id }) => id)).toEqual(ids);
  for (const { text } of matchesOf(found)) expect(text?.div.toLowerCase()).toContain('nebulizer');
});
