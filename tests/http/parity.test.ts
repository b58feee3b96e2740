import { Agent } from 'node:http';
import type { Bundle } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseOf, openLibrary } from '../../src/library/open.js';
import type { OpenOptions } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { NO_ROWS } from '../../src/library/source.js';
import { TOKEN } from '../protocols/fhir/written.js';
import { apiOf, examplesOf } from '../support/api-examples.js';
import type { TestConnector } from '../support/connector.js';
import { TEST_TIME, startConnector, temporaryFolder, testConfig } from '../support/connector.js';
import { createShippedDatabase } from '../support/shipped-database.js';
import { putShippedLibrary } from '../support/shipped-library.js';
import type { Reply } from './ask.js';
import { ask } from './ask.js';
import type { ParityRequest } from './parity-requests.js';
import { parityRequests } from './parity-requests.js';
import { parityWays } from './parity-ways.js';
import { parityWrites } from './parity-writes.js';

/** Headers that tell of the moment and of the connection. */
const OF_THE_MOMENT = new Set(['date', 'x-request-id', 'connection', 'keep-alive']);
const AT_ONCE = 8;

interface Answer {
  readonly status: number;
  /** Headers and body. */
  readonly bytes: string;
}

const folder = temporaryFolder();
const agent = new Agent({ keepAlive: true, maxSockets: 2 * AT_ONCE });
const connectors: TestConnector[] = [];

/** An article that only the first import has. */
const WITHDRAWN = {
  articles: [{ id: 'topic-withdrawn', publisher: 'medlineplus' }],
  texts: (['en', 'es'] as const).map((language) => ({
    ...{ article: 'topic-withdrawn', language, title: `Withdrawn ${language}`, alsoCalled: [], origin: 'imported' },
    ...{ url: `https://medlineplus.gov/withdrawn/${language}`, summaryHtml: undefined },
  })),
} as const;

/** Two imports over the shipped library, all of it of one moment, the second of which takes the place of the first. */
async function fill(options: OpenOptions): Promise<void> {
  const db = await databaseOf(options).connect();
  await db.run('UPDATE release SET activated_at = $1', TEST_TIME.toISOString());
  await db.close();
  const releases = await Releases.open(options);
  for (const version of ['1', '2']) {
    const target = await releases.begin({ source: 'icd-10-cm', name: `icd-10-cm-${version}`, builtOn: '2026-01-02' });
    const concepts = ['E11', 'E11.9', 'J45', 'J45.909', 'N53.14'].map((code) => ({
      ...({ system: 'icd-10-cm', code, title: `${code}, version ${version}`, names: ['Sugar ñandú', 'ÉTAT'] } as const),
      ...{ parent: code.split('.')[0] === code ? undefined : code.split('.')[0], billable: true, active: true },
    }));
    await target.write({ ...NO_ROWS, concepts, ...(version === '1' ? WITHDRAWN : {}) });
    await target.finish([]);
  }
  await releases.close();
}

beforeAll(async () => {
  const config = { ...testConfig(folder.path), database: undefined };
  const file = { ...config, readOnly: false, writer: { ...config.writer, clock: () => TEST_TIME } };
  const shared = { ...file, database: { url: await createShippedDatabase(), maxConnections: 10 } };
  await putShippedLibrary(config);
  for (const options of [file, shared]) {
    await fill(options);
    const opened = await openLibrary(options);
    const env = { PUBLIC_URL: 'http://connector.test', LOG_LEVEL: 'error', WRITE_TOKENS: TOKEN };
    connectors.push(await startConnector({ opened, env }));
  }
});
afterAll(async () => {
  agent.destroy();
  for (const connector of connectors) await connector.stop();
  folder.remove();
});

/** An answer that was given a name of its own, at random: the name is no difference, and the tag of the bytes follows it. */
const OWN_NAME = /urn:uuid:[0-9a-f-]{36}/g;

function answerOf({ status, headers, text }: Reply): Answer {
  const named = text.includes('urn:uuid:') ? 'etag' : '';
  const kept = Object.entries(headers).filter(([name]) => !OF_THE_MOMENT.has(name) && name !== named);
  return { status, bytes: `${JSON.stringify(kept)}\n${text.replace(OWN_NAME, 'urn:uuid:')}` };
}

/** Where two texts part, for whoever looks for the reason. */
function partingOf(left: string, right: string): string[] {
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  return [left, right].map((text) => text.slice(Math.max(0, start - 60), start + 120));
}

async function send(url: string, { path, ...rest }: ParityRequest): Promise<Answer> {
  return answerOf(await ask(url, path, { ...rest, agent }));
}

/** One or some of every address there is, so that none that is added is forgotten; the counters are the process's own. */
async function documented(url: string): Promise<ParityRequest[]> {
  const examples = examplesOf(await apiOf(url)).filter(({ told }) => told.path !== '/metrics');
  return examples.map(({ address, asking }) => ({ path: address, ...asking }));
}

test('a thousand requests of every kind are answered alike over both databases, byte for byte', async () => {
  const [file, shared] = connectors as [TestConnector, TestConnector];
  const { requests, codes, ids } = await parityRequests(file.library);
  requests.push(...parityWays(codes, ids), ...(await documented(file.url)));
  const statuses = new Map<number, number>();
  const differing: unknown[] = [];
  const waiting = [...requests];
  const work = async (): Promise<void> => {
    for (let request = waiting.pop(); request; request = waiting.pop()) {
      const [left, right] = await Promise.all([send(file.url, request), send(shared.url, request)]);
      statuses.set(left.status, (statuses.get(left.status) ?? 0) + 1);
      if (left.status !== right.status || left.bytes !== right.bytes) {
        differing.push([request.path, left.status, right.status, ...partingOf(left.bytes, right.bytes)]);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(differing.slice(0, 10)).toEqual([]);
  expect(requests.length).toBeGreaterThanOrEqual(1000);
  const superseded = await ask(shared.url, '/fhir/DocumentReference?status=superseded');
  expect((JSON.parse(superseded.text) as Bundle).total).toBe(2);
  // They are questions that have answers.
  expect(statuses.get(200)).toBeGreaterThan(requests.length * 0.8);
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
});

test('what is written is answered alike, request by request, and so is what is read after it', async () => {
  const [file, shared] = connectors as [TestConnector, TestConnector];
  const statuses = new Set<number>();
  for (const request of parityWrites()) {
    const [left, right] = [await send(file.url, request), await send(shared.url, request)];
    expect([request.method, request.path, right]).toEqual([request.method, request.path, left]);
    statuses.add(left.status);
  }
  // Each kind of outcome is among them.
  expect([...statuses].sort()).toEqual([200, 201, 204, 401, 403, 404, 409, 410, 412, 422]);
});
