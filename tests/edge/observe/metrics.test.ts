import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ERRORS } from '../../../src/core/errors.js';
import { AnswerCache } from '../../../src/edge/answers/answer-cache.js';
import { MemoryBudget } from '../../../src/edge/memory-budget.js';
import { Metrics } from '../../../src/edge/observe/metrics.js';
import { LIMITS } from '../../../src/limits.js';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import type { OtherServer } from '../../upstream/other-server.js';
import { send, startOther, translation } from '../../upstream/other-server.js';
import type { Family, Sample } from '../exposition.js';
import { readExposition } from '../exposition.js';

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';

let other: OtherServer;
let connector: TestConnector;
beforeAll(async () => {
  other = await startOther();
  connector = await startConnector({ env: { LOG_LEVEL: 'fatal', TERMINOLOGY_SERVER: other.url } });
});
afterAll(async () => {
  await connector.stop();
  await other.stop();
});

const scrape = async (): Promise<Map<string, Family>> => readExposition((await ask(connector.url, '/metrics')).text);
const samplesOf = (families: Map<string, Family>, name: string): Sample[] => families.get(name)?.samples ?? [];

async function valueOf(name: string, labels: Record<string, string>): Promise<number> {
  const found = samplesOf(await scrape(), name.replace(/_(count|sum)$/, ''));
  const matching = found.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  return matching.reduce((sum, { value }) => sum + value, 0);
}

/** Requests of every protocol, answered, empty and refused. */
const VARIED = [
  ...['/service', '/infobutton', '/application'].flatMap((path) =>
    ['N53.14', 'ZZZ', 'E11.3211', ''].map((code) => `${path}?${CS}&mainSearchCriteria.v.c=${code}`),
  ),
  ...[`event=${ICD}|E11.9`, `explains=${ICD}|E11.9`, 'nonsense=1', '_id=none'].map(
    (query) => `/fhir/DocumentReference?${query}`,
  ),
  ...['/search?q=asthma', '/search', '/find?q=asthma', '/updates.atom', '/fhir/metadata', '/nowhere', '/healthz'],
  ...[`/fhir/CodeSystem/$lookup?system=${ICD}&code=E11.9`, `/fhir/ConceptMap/$translate?system=${ICD}&code=E11.9`],
];

test('servers of one process share what watches it, which none of them could take back', () => {
  const cache = new AnswerCache({ maxBytes: 1, maxEntryBytes: 1, maxAgeMs: 1 });
  const parts = { library: connector.library, cache, memory: new MemoryBudget(LIMITS), clock: () => new Date() };
  const [one, another] = [new Metrics(parts).registry, new Metrics(parts).registry];
  expect(one.getSingleMetric('nodejs_gc_duration_seconds')).toBeDefined();
  for (const { name } of one.getMetricsAsArray()) {
    const isShared = one.getSingleMetric(name) === another.getSingleMetric(name);
    expect([name, isShared]).toEqual([name, /^(?:nodejs|process)_/.test(name)]);
  }
});

test('is what a scraper can read, with every family that is documented', async () => {
  for (const path of VARIED) await ask(connector.url, path);
  const families = await scrape();
  const types = Object.fromEntries([...families].map(([name, { type }]) => [name, type]));
  expect(types).toMatchObject({
    http_request_duration_seconds: 'histogram',
    answers_total: 'counter',
    matches_total: 'counter',
    answer_cache_requests_total: 'counter',
    answer_cache_answers: 'gauge',
    answer_cache_bytes: 'gauge',
    library_info: 'gauge',
    library_release_info: 'gauge',
    library_held: 'gauge',
    library_ready: 'gauge',
    upstream_calls_total: 'counter',
    upstream_call_seconds_total: 'counter',
    upstream_breaker_state: 'gauge',
    process_cpu_seconds_total: 'counter',
    process_resident_memory_bytes: 'gauge',
    nodejs_eventloop_lag_p99_seconds: 'gauge',
  });
  for (const name of families.keys()) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
});

test('every metric of ours is in docs/operations/watch.md', async () => {
  const documented = readFileSync('docs/operations/watch.md', 'utf8');
  const ours = [...(await scrape()).keys()].filter((name) => !/^(process|nodejs)_/.test(name));
  expect(ours.length).toBeGreaterThan(10);
  expect(ours.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
});

test('a histogram’s buckets rise to its count, in every series', async () => {
  await ask(connector.url, `/service?${CS}&mainSearchCriteria.v.c=I10`);
  const samples = samplesOf(await scrape(), 'http_request_duration_seconds');
  const bySeries = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _bound, ...own } = sample.labels;
    const key = JSON.stringify(own);
    bySeries.set(key, [...(bySeries.get(key) ?? []), sample]);
  }
  expect(bySeries.size).toBeGreaterThan(0);
  for (const ofSeries of bySeries.values()) {
    const buckets = ofSeries.filter(({ name }) => name.endsWith('_bucket'));
    const values = buckets.map(({ value }) => value);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    const bounds = buckets.map(({ labels }) => Number((labels.le ?? '').replace('Inf', 'Infinity')));
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
    expect(bounds.at(-1)).toBe(Infinity);
    expect(ofSeries.find(({ name }) => name.endsWith('_count'))?.value).toBe(values.at(-1));
  }
});

