import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, type Asking, type Reply } from '../http/ask.js';
import { chart as hookChart, condition as hookCondition, discharge } from '../protocols/cds-hooks/hook-calls.js';
import { startConnector, type TestConnector } from '../support/connector.js';
import { findWorkers, untilBusy } from '../support/worker-processes.js';

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const TOKEN = 'workers-0123456789abcdef';
const LOOKUP = '/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=J45';

const fhir = (body: unknown, headers = {}): Asking => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/fhir+json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const form = (fields: Record<string, string>): Asking => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' },
  body: new URLSearchParams(fields).toString(),
});

const condition = (code: string) => ({ resourceType: 'Condition', code: { coding: [{ system: ICD, code }] } });
const bundle = (...resources: unknown[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});
const codes = Array.from({ length: 100 }, (_, at) => `E11.${at}`);
const chart = bundle(...codes.map(condition), condition('J45'));
/** Lines that each take some milliseconds. */
const words = Array.from({ length: 400 }, (_, at) => `pain in my big toe number ${at}`).join('\n');
const batch = (...urls: string[]) => ({
  resourceType: 'Bundle',
  type: 'batch',
  entry: urls.map((url) => ({ request: { method: 'GET', url } })),
});
const xml = (text: string) => `<ClinicalDocument xmlns="urn:hl7-org:v3">${text}</ClinicalDocument>`;

type Request = readonly [path: string, asking?: Asking];

/** Requests that are long work, errors among them. */
const HEAVY: Readonly<Record<string, Request>> = {
  'a chart': ['/fhir/$knowledge-request', fhir(chart)],
  'a chart as XML': ['/fhir/$knowledge-request?_format=xml', fhir(chart)],
  'a chart with a fault': ['/fhir/$knowledge-request', fhir(bundle(...codes.map(condition), 5))],
  'a chart of too much': ['/fhir/$knowledge-request?_format=xml', fhir(`[${'1,'.repeat(9000)}1]`)],
  'a list': ['/packet', form({ list: 'asthma\ndiabetes type 2\nI10\nlisinopril 10 mg daily' })],
  'a list in Spanish, compressed': [
    '/packet?lang=es',
    { ...form({ list: 'asma\nI10' }), headers: { ...form({}).headers, 'Accept-Encoding': 'br' } },
  ],
  'a list of too much': ['/packet', form({ list: 'a,'.repeat(20_000) })],
  'a pasted chart': ['/packet', form({ list: JSON.stringify(chart) })],
  'a C-CDA document': ['/packet', form({ list: xml('<title>none</title>') })],
  'too many parameters': ['/packet', form(Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`a${at}`, 'b'])))],
  'a search by words': ['/fhir/DocumentReference?description:contains=asthma&_count=5'],
  'a long line of words': [`/search?q=${'pain+in+my+big+toe+'.repeat(10)}`],
  'a search that is rejected': ['/fhir/DocumentReference?nothing=1', { headers: { Prefer: 'handling=strict' } }],
  'every code system as XML': ['/fhir/CodeSystem?_format=xml'],
  'a map': ['/fhir/ConceptMap'],
  'an expansion': [`/fhir/ValueSet/$expand?url=${encodeURIComponent(`${ICD}?fhir_vs`)}&filter=asthma&count=5`],
  'an expansion of nothing': ['/fhir/ValueSet/$expand?url=urn:none'],
  'a batch of reads': ['/fhir', fhir(batch(...codes.map((code) => `CodeSystem/$lookup?system=${ICD}&code=${code}`)))],
  'a list of articles': ['/browse?letter=A'],
  'what the library holds': ['/about'],
  'a list as a search': ['/find?q=asthma,I10,flu'],
  'an infobutton of many codes': [
    `/service?${codes
      .slice(0, 40)
      .map(
        (code, at) =>
          `mainSearchCriteria${at || ''}.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria${at || ''}.v.c=${code}`,
      )
      .join('&')}`,
  ],
  'an address with many codes': [`/packet?${codes.map((code) => `code=icd-10-cm|${code}`).join('&')}`],
  HEAD: ['/fhir/DocumentReference?description:contains=asthma', { method: 'HEAD' }],
};

const send = (connector: TestConnector, [path, asking]: Request): Promise<Reply> => ask(connector.url, path, asking);

/** Headers but for those of one request alone. */
function comparable({ status, headers, text }: Reply, { url }: TestConnector) {
  const { date: _date, 'x-request-id': _id, etag: _etag, 'content-length': _length, ...rest } = headers;
  const isText = headers['content-encoding'] === undefined;
  // Ports differ.
  return {
    status,
    headers: rest,
    text: isText ? text.replaceAll(url, 'http://connector').replace(/urn:uuid:[\da-f-]+/, 'urn:uuid') : '',
  };
}

