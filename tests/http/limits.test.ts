import type { Bundle, OperationDefinition } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPairs } from '../../src/edge/read-request.js';
import { LIMITS } from '../../src/limits.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { fhirComplaints } from '../support/fhir-schema.js';
import { ask, sendBytes } from './ask.js';
import { complaintOf } from './decent.js';

const GOOD = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const { maxAddressChars, maxBodyBytes, maxCallbackChars, maxCriteria, maxHeaderBytes, maxParameters } = LIMITS;

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { LOG_LEVEL: 'error' } });
});
afterAll(() => connector.stop());

const filled = (start: string, length: number): string => start + 'x'.repeat(length - start.length);
const criteria = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `mainSearchCriteria.v.c${n}=I10&mainSearchCriteria.v.cs${n}=2.16.840.1.113883.6.90`,
  ).join('&');
const jsonp = (callback: string): string =>
  `/service?${GOOD}&knowledgeResponseType=application/javascript&callback=${callback}`;

test('parameters are decoded as browsers encode them, and no more are read than may be sent', () => {
  const piece = fc.constantFrom('a', '=', '&', '+', '%', '%41', '%C3%B1', '%f1', '%2', '?', 'ñ', ' ', '\u{1f600}');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const encoded = pieces.join('');
      const expected = [...new URLSearchParams(encoded)].filter(([name]) => name !== '');
      expect(readPairs(encoded)).toEqual(expected);
    }),
  );
  for (const pair of ['a&', '=x&', '&&a=1']) expect(readPairs(pair.repeat(100_000)).length).toBe(maxParameters + 1);
  expect(readPairs('&'.repeat(100_000))).toEqual([]);
});