describe('rate, errors and duration', () => {
  test.each([
    ['medlineplus-connect', 'answered', '200', `/service?${CS}&mainSearchCriteria.v.c=N53.14`],
    ['medlineplus-connect', 'empty', '200', `/service?${CS}&mainSearchCriteria.v.c=ZZZ`],
    ['infobutton', 'answered', '200', `/infobutton?${CS}&mainSearchCriteria.v.c=N53.14`],
    ['fhir', 'article-not-found', '404', '/fhir/DocumentReference/none-en'],
  ])('of %s, %s, %s are counted', async (protocol, outcome, status, path) => {
    const labels = { protocol, outcome, status };
    const before = await valueOf('http_request_duration_seconds_count', labels);
    for (let n = 0; n < 3; n += 1) await ask(connector.url, path);
    expect(await valueOf('http_request_duration_seconds_count', labels)).toBe(before + 3);
    expect(await valueOf('http_request_duration_seconds_sum', labels)).toBeGreaterThan(0);
  });

  test('every outcome is one of the answers’ or of the table of errors', async () => {
    for (const path of VARIED) await ask(connector.url, path);
    const outcomes = new Set(samplesOf(await scrape(), 'answers_total').map(({ labels }) => labels.outcome ?? ''));
    const known = new Set(['answered', 'empty', 'ok', ...Object.keys(ERRORS)]);
    expect([...outcomes].filter((outcome) => !known.has(outcome))).toEqual([]);
    expect(outcomes.size).toBeGreaterThan(4);
  });
});

test('the share of the answer cache can be told', async () => {
  const count = (result: string): Promise<number> => valueOf('answer_cache_requests_total', { result });
  const before = await Promise.all(['hit', 'miss'].map(count));
  for (let n = 0; n < 4; n += 1) await ask(connector.url, `/service?${CS}&mainSearchCriteria.v.c=J45`);
  expect(await Promise.all(['hit', 'miss'].map(count))).toEqual([(before[0] ?? 0) + 3, (before[1] ?? 0) + 1]);
  expect(await valueOf('answer_cache_answers', {})).toBeGreaterThan(0);
  expect(await valueOf('answer_cache_bytes', {})).toBeGreaterThan(1000);
});

test('each source’s release is named, and what all of them hold', async () => {
  const { releases, articles, mappings } = connector.library.status();
  const found = samplesOf(await scrape(), 'library_release_info').map(({ labels }) => labels);
  expect(found).toEqual(releases.map(({ layer, source, name }) => ({ layer, source, release: name })));
  expect(found.length).toBeGreaterThan(0);
  expect(await valueOf('library_held', { thing: 'articles' })).toBe(articles);
  expect(await valueOf('library_held', { thing: 'mappings' })).toBe(mappings);
  expect(await valueOf('library_ready', {})).toBe(1);
});

test('the terminology server’s calls, their time and its breaker are told', async () => {
  const asked = (code: string): string =>
    `/service?mainSearchCriteria.v.cs=http://snomed.info/sct&mainSearchCriteria.v.c=${code}`;
  other.answer = (_request, response) => {
    send(response, translation(`equivalent ${ICD}|J45.909`));
  };
  await ask(connector.url, asked('10000006'));
  expect(await valueOf('upstream_calls_total', { operation: 'translate', outcome: 'found' })).toBe(1);
  expect(await valueOf('upstream_call_seconds_total', { operation: 'translate' })).toBeGreaterThan(0);
  expect(await valueOf('upstream_breaker_state', { state: 'closed' })).toBe(1);
  expect(await valueOf('upstream_breaker_state', {})).toBe(1);
});

test('two scrapes at once do not add to each other', async () => {
  await ask(connector.url, `/service?${CS}&mainSearchCriteria.v.c=J45`);
  const [left, right] = await Promise.all([scrape(), scrape()]);
  const total = (families: Map<string, Family> = new Map()): number =>
    samplesOf(families, 'matches_total').reduce((sum, { value }) => sum + value, 0);
  expect(total(left)).toBe(total(right));
});

test('series do not grow with what clients make up', async () => {
  for (const path of VARIED) await ask(connector.url, path);
  // A request is counted once its connection has let it go: a moment after its answer is read.
  const count = async (before = -1): Promise<number> => {
    const now = [...(await scrape()).values()].reduce((sum, { samples }) => sum + samples.length, 0);
    return now === before ? now : count(now);
  };
  const once = async (mark: string): Promise<void> => {
    const headers = { 'X-Request-Id': mark, 'User-Agent': mark, Accept: `text/${mark}`, traceparent: mark };
    for (const path of VARIED)
      await ask(connector.url, `${path}${path.includes('?') ? '&' : '?'}${mark}=${mark}`, { headers });
    await ask(connector.url, `/${mark}`, { headers });
    await ask(connector.url, `/fhir/${mark}/${mark}`, { headers });
    await ask(connector.url, `/service?${CS}&mainSearchCriteria.v.c=${mark}`, { headers });
  };
  await once('aaa0');
  const before = await count();
  for (let n = 1; n < 8; n += 1) await once(`aaa${n}`);
  expect(await count()).toBe(before);
  expect(before).toBeLessThan(3000);
});
