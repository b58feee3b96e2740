import { afterAll, expect, test } from '@jest/globals';
import type { RouteRequest } from '../../../src/protocols/route.js';
import { NO_VOCABULARY } from '../../../src/core/words/vocabulary.js';
import { createChartReader } from '../../../src/create-chart-reader.js';
import { HandoutPrinter } from '../../../src/handout/handout-printer.js';
import { HelpLines } from '../../../src/handout/help-lines.js';
import { HouseTexts } from '../../../src/handout/house-texts.js';
import { loadTexts } from '../../../src/texts.js';
import { loadAssets } from '../../../src/web/asset-files.js';
import { createCatalogue } from '../../../src/web/catalogue.js';
import { browseRoute } from '../../../src/web/pages/browse-page.js';
import { openCounted } from '../../edge/counted-library.js';
import { TEST_TIME, temporaryFolder, testConfig } from '../../support/connector.js';

const folder = temporaryFolder();
const { library, asked, swapTo, remove } = await openCounted();
afterAll(async () => {
  await library.close();
  remove();
  folder.remove();
});

test('what browsing needs is read before anybody browses, once for each release', async () => {
  const config = testConfig(folder.path);
  const { resourcesDir, timeZone } = config;
  const browse = browseRoute({
    ...config,
    library,
    vocabulary: NO_VOCABULARY,
    catalogue: createCatalogue(library),
    terminologySource: undefined,
    texts: loadTexts(resourcesDir),
    assets: loadAssets(resourcesDir),
    wardLists: [],
    feedback: undefined,
    readChart: createChartReader(timeZone),
    printer: new HandoutPrinter(undefined),
    helpLines: new HelpLines(resourcesDir),
    houseTexts: new HouseTexts(undefined),
  });
  const lookedAt = {
    method: 'GET',
    path: '/browse',
    query: 'letter=A',
    parameters: [['letter', 'A']],
    pathParameters: {},
    headers: {},
    now: TEST_TIME,
    baseUrl: '',
  } satisfies RouteRequest;
  const look = () => browse.get?.(lookedAt);

  await browse.prepare?.();
  const read = asked();
  expect(read).toBeGreaterThan(0);
  expect((await look())?.body).toContain('/article/topic-asthma');
  await browse.prepare?.();
  expect(asked()).toBe(read);

  swapTo('the-next-one');
  await browse.prepare?.();
  const readAgain = asked();
  expect(readAgain).toBeGreaterThan(read);
  await look();
  expect(asked()).toBe(readAgain);
});
