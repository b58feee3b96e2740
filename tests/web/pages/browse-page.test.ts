import { afterAll, expect, test } from '@jest/globals';
import type { RouteRequest } from '../../../src/protocols/route.js';
import { createRoutes } from '../../../src/server.js';
import { loadTexts } from '../../../src/texts.js';
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
  const { routes } = createRoutes({ config, library }, loadTexts(config.resourcesDir));
  const browse = routes.find(({ path }) => path === '/browse');
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
  const look = () => browse?.get?.(lookedAt);

  await browse?.prepare?.();
  const read = asked();
  expect(read).toBeGreaterThan(0);
  expect((await look())?.body).toContain('/article/topic-asthma');
  await browse?.prepare?.();
  expect(asked()).toBe(read);

  swapTo('the-next-one');
  await browse?.prepare?.();
  const readAgain = asked();
  expect(readAgain).toBeGreaterThan(read);
  await look();
  expect(asked()).toBe(readAgain);
});
