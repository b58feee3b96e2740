import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ask } from '../http/ask.js';
import type { TokenIssuer } from '../support/token-issuer.js';
import { startTokenIssuer } from '../support/token-issuer.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';

const START = new Date('2026-11-24T12:34:56Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const folder = temporaryFolder();
let now = START;
let connector: TestConnector;
let issuer: TokenIssuer;
beforeAll(async () => {
  issuer = await startTokenIssuer();
  const env = { WRITE_TOKENS: TOKEN, LOG_LEVEL: 'info', ...issuer.env, REQUIRE_AUTHENTICATION: 'updates' };
  connector = await startConnector({ env, clock: () => now });
});
afterAll(async () => {
  await connector.stop();
  await issuer.close();
  folder.remove();
});
beforeEach(() => {
  now = START;
});

const jump = (ms: number): void => {
  now = new Date(START.getTime() + ms);
};
const PATH =
  '/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=J45.909&knowledgeResponseType=application/json';
async function updatedAt(path = PATH): Promise<string> {
  const { text } = await ask(connector.url, path);
  return (JSON.parse(text) as { feed: { updated: { _value: string } } }).feed.updated._value;
}
const lastCache = (): unknown => connector.logLines.at(-1)?.['cache'];

test('forward by days: nothing kept is served any longer', async () => {
  await updatedAt();
  expect(await updatedAt()).toBe(START.toISOString().replace(/\.\d+/, ''));
  expect(lastCache()).toBe('hit');
  jump(3 * DAY_MS);
  expect(await updatedAt()).toBe(now.toISOString().replace(/\.\d+/, ''));
  expect(lastCache()).toBe('miss');
});

test.each([
  ['a minute', 60_000],
  ['an hour', HOUR_MS],
  ['a month', 30 * DAY_MS],
])('backward by %s: no answer is from the future, and none stays for longer than an hour', async (_name, ms) => {
  const path = `${PATH}&informationRecipient.languageCode.c=es`;
  await updatedAt(path);
  jump(-ms);
  const seconds = (date: Date): string => date.toISOString().replace(/\.\d+/, '');
  expect(await updatedAt(path)).toBe(seconds(now));
  // From then on it is kept as ever.
  expect(await updatedAt(path)).toBe(seconds(now));
  expect(lastCache()).toBe('hit');
  jump(-ms + HOUR_MS);
  expect(await updatedAt(path)).toBe(seconds(now));
});

test('versions are counted on, whatever the clock says', async () => {
  const id = 'local-clock-en';
  const put = () => send(connector.url, 'PUT', `/DocumentReference/${id}`, handout({ id }));
  expect((await put()).reply.status).toBe(201);
  jump(-40 * DAY_MS);
  expect((await put()).reply.status).toBe(200);
  jump(40 * DAY_MS);
  expect((await put()).reply.status).toBe(200);
  jump(0);
  const current = await send(connector.url, 'GET', `/DocumentReference/${id}`);
  expect(current.resource).toMatchObject({ meta: { versionId: '3' } });
  // The release in use is the one that was made last, not the one with the latest time.
  const { text } = await ask(connector.url, '/updates.atom', { headers: { Authorization: `Bearer ${TOKEN}` } });
  expect(text).toContain('written-3');
});

test('a page link holds, and a release is answered with its own date, before and after', async () => {
  const search = '/fhir/DocumentReference?_count=2&type=http://loinc.org|69730-0';
  const { text, status } = await ask(connector.url, search);
  expect(status).toBe(200);
  const { link = [] } = JSON.parse(text) as { link?: { relation: string; url: string }[] };
  const next = link.find(({ relation }) => relation === 'next')?.url.replace(connector.url, '') ?? '';
  for (const ms of [-10 * DAY_MS, 10 * DAY_MS]) {
    jump(ms);
    expect((await ask(connector.url, next)).status).toBe(200);
    expect(JSON.parse((await ask(connector.url, '/readyz')).text)).toMatchObject({
      status: 'ready',
      date: connector.library.status().date,
    });
  }
});

test('a token ends by the same clock: forward it is over, and back again it is not, as little as before it begins', async () => {
  const seconds = START.getTime() / 1000;
  const token = await issuer.sign({ scope: 'system/*.rs', claims: { nbf: seconds - 3600, exp: seconds + 300 } });
  const statusAt = async (ms: number): Promise<number> => {
    jump(ms);
    return (await ask(connector.url, '/updates.atom', { headers: { Authorization: `Bearer ${token}` } })).status;
  };
  expect(await statusAt(0)).toBe(200);
  expect(await statusAt(DAY_MS)).toBe(401);
  expect(await statusAt(0)).toBe(200);
  expect(await statusAt(-DAY_MS)).toBe(401);
  expect(await statusAt(-HOUR_MS / 2)).toBe(200);
});
