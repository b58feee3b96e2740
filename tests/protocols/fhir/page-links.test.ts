import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import type { SitePolicy } from '../../../src/core/policy/site-policy.js';
import { NO_POLICY } from '../../../src/core/policy/site-policy.js';
import { LIMITS } from '../../../src/limits.js';
import type { TestConnector } from '../../support/connector.js';
import { TEST_TIME, openTestLibrary, startConnector, temporaryFolder, testConfig } from '../../support/connector.js';
import { TOKEN, handout, send } from './written.js';

const folder = temporaryFolder();
let policy: SitePolicy = NO_POLICY;
let now = TEST_TIME;
let connector: TestConnector;

const IDS = ['local-a', 'local-b', 'local-c', 'local-d'];
const put = (id: string, title: string) =>
  send(connector.url, 'PUT', `/DocumentReference/${id}-en`, handout({ id: `${id}-en`, title }));

beforeAll(async () => {
  const env = { WRITE_TOKENS: TOKEN };
  const { library, written, feedback } = await openTestLibrary(testConfig(folder.path, env));
  const opened = { library: library.under(() => policy), written, feedback };
  connector = await startConnector({ env, opened, clock: () => now });
  for (const id of IDS) expect((await put(id, `Title of ${id}`)).reply.status).toBe(201);
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

async function read(url: string) {
  const reply = await fetch(url);
  const bundle = (await reply.json()) as Bundle;
  const linkTo = (relation: string) => bundle.link?.find((one) => one.relation === relation)?.url ?? '';
  const titles = (bundle.entry ?? []).map(({ resource }) =>
    resource?.resourceType === 'DocumentReference' ? resource.description : resource?.resourceType,
  );
  return { status: reply.status, titles, total: bundle.total, next: linkTo('next'), previous: linkTo('previous') };
}

test('page links lead on after writes and a new policy, through what is given now, for ten minutes', async () => {
  const ids = IDS.map((id) => `${id}-en`).join(',');
  const first = await read(`${connector.url}/fhir/DocumentReference?_id=${ids}&_count=1`);
  expect(first).toMatchObject({ titles: ['Title of local-a'], total: 4 });
  await put('local-b', 'Another title');
  const second = await read(first.next);
  expect(second).toMatchObject({ status: 200, titles: ['Another title'], total: 4 });
  expect((await send(connector.url, 'DELETE', '/DocumentReference/local-c-en')).reply.status).toBe(204);
  const third = await read(second.next);
  expect(third).toMatchObject({ status: 200, titles: [], total: 4 });
  policy = { ...NO_POLICY, version: '1', suppressed: new Set(['local-d']) };
  const fourth = await read(third.next);
  expect(fourth).toMatchObject({ status: 200, titles: [], next: '' });
  expect(await read(third.previous)).toMatchObject({ status: 200, titles: ['Another title'] });
  now = new Date(TEST_TIME.getTime() + LIMITS.pageLinksMs);
  await put('local-e', 'What empties the answer cache');
  expect((await read(third.previous)).status).toBe(410);
});