test('a worker is there before the first job where an EHR is configured', async () => {
  const connector = await startConnector({ env: { CDS_FHIR_SERVERS: 'http://127.0.0.1:9/fhir' }, workers: 1 });
  try {
    expect(findWorkers()).toHaveLength(1);
  } finally {
    await connector.stop();
  }
});

describe('what a worker answers', () => {
  let [here, there]: (TestConnector | undefined)[] = [];
  const both = (): [TestConnector, TestConnector] => [here as TestConnector, there as TestConnector];
  beforeAll(async () => {
    const env = { PUBLIC_URL: 'http://connector.test', WRITE_TOKENS: TOKEN };
    here = await startConnector({ env });
    there = await startConnector({ env, workers: 1 });
  });
  afterAll(async () => {
    for (const one of both()) await one.stop();
  });

  test.each(Object.entries(HEAVY))('%s: the same as the main process', async (_name, request) => {
    const [main, worker] = both();
    expect(comparable(await send(worker, request), worker)).toEqual(comparable(await send(main, request), main));
  });

  test('a large write with a fault is rejected as by the main process', async () => {
    const div = `<div xmlns='http://www.w3.org/1999/xhtml'>${'<div>'.repeat(36_000)}${'</div>'.repeat(36_000)}</div>`;
    const document = {
      resourceType: 'DocumentReference',
      status: 'current',
      text: { status: 'generated', div },
      content: [],
    };
    const request: Request = ['/fhir/DocumentReference', fhir(document, { Authorization: `Bearer ${TOKEN}` })];
    const [main, worker] = both();
    const reply = await send(worker, request);
    expect(reply.status).toBe(422);
    expect(comparable(reply, worker)).toEqual(comparable(await send(main, request), main));
  });

  test('a card of a large call is remembered by the main process, and a chart that the call lacks is fetched by it', async () => {
    const [main, worker] = both();
    const note = [{ text: 'x'.repeat(200_000) }];
    const call = discharge(hookChart([hookCondition('J18.9', { note })]));
    const service = '/cds-services/encounter-discharge';
    const json = (body: unknown): Asking => ({ ...fhir(body), headers: { 'Content-Type': 'application/json' } });
    const answers = [await ask(main.url, service, json(call)), await ask(worker.url, service, json(call))];
    const uuidOf = (text: string): string => /"uuid":"([\w-]+)"/.exec(text)?.[1] ?? '';
    const [mine = '', its = ''] = answers.map(({ text }) => text.replaceAll(uuidOf(text), 'uuid'));
    expect([mine.includes('"uuid"'), its]).toEqual([true, mine]);
    const card = uuidOf(answers[1]?.text ?? '');
    const feedback = { feedback: [{ card, outcome: 'overridden', outcomeTimestamp: '2026-11-24T12:00:00Z' }] };
    expect((await ask(worker.url, `${service}/feedback`, json(feedback))).status).toBe(200);
    expect((await ask(worker.url, service, json(call))).text).toBe('{"cards":[]}');
    const { prefetch, ...rest } = call as { prefetch: Record<string, unknown> };
    const { conditions: _lacking, ...part } = prefetch;
    const lacking = { ...rest, prefetch: { ...part, other: note } };
    const [one, other] = [await ask(main.url, service, json(lacking)), await ask(worker.url, service, json(lacking))];
    expect([one.status, other.status, other.text]).toEqual([412, 412, one.text]);
  });

  test('a write is done by the main process, and the next answer of the worker has it', async () => {
    const [, worker] = both();
    const articles = 'https://education-connect.example/fhir/CodeSystem/articles';
    const authorization = { Authorization: `Bearer ${TOKEN}` };
    const mapTo = (article: string) => ({
      resourceType: 'ConceptMap',
      status: 'active',
      group: [
        {
          source: ICD,
          target: articles,
          element: [{ code: 'J45', target: [{ code: article, equivalence: 'wider' }] }],
        },
      ],
    });
    for (const article of ['topic-acne', 'topic-asthma', 'topic-acne', 'topic-asthma']) {
      const put = { ...fhir({ ...mapTo(article), id: 'own' }, authorization), method: 'PUT' };
      const written = await ask(worker.url, '/fhir/ConceptMap/own', put);
      expect([200, 201]).toContain(written.status);
      const reply = await send(worker, [
        '/fhir/$knowledge-request',
        fhir({ ...condition('J45'), note: [{ text: 'x'.repeat(5000) }] }),
      ]);
      expect([article, reply.text.includes(`DocumentReference/${article}-en`)]).toEqual([article, true]);
      expect(reply.headers['x-library-release']).toBe(written.headers['x-library-release']);
    }
    const others = codes.map((code) => ({
      request: { method: 'GET', url: `CodeSystem/$lookup?system=${ICD}&code=${code}` },
    }));
    const remove = { request: { method: 'DELETE', url: 'ConceptMap/own' } };
    const mixed = fhir({ resourceType: 'Bundle', type: 'batch', entry: [...others, remove] }, authorization);
    const reply = await ask(worker.url, '/fhir', mixed);
    expect([reply.status, reply.text.includes('"status":"204 No Content"')]).toEqual([200, true]);
    expect((await ask(worker.url, '/fhir/ConceptMap/own')).status).toBe(410);
  });
});

