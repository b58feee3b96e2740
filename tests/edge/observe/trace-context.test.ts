import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTraceContext, traceHeaders } from '../../../src/edge/observe/trace-context.js';
import { ask } from '../../http/ask.js';
import type { AnswerCase } from '../../support/answer-case.js';
import { toRows } from '../../support/answer-case.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { MemoryLibrary } from '../../support/memory-library.js';
import type { OtherServer } from '../../upstream/other-server.js';
import { startOther } from '../../upstream/other-server.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const VALID = `00-${TRACE}-${PARENT}-01`;
const ID = '7f2c1c1e-0b52-4a55-9f6b-3a6a2f1d9e01';

describe('traceparent', () => {
  test.each([
    ['a valid one', VALID, VALID],
    ['one that is not sampled', `00-${TRACE}-${PARENT}-00`, `00-${TRACE}-${PARENT}-00`],
    ['a later version, by what is known of it', `cc-${TRACE}-${PARENT}-03-more`, `00-${TRACE}-${PARENT}-01`],
    ['a later version without more', `01-${TRACE}-${PARENT}-08`, `00-${TRACE}-${PARENT}-00`],
  ])('%s is passed on', (_name, sent, passed) => {
    expect(traceHeaders({ traceparent: sent }, ID, true)).toEqual({ 'x-request-id': ID, traceparent: passed });
  });

  test.each([
    ['no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['no parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a version that there is not', `ff-${TRACE}-${PARENT}-01`],
    ['more than its version has', `${VALID}-more`],
    ['upper case', VALID.toUpperCase()],
    ['too short', `00-${TRACE}-${PARENT}`],
    ['a later version that goes on without a dash', `cc-${TRACE}-${PARENT}-01more`],
    ['anything', 'Smith, John'],
    ['nothing', ''],
  ])('%s is dropped, with its tracestate', (_name, traceparent) => {
    expect(traceHeaders({ traceparent, tracestate: 'a=1' }, ID, true)).toEqual({ 'x-request-id': ID });
  });
});

describe('tracestate', () => {
  const passed = (tracestate: string, staysInHouse = true): string | undefined =>
    traceHeaders({ traceparent: VALID, tracestate }, ID, staysInHouse).tracestate;

  test.each([
    ['congo=t61rcWkgMzE', 'congo=t61rcWkgMzE'],
    ['rojo=00f067aa0ba902b7 , congo=t61, ', 'rojo=00f067aa0ba902b7,congo=t61'],
    ['fw529a3039@dt=FfAAAAAAAAAA', 'fw529a3039@dt=FfAAAAAAAAAA'],
  ])('%s goes along', (sent, expected) => {
    expect(passed(sent)).toBe(expected);
  });

  test.each([
    ['a key in upper case', 'Congo=1'],
    ['no value', 'congo='],
    ['too long', `a=${'x'.repeat(256)},b=${'x'.repeat(256)}`],
    ['too many', Array.from({ length: 33 }, (_, n) => `k${n}=1`).join(',')],
    ['nothing', ' , '],
  ])('%s is dropped', (_name, sent) => {
    expect(passed(sent)).toBeUndefined();
  });

  test('never leaves the house', () => {
    expect(passed('congo=1', false)).toBeUndefined();
  });
});

test('work knows the headers of its own request, whichever runs beside it', async () => {
  const trace = createTraceContext(true);
  const late = async (): Promise<unknown> => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return trace.current();
  };
  const found = await Promise.all(['a', 'b'].map((id) => trace.run(id, {}, late)));
  expect(found).toEqual([{ 'x-request-id': 'a' }, { 'x-request-id': 'b' }]);
  expect(trace.current()).toEqual({});
});

describe('a terminology server that is asked', () => {
  const OURS: AnswerCase = {
    name: 'ours',
    rows: ['icd-10-cm|J45 -> topic-asthma equivalent'],
    ask: '',
    expect: { articles: [] },
  };
  let other: OtherServer;
  let connector: TestConnector;
  beforeAll(async () => {
    other = await startOther();
    connector = await startConnector({
      library: new MemoryLibrary(toRows(OURS)),
      env: { TERMINOLOGY_SERVER: other.url },
    });
  });
  afterEach(() => {
    other.asked.splice(0);
  });
  afterAll(async () => {
    await connector.stop();
    await other.stop();
  });
  const path = (code: string): string =>
    `/service?mainSearchCriteria.v.cs=http://snomed.info/sct&mainSearchCriteria.v.c=${code}`;

  test('is told the request’s id and trace, and nothing else of it', async () => {
    const headers = {
      'X-Request-Id': ID,
      traceparent: VALID,
      tracestate: 'congo=1',
      Cookie: 'a=1',
      'X-Patient-Id': '7',
    };
    await ask(connector.url, path('10000006'), { headers });
    expect(other.asked).toHaveLength(1);
    const [{ headers: told } = { headers: {} }] = other.asked;
    expect(told).toMatchObject({ 'x-request-id': ID, traceparent: VALID, tracestate: 'congo=1' });
    expect(told).not.toHaveProperty('cookie');
    expect(told).not.toHaveProperty('x-patient-id');
  });

  test('is told our id where the client’s may name somebody', async () => {
    const reply = await ask(connector.url, path('10002003'), { headers: { 'X-Request-Id': 'smith.john' } });
    expect(other.asked.map(({ headers }) => headers['x-request-id'])).toEqual([reply.headers['x-request-id']]);
    expect(JSON.stringify(other.asked)).not.toContain('smith');
  });
});
