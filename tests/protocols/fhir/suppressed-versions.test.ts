import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SitePolicy } from '../../../src/core/policy/site-policy.js';
import { NO_POLICY } from '../../../src/core/policy/site-policy.js';
import { readPolicy } from '../../../src/build/read-policy.js';
import type { TestConnector } from '../../support/connector.js';
import { openTestLibrary, startConnector, temporaryFolder, testConfig } from '../../support/connector.js';
import { TOKEN, articleMap, handout, send } from './written.js';

const SUPPRESSED = readPolicy('rule,what,for,value\nsuppress,local-zebra,,\n').policy;
const folder = temporaryFolder();
let policy: SitePolicy = NO_POLICY;
let connector: TestConnector;
let url = '';

beforeAll(async () => {
  const env = { WRITE_TOKENS: TOKEN };
  const { library, written, feedback } = await openTestLibrary(testConfig(folder.path, env));
  const opened = { library: library.under(() => policy), written, feedback };
  connector = await startConnector({ env, opened });
  ({ url } = connector);
  for (const title of ['One', 'Two'])
    await send(url, 'PUT', '/DocumentReference/local-zebra-en', handout({ id: 'local-zebra-en', title }));
  const other = handout({ id: 'local-other-en', title: 'Other' });
  expect((await send(url, 'PUT', '/DocumentReference/local-other-en', other)).reply.status).toBe(201);
  await send(url, 'POST', '/ConceptMap', articleMap('W20', [{ code: 'topic-falls', equivalence: 'relatedto' }]));
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});
beforeEach(() => {
  policy = NO_POLICY;
});

const statusOf = async (path: string): Promise<number> => (await send(url, 'GET', path)).reply.status;
const READS = ['', '/_history/2'].map((end) => `/DocumentReference/local-zebra-en${end}`);

describe('a handout that was written and is suppressed', () => {
  test.each(READS)('is not there: %s', async (path) => {
    expect(await statusOf(path)).toBe(200);
    policy = SUPPRESSED;
    const { reply } = await send(url, 'GET', path);
    expect([reply.status, reply.text.includes('zebra.pdf')]).toEqual([404, false]);
  });

  test('is gone where it was deleted, in all its versions', async () => {
    policy = SUPPRESSED;
    expect((await send(url, 'DELETE', '/DocumentReference/local-zebra-en')).reply.status).toBe(204);
    for (const path of READS) expect([path, await statusOf(path)]).toEqual([path, 410]);
  });
});