describe('a worker that cannot go on', () => {
  let connector: TestConnector;
  afterEach(() => connector.stop());

  const SLOW: Readonly<Record<string, Request>> = {
    'a list': ['/packet', form({ list: words })],
    'a chart': [
      '/fhir/$knowledge-request?_format=xml',
      fhir(bundle(...Array.from({ length: 3000 }, (_, at) => condition(`E11.${at}`)))),
    ],
    'an expansion': [
      `/fhir/ValueSet/$expand?url=${encodeURIComponent(`${ICD}?fhir_vs`)}&filter=a&count=5000&_format=xml`,
    ],
    'a batch': [
      '/fhir',
      fhir(batch(...Array.from({ length: 300 }, (_, at) => `DocumentReference?description:contains=asthma ${at}`))),
    ],
    'whole code systems': ['/fhir/CodeSystem?_format=xml&_count=200'],
  };

  test('is killed in the middle of each kind of work: 503 in the format of the client, and the next request is answered', async () => {
    connector = await startConnector({ workers: 1, env: { CACHE_MAX_BYTES: '0' } });
    for (const [name, request] of Object.entries(SLOW)) {
      await send(connector, HEAVY['a search by words'] as Request);
      const [pid = 0] = findWorkers();
      const answer = send(connector, request);
      await untilBusy(pid, 10);
      process.kill(pid, 'SIGKILL');
      const { status, headers, text } = await answer;
      expect([name, status, headers['retry-after']]).toEqual([name, 503, '2']);
      const format = name === 'a list' ? '<html' : '"OperationOutcome"';
      expect([name, text.includes(format) || text.includes('<OperationOutcome')]).toEqual([name, true]);
      expect((await ask(connector.url, LOOKUP)).status).toBe(200);
    }
    expect((await send(connector, HEAVY['a chart'] as Request)).status).toBe(200);
    expect(findWorkers()).toHaveLength(1);
  });

  test('takes longer than it may: 503, and another worker answers', async () => {
    connector = await startConnector({ workers: 1, workLimits: { heavyWorkMs: 100 } });
    await send(connector, ['/packet', form({ list: 'I10' })]);
    const late = await send(connector, SLOW['a list'] as Request);
    expect([late.status, late.headers['retry-after']]).toEqual([503, '2']);
    expect((await ask(connector.url, LOOKUP)).status).toBe(200);
    const lines = connector.logLines.filter(({ msg }) => String(msg).startsWith('a worker has ended'));
    expect(lines.length).toBeGreaterThan(0);
  });

  test('works for a client that has gone: it stops, and the next one is answered', async () => {
    connector = await startConnector({ workers: 1 });
    await send(connector, ['/packet', form({ list: 'I10' })]);
    const [pid = 0] = findWorkers();
    const { hostname, port } = new URL(connector.url);
    const { request } = await import('node:http');
    const [path, { headers = {}, body = '' } = {}] = SLOW['a batch'] as Request;
    const gone = request({ hostname, port, path, method: 'POST', headers });
    gone.on('error', () => undefined);
    gone.end(body);
    await untilBusy(pid, 20);
    gone.destroy();
    expect((await send(connector, ['/packet', form({ list: 'I10' })])).status).toBe(200);
    expect(findWorkers()).toEqual([pid]);
  });

  test('more long work than may wait is 503 with Retry-After; lookups go on', async () => {
    connector = await startConnector({ workers: 1, workLimits: { heavyQueue: 3 } });
    const heavy = Array.from({ length: 12 }, () => send(connector, ['/packet', form({ list: words.slice(0, 1000) })]));
    const lookups = Array.from({ length: 20 }, () => ask(connector.url, LOOKUP));
    expect(new Set((await Promise.all(lookups)).map(({ status }) => status))).toEqual(new Set([200]));
    const statuses = (await Promise.all(heavy)).map(
      ({ status, headers }) => `${status} ${headers['retry-after'] ?? ''}`,
    );
    expect(statuses.filter((one) => one === '200 ')).toHaveLength(4);
    expect(statuses.filter((one) => one === '503 2')).toHaveLength(8);
  });
});

test('a stop finishes long work that has begun and that waits', async () => {
  const connector = await startConnector({ workers: 1 });
  const short = form({ list: words.slice(0, 300) });
  await send(connector, ['/packet', short]);
  const [pid = 0] = findWorkers();
  const heavy = Array.from({ length: 5 }, () => send(connector, ['/packet', short]));
  await untilBusy(pid, 10);
  await connector.stop();
  expect((await Promise.all(heavy)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  while (findWorkers().includes(pid)) await setTimeout(5);
});
