import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import type { Config } from '../../../src/config/config.js';
import { buildLibraryFile, openLibrary } from '../../../src/library/open.js';
import { seedPlaces } from '../../library/places.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector, temporaryFolder } from '../../support/connector.js';
import { beLongSuffering } from '../../support/patience.js';
import { suitePostgres } from '../../support/suite-postgres.js';
import { TOKEN, articleMap, handout, send } from './written.js';

const server = suitePostgres();
beLongSuffering();

let folder: ReturnType<typeof temporaryFolder>;
let connectors: TestConnector[];
let urls: [string, string];
afterEach(async () => {
  for (const connector of connectors) await connector.stop();
  folder.remove();
});

const ROUNDS = 6;
const SECOND = 'the-token-of-a-second-person';
const ID = 'local-zebra-en';
const sorted = (replies: readonly { readonly reply: { readonly status: number } }[]): number[] =>
  replies.map(({ reply }) => reply.status).sort();

describe.each([
  ['a library file', async (): Promise<Config['database']> => undefined],
  ['PostgreSQL', async () => ({ url: await server().createDatabase(), maxConnections: 4 })],
])('two instances that write at once over %s', (_name, place) => {
  beforeEach(async () => {
    folder = temporaryFolder();
    const options = { ...seedPlaces(folder.path), database: await place() };
    await buildLibraryFile(options);
    connectors = [];
    for (let count = 0; count < 2; count += 1) {
      const opened = await openLibrary(options);
      connectors.push(await startConnector({ opened, env: { WRITE_TOKENS: `${TOKEN},${SECOND}` } }));
    }
    urls = [connectors[0]?.url ?? '', connectors[1]?.url ?? ''];
  });

  test('what is to be created only where it is not there is created once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const document = handout({ identifier: [{ system: 'urn:test', value: String(round) }] });
      const headers = { 'If-None-Exist': `identifier=urn:test|${round}` };
      const replies = await Promise.all(urls.map((url) => send(url, 'POST', '/DocumentReference', document, headers)));
      expect(sorted(replies)).toEqual([200, 201]);
      const map = { ...articleMap('W19', []), url: `https://clinic.example/map-${round}` };
      map.group?.[0]?.element.splice(0, 1, { code: `W2${round}`, target: [{ equivalence: 'unmatched' }] });
      const maps = await Promise.all(urls.map((url) => send(url, 'POST', '/ConceptMap', map)));
      expect(sorted(maps)).toEqual([201, 422]);
    }
  });

  test('a new id is new to one of them', async () => {
    const replies = await Promise.all(
      urls.map((url) => send(url, 'PUT', `/DocumentReference/${ID}`, { id: ID, ...handout() })),
    );
    expect(sorted(replies)).toEqual([200, 201]);
  });

  test('of two curators with one version of a draft one is told of the other, and one approval counts', async () => {
    const [first, second] = urls;
    const path = `/DocumentReference/${ID}`;
    const draft = (title: string) => ({ id: ID, ...handout({ title, docStatus: 'preliminary' }) });
    let { etag = '' } = (await send(first, 'PUT', path, draft('Begun'))).reply.headers;
    for (let round = 0; round < ROUNDS; round += 1) {
      const titles = [`Left ${round}`, `Right ${round}`];
      const headers = { 'If-Match': etag };
      const replies = await Promise.all(
        urls.map((url, index) => send(url, 'PUT', path, draft(titles[index] ?? ''), headers)),
      );
      expect(sorted(replies)).toEqual([200, 412]);
      ({ etag = '' } = replies.find(({ reply }) => reply.status === 200)?.reply.headers ?? {});
      const seen = (await send(second, 'GET', `/DocumentReference/$drafts?id=${ID}`)).reply.text;
      expect(titles.filter((title) => seen.includes(title))).toHaveLength(1);
    }
    const kept = (await send(first, 'GET', `/DocumentReference/$drafts?id=${ID}`)).resource as Bundle;
    const { resource } = kept.entry?.[0] ?? {};
    const final = { ...resource, docStatus: 'final' };
    const approval = { 'If-Match': etag, Authorization: `Bearer ${SECOND}` };
    const approvals = await Promise.all(urls.map((url) => send(url, 'PUT', path, final, approval)));
    expect(sorted(approvals)).toEqual([200, 412]);
  });

  test('a map never leads to a handout that the other has taken away', async () => {
    const [first, second] = urls;
    for (let round = 0; round < ROUNDS; round += 1) {
      await send(first, 'PUT', `/DocumentReference/${ID}`, { id: ID, ...handout() });
      // The other has seen it, as it does within a quarter of a second.
      while ((await send(second, 'GET', `/DocumentReference/${ID}`)).reply.status !== 200) await setTimeout(20);
      const map = articleMap('W19', [{ code: 'local-zebra', equivalence: 'equivalent' }]);
      const [gone, mapped] = await Promise.all([
        send(first, 'DELETE', `/DocumentReference/${ID}`),
        send(second, 'PUT', '/ConceptMap/local-map', { id: 'local-map', ...map }),
      ]);
      const outcome = [gone.reply.status, mapped.reply.status];
      expect([
        [204, 422],
        [409, 201],
        [409, 200],
      ]).toContainEqual(outcome);
      await send(first, 'DELETE', '/ConceptMap/local-map');
      await send(first, 'DELETE', `/DocumentReference/${ID}`);
      const { resource } = await send(second, 'GET', '/DocumentReference?explains=W19');
      expect((resource as Bundle).total).toBeGreaterThan(0);
    }
  });
});
