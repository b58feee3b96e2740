import { afterAll, expect, test } from '@jest/globals';
import type { RouteRequest } from '../../../src/protocols/route.js';
import { NO_VOCABULARY } from '../../../src/core/words/known-words.js';
import { LIMITS } from '../../../src/limits.js';
import { loadTexts } from '../../../src/texts.js';
import { loadAssets } from '../../../src/web/asset-files.js';
import { browseRoute } from '../../../src/web/pages/browse-page.js';
import { createCatalogue } from '../../../src/web/catalogue.js';
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
  const { resourcesDir, connectorName, maxArticles } = testConfig(folder.path);
  const { maxCriteria, maxQueryChars } = LIMITS;
  const browse = browseRoute({
    library,
    vocabulary: NO_VOCABULARY,
    catalogue: createCatalogue(library),
    elsewhere: undefined,
    texts: loadTexts(resourcesDir),
    assets: loadAssets(resourcesDir),
    connectorName,
    maxArticles,
    maxCriteria,
    maxQueryChars,
    takesFeedback: false,
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