describe('each limit holds at its value and refuses one past it', () => {
  const address = (length: number): string => filled(`/service?${GOOD}&x=`, length);
  const parameters = (count: number): string => `/service?${GOOD}${'&x=1'.repeat(count - 2)}`;
  test.each([
    ['characters of an address', address(maxAddressChars), 200],
    ['characters of an address', address(maxAddressChars + 1), 414],
    ['parameters', parameters(maxParameters), 200],
    ['parameters', parameters(maxParameters + 1), 400],
    ['criteria', `/infobutton?${criteria(maxCriteria)}`, 200],
    ['criteria', `/infobutton?${criteria(maxCriteria + 1)}`, 400],
    ['characters of a callback', jsonp('f'.repeat(maxCallbackChars)), 200],
    ['characters of a callback', jsonp('f'.repeat(maxCallbackChars + 1)), 400],
  ])('%s (case %#)', async (_name, path, status) => {
    const reply = await ask(connector.url, path);
    expect(reply.status).toBe(status);
    expect(complaintOf(reply)).toBeUndefined();
  });

  test.each([
    [maxBodyBytes, 200],
    [maxBodyBytes + 1, 413],
    [maxBodyBytes * 50, 413],
  ])('%i bytes of a form whose length is told → %i', async (length, status) => {
    const body = filled(`${GOOD}&x=`, length);
    const reply = await ask(connector.url, '/infobutton', { method: 'POST', headers: FORM, body });
    expect(reply.status).toBe(status);
  });

  test.each([
    [maxBodyBytes, 200],
    [maxBodyBytes + 1, 413],
    [maxBodyBytes * 4, 413],
  ])('%i bytes of a form that comes in chunks → %i', async (length, status) => {
    const body = filled(`${GOOD}&x=`, length);
    const headers = { ...FORM, 'Transfer-Encoding': 'chunked' };
    const reply = await ask(connector.url, '/infobutton', { method: 'POST', headers, body });
    expect(reply.status).toBe(status);
  });

  test('parameters of query and form count together, and the message names the limit itself', async () => {
    const headers = { ...FORM, Accept: 'application/json' };
    const post = (count: number) =>
      ask(connector.url, `/infobutton?${GOOD}${'&x=1'.repeat(98)}`, {
        method: 'POST',
        headers,
        body: 'y=1&'.repeat(count),
      });
    expect((await post(maxParameters - 100)).status).toBe(200);
    const refused = await post(maxParameters - 99);
    expect(refused.status).toBe(400);
    const { error } = JSON.parse(refused.text) as { error: { code: string; message: string } };
    expect(error.code).toBe('too-many-parameters');
    expect(error.message).toContain(String(maxParameters));
  });
});

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const FHIR = { 'Content-Type': 'application/fhir+json' };
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('each list of a FHIR request holds at its limit, and one past it is an error that names the limit', () => {
  const { maxBatchEntries, maxChartQuestions, maxChartResources, maxLanguages, maxListValues } = LIMITS;
  type Sent = readonly [path: string, body?: object];
  const parameters = (...parameter: object[]): object => ({ resourceType: 'Parameters', parameter });
  const concept = (count: number): object => ({ coding: many(count, (index) => ({ system: ICD, code: `E${index}` })) });
  const chart = (entry: object[]): object =>
    parameters({ name: 'resource', resource: { resourceType: 'Bundle', type: 'collection', entry } });
  const batch = (entry: object[]): object => ({ resourceType: 'Bundle', type: 'batch', entry });
  const nested = (depth: number): object => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as object;

  test.each<[string, number, (count: number) => Sent]>([
    [
      'languages',
      maxLanguages,
      (count) => [`/CodeSystem/$validate-code?url=${ICD}&code=E11&displayLanguage=${many(count, () => 'fr').join()}`],
    ],
    [
      'codings of a concept: $validate-code',
      maxListValues,
      (count) => [
        '/ValueSet/icd-10-cm-all/$validate-code',
        parameters({ name: 'codeableConcept', valueCodeableConcept: concept(count) }),
      ],
    ],
    [
      'codings of a concept: $translate',
      maxListValues,
      (count) => [
        '/ConceptMap/$translate',
        parameters({ name: 'codeableConcept', valueCodeableConcept: concept(count) }),
      ],
    ],
    [
      'codings of a concept: $knowledge-request',
      maxListValues,
      (count) => ['/$knowledge-request', parameters({ name: 'codeableConcept', valueCodeableConcept: concept(count) })],
    ],
    [
      'codings of a concept in a chart',
      maxListValues,
      (count) => [
        '/$knowledge-request',
        chart([{ resource: { resourceType: 'Condition', subject: {}, code: concept(count) } }]),
      ],
    ],
    [
      'entries of a batch',
      maxBatchEntries,
      (count) => ['', batch(many(count, () => ({ request: { method: 'GET', url: 'Patient/1' } })))],
    ],
    [
      'resources of a chart',
      maxChartResources,
      (count) => ['/$knowledge-request', chart(many(count, () => ({ resource: { resourceType: 'Condition' } })))],
    ],
    [
      'questions',
      maxChartQuestions,
      (count) => [
        '/$knowledge-request',
        parameters(...many(count, (index) => ({ name: 'coding', valueCoding: { system: ICD, code: `A${index}` } }))),
      ],
    ],
    [
      'criteria of a search',
      maxCriteria,
      (count) => [`/DocumentReference?_count=0&event=${many(count, (index) => `E${index}`).join()}`],
    ],
    [
      'levels',
      LIMITS.maxResourceDepth,
      (count) => [
        '/ConceptMap/$translate',
        { ...parameters({ name: 'coding', valueCoding: { system: ICD, code: 'E11' } }), x: nested(count - 1) },
      ],
    ],
  ])('%s: %i', async (_name, limit, make) => {
    const send = async (count: number): Promise<[number, string]> => {
      const [path, body] = make(count);
      const method = body ? 'POST' : 'GET';
      const reply = await ask(connector.url, `/fhir${path}`, {
        method,
        headers: body ? FHIR : {},
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return [reply.status, reply.text];
    };
    expect((await send(limit))[0]).toBe(200);
    const [status, text] = await send(limit + 1);
    expect([Math.floor(status / 100), text]).toEqual([
      4,
      expect.stringMatching(new RegExp(`\\b(?:${limit}|${limit.toLocaleString('en')})\\b`)),
    ]);
  });

  test('values of each parameter that an operation takes several of', async () => {
    const bundle = JSON.parse((await ask(connector.url, '/fhir/OperationDefinition?_count=200')).text) as Bundle;
    const repeated = (bundle.entry ?? []).flatMap(({ resource }) => {
      const { code, resource: types = [], parameter = [] } = resource as OperationDefinition;
      const several = parameter.filter(({ use, max, part }) => use === 'in' && max === '*' && !part);
      return code === 'knowledge-request'
        ? []
        : several.map(({ name, type = '' }) => ({ path: `/${types[0] ?? ''}/$${code}`, name, type }));
    });
    expect(repeated.length).toBeGreaterThan(0);
    for (const { path, name, type } of repeated) {
      const key = `value${type.charAt(0).toUpperCase()}${type.slice(1)}`;
      const base = [
        { name: 'url', valueUri: `${ICD}?fhir_vs=isa/E11.3` },
        { name: 'system', valueUri: ICD },
        { name: 'code', valueCode: 'E11' },
      ];
      const send = (count: number) => {
        const body = parameters(
          ...(path.includes('expand') ? base.slice(0, 1) : base),
          ...many(count, (index) => ({ name, [key]: `${ICD}${index}|2026` })),
        );
        return ask(connector.url, `/fhir${path}`, { method: 'POST', headers: FHIR, body: JSON.stringify(body) });
      };
      expect([path, name, (await send(maxListValues)).status]).toEqual([path, name, 200]);
      const refused = await send(maxListValues + 1);
      expect([path, name, refused.status, refused.text]).toEqual([
        path,
        name,
        400,
        expect.stringContaining(String(maxListValues)),
      ]);
    }
  });
});

describe('a wrong body is refused', () => {
  test.each([
    ['JSON', { 'Content-Type': 'application/json' }, '{}'],
    ['multipart', { 'Content-Type': 'multipart/form-data; boundary=x' }, '--x--'],
    ['plain text', { 'Content-Type': 'text/plain' }, GOOD],
    ['no type', {}, GOOD],
  ])('%s → 415', async (_name, headers, body) => {
    const reply = await ask(connector.url, '/infobutton', { method: 'POST', headers, body });
    expect(reply.status).toBe(415);
  });
});

describe('a hostile callback is refused and never repeated', () => {
  test.each([
    'alert(1)',
    'a;b',
    'f(1)//',
    '<script>',
    'a b',
    'f%0a',
    '1f',
    'a..b',
    '.a',
    'a.',
    'a[0]',
    'a%E2%80%A8b',
    'ƒ',
    '%00',
    'a=1',
    '/**/f',
    "f'",
    'f`x`',
  ])('%s', async (callback) => {
    const path = jsonp(/%/.test(callback) ? callback : encodeURIComponent(callback));
    const reply = await ask(connector.url, path);
    // A line end behind a name is a blank, which is met kindly.
    if (callback === 'f%0a') expect(reply.text.startsWith('f(')).toBe(reply.status === 200);
    else expect([reply.status, reply.headers['content-type']]).toEqual([400, 'application/json; charset=utf-8']);
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
  });
});

const LINE = `GET /service?${GOOD} HTTP/1.1\r\n`;
const HOST = 'Host: x\r\nConnection: close\r\n';
const POST = `POST /infobutton HTTP/1.1\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\n`;

describe('broken HTTP gets a 4xx or a closed connection', () => {
  test.each<[string, (string | Buffer)[]]>([
    ['no HTTP at all', ['GARBAGE\r\n\r\n']],
    ['a TLS client hello', [Buffer.from('16030100a5010000a10303', 'hex'), '\r\n\r\n']],
    ['an unknown version', ['GET /service HTTP/9.9\r\n\r\n']],
    ['an unknown method', [`BREW /service HTTP/1.1\r\n${HOST}\r\n`]],
    ['no host', ['GET /service HTTP/1.1\r\nConnection: close\r\n\r\n']],
    ['a NUL in the address', [`GET /service\0 HTTP/1.1\r\n${HOST}\r\n`]],
    ['a control character in the address', [`GET /ser\x01vice HTTP/1.1\r\n${HOST}\r\n`]],
    ['a bare header', [`${LINE}${HOST}broken\r\n\r\n`]],
    ['a blank before the colon', [`${LINE}${HOST}X-A : b\r\n\r\n`]],
    ['a NUL in a header', [`${LINE}${HOST}X-A: b\0c\r\n\r\n`]],
    ['two lengths', [`${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`]],
    ['a length and chunks', [`${POST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`]],
    ['a negative length', [`${POST}Content-Length: -1\r\n\r\n`]],
    ['a length that is no number', [`${POST}Content-Length: abc\r\n\r\n`]],
    ['a chunk without a size', [`${POST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`]],
    ['an unknown transfer encoding', [`${POST}Transfer-Encoding: gzip\r\n\r\n`]],
    ['an unknown expectation', [`${LINE}${HOST}Expect: magic\r\n\r\n`]],
    ['a tunnel', [`CONNECT example.com:443 HTTP/1.1\r\n${HOST}\r\n`]],
  ])('%s', async (_name, pieces) => {
    const text = await sendBytes(connector.url, pieces);
    expect(text).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
    expect(text).not.toMatch(/\n\s+at |node_modules|Error:/);
    expect((await ask(connector.url, '/healthz')).status).toBe(200);
  });

  test.each([
    ['an address that is a star', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`],
    ['an address without a slash', `GET service HTTP/1.1\r\n${HOST}\r\n`],
    ['an absolute address', `GET http://evil.example/service?${GOOD} HTTP/1.1\r\n${HOST}\r\n`],
    ['two slashes', `GET //evil.example/%2e%2e HTTP/1.1\r\n${HOST}\r\n`],
    ['a fragment', `GET /service?${GOOD}#x HTTP/1.1\r\n${HOST}\r\n`],
    ['raw bytes above 127', `GET /service?x=\xff\xfe HTTP/1.1\r\n${HOST}\r\n`],
    ['an upgrade', `${LINE}Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nConnection: close\r\n\r\n`],
    ['HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n'],
    ['a folded header', `${LINE}${HOST}X-A: b\r\n c\r\n\r\n`],
  ])('%s is no reason for a 5xx, a redirect or silence', async (_name, request) => {
    const text = await sendBytes(connector.url, [Buffer.from(request, 'latin1')]);
    expect(text).toMatch(/^HTTP\/1\.1 (?:2|4)\d\d /);
    expect(text).not.toMatch(/\n\s+at |evil\.example/);
  });

  test('headers just below their limit are read', async () => {
    const headers = { 'X-A': 'a'.repeat(maxHeaderBytes - 1000) };
    expect((await ask(connector.url, '/healthz', { headers })).status).toBe(200);
  });

  test.each([
    ['in one piece', 1],
    ['in several packets', 8],
  ])('headers past their limit, %s, get 431', async (_name, count) => {
    const piece = `X-A: ${'a'.repeat(Math.ceil((maxHeaderBytes + 8000) / count))}\r\n`;
    const text = await sendBytes(connector.url, [`${LINE}${HOST}`, ...Array<string>(count).fill(piece), '\r\n']);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('an address longer than all headers may be still gets 414', async () => {
    const text = await sendBytes(connector.url, [
      `GET /service?${'x'.repeat(maxHeaderBytes + 10)} HTTP/1.1\r\n${HOST}\r\n`,
    ]);
    expect(text).toMatch(/^HTTP\/1\.1 414 /);
  });

  test.each([
    [414, `GET /fhir/DocumentReference?_text=${'x'.repeat(maxHeaderBytes + 10)} HTTP/1.1\r\n${HOST}\r\n`],
    [400, `HELLO /fhir/metadata HTTP/1.1\r\n${HOST}\r\n`],
    [400, `HELLO /fhir HTTP/1.1\r\n${HOST}\r\n`],
  ])('FHIR’s clients are told by an OperationOutcome what is no request (%i)', async (status, request) => {
    const [head = '', body = ''] = (await sendBytes(connector.url, [request])).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('Content-Type: application/fhir+json; charset=utf-8');
    const outcome: unknown = JSON.parse(body);
    expect(fhirComplaints(outcome)).toEqual([]);
    expect(outcome).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] });
  });

  test('an address that only begins like FHIR’s is none, whether or not its request can be read', async () => {
    for (const line of ['GET /fhirx HTTP/1.1', 'HELLO /fhirx HTTP/1.1']) {
      const text = await sendBytes(connector.url, [`${line}\r\n${HOST}Connection: close\r\n\r\n`]);
      expect(text).not.toContain('OperationOutcome');
    }
  });
});
