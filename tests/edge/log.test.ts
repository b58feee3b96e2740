import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, sendBytes } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import type { CountedLibrary } from './counted-library.js';
import { openCounted } from './counted-library.js';

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';
/** Unlike anything that the server itself would write. */
let marks = 0;
const mark = (): string => `zq${String((marks += 1)).padStart(3, '0')}qz`;

const NAMES = [
  ...['mainSearchCriteria.v.dn', 'mainSearchCriteria.v.ot', 'mainSearchCriteria.v.c1', 'subTopic.v.c', 'age.v.v'],
  ...['patientPerson.id.root', 'patientPerson.birthTime.v', 'holder.assignedEntity.n', 'assignedEntity.name'],
  ...['taskContext.c.c', 'performer', 'informationRecipient', 'encounter.c.c', 'patient', 'token', 'access_token'],
  ...['event', 'explains', 'language', '_id', 'callback', '__proto__'],
];
const HEADERS = [
  ...['Authorization', 'Cookie', 'User-Agent', 'Referer', 'X-Forwarded-For', 'X-Request-Id', 'Accept', 'Origin'],
  ...['If-None-Match', 'Accept-Language', 'X-Patient-Id', 'Forwarded', 'traceparent', 'Proxy-Authorization'],
];
const query = (): string => NAMES.map((name) => `${name}=${mark()}`).join('&');
const headers = (): Record<string, string> => Object.fromEntries(HEADERS.map((name) => [name, mark()]));

let counted: CountedLibrary;
let connector: TestConnector;
beforeAll(async () => {
  counted = await openCounted();
  connector = await startConnector({ library: counted.library, env: { LOG_LEVEL: 'trace', TRUST_PROXY: 'loopback' } });
});
afterAll(async () => {
  await connector.stop();
  counted.remove();
});

test('no log line and no counter holds a query, a code, a name, an id or a token', async () => {
  const { url } = connector;
  const form = (): Record<string, string> => ({ ...headers(), 'Content-Type': 'application/x-www-form-urlencoded' });
  const paths = [
    ...['/service', '/application', '/infobutton', '/fhir/DocumentReference', '/fhir/metadata', '/healthz', '/metrics'],
    ...['/mpconnect_service.cfm', '/assets/page.css', '/readyz'],
  ];
  for (const path of paths) {
    await ask(url, `${path}?${query()}`, { headers: headers() });
    await ask(url, `${path}?${query()}`, { headers: headers(), method: 'DELETE' });
    await ask(url, `${path}?${CS}&mainSearchCriteria.v.c=${mark()}&knowledgeResponseType=${mark()}`);
    await ask(url, `${path}?${CS}&mainSearchCriteria.v.c=N53.14&${query()}`, { headers: headers() });
    await ask(url, `${path}?${mark()}=${mark()}&${'x'.repeat(9000)}`, { headers: headers() });
    await ask(url, `${path}/${mark()}?${query()}`, { headers: headers() });
  }
  for (const path of [`/${mark()}`, `/fhir/DocumentReference/${mark()}-en`, `/fhir/DocumentReference/%E0${mark()}`])
    await ask(url, path, { headers: headers() });
  await ask(url, `/fhir/Patient/${mark()}`);
  await ask(url, '/infobutton', {
    method: 'POST',
    headers: form(),
    body: `${CS}&mainSearchCriteria.v.c=J45&${query()}`,
  });
  await ask(url, '/infobutton', { method: 'POST', headers: { 'Content-Type': mark() }, body: mark() });
  await sendBytes(url, [`GET /${mark()} HTTP/9.9\r\nX: ${mark()}\r\n\r\n`]);
  await sendBytes(url, [`${mark()}\r\n\r\n`]);

  const written = JSON.stringify(connector.logLines) + (await ask(url, '/metrics')).text;
  expect(marks).toBeGreaterThan(500);
  expect(written.match(/.{0,80}zq\d{3,}qz/gi)).toBeNull();
  expect(written).not.toMatch(/N53\.?14|mainSearchCriteria|127\.0\.0\.1/i);
});

test('a failure of ours is logged by its name and place, and told to nobody', async () => {
  const [before, secret] = [connector.logLines.length, mark()];
  counted.failWith(new TypeError(`cannot read ${secret}`));
  const asked = `${CS}&mainSearchCriteria.v.c=J45&mainSearchCriteria.v.dn=${secret}`;
  const paths = ['/service', '/infobutton', '/application'].map((path) => `${path}?${asked}`);
  const explains = '/fhir/DocumentReference?explains=http://hl7.org/fhir/sid/icd-10-cm|J45';
  for (const path of [...paths, explains, '/fhir/DocumentReference/topic-acne-en']) {
    const reply = await ask(connector.url, path);
    expect(reply.status).toBe(500);
    expect(reply.text).not.toMatch(/cannot read|TypeError|\n\s+at |counted-library/);
  }
  counted.failWith(undefined);
  const lines = connector.logLines.slice(before);
  const failures = lines.filter(({ level }) => level === 50);
  expect(failures).toHaveLength(5);
  for (const line of failures) expect(line).toMatchObject({ error: 'TypeError' });
  expect(JSON.stringify(lines)).not.toContain(secret);
});

test('every request ends in one line, kept answers included', async () => {
  const before = connector.logLines.length;
  const path = `/service?${CS}&mainSearchCriteria.v.c=I10`;
  for (let n = 0; n < 3; n += 1) await ask(connector.url, path);
  await ask(connector.url, '/assets/page.css');
  await ask(connector.url, '/nowhere');
  const lines = connector.logLines.slice(before);
  expect(lines.map(({ cache, status }) => [cache, status])).toEqual([
    ['miss', 200],
    ['hit', 200],
    ['hit', 200],
    ['miss', 200],
    ['off', 404],
  ]);
  expect(lines.slice(0, 3).map(({ route, protocol, method }) => [route, protocol, method])).toEqual(
    Array(3).fill(['/service', 'medlineplus-connect', 'GET']),
  );
});

test('what is not HTTP enough to become a request is counted as well', async () => {
  const before = connector.logLines.length;
  await sendBytes(connector.url, ['GARBAGE\r\n\r\n']);
  expect(connector.logLines.slice(before)).toEqual([expect.objectContaining({ status: 400 })]);
});

test.each([
  ['without a host', 'GET /fhir/metadata HTTP/1.1\r\nConnection: close\r\n\r\n', 'fhir'],
  [
    'that expects what is not known',
    'GET /fhir/metadata HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nConnection: close\r\n\r\n',
    'fhir',
  ],
  ['for a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', 'none'],
])('so is a request %s, and it is told why', async (_name, request, protocol) => {
  const before = connector.logLines.length;
  const [head = '', body = ''] = (await sendBytes(connector.url, [request])).split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  expect(head).toMatch(/^X-Request-Id: \S+/m);
  expect(body).toMatch(protocol === 'fhir' ? /"resourceType": ?"OperationOutcome"/ : /"code":"bad-request"/);
  const line = { level: 30, protocol, status: 400, outcome: 'bad-request' };
  expect(connector.logLines.slice(before)).toEqual([expect.objectContaining(line)]);
});

test('a client that resets a tunnel is no reason to end', async () => {
  const { hostname, port } = new URL(connector.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write('CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(connector.server, 'connect');
  socket.resetAndDestroy();
  expect((await ask(connector.url, '/healthz')).status).toBe(200);
});

test('an error by JSONP is logged and counted as the error that it is, whatever status it is sent with', async () => {
  const before = connector.logLines.length;
  const path = '/service?mainSearchCriteria.v.c=I10&knowledgeResponseType=application/javascript&callback=f';
  expect((await ask(connector.url, path)).status).toBe(200);
  const { text } = await ask(connector.url, '/metrics');
  expect(connector.logLines.slice(before)).toContainEqual(
    expect.objectContaining({ protocol: 'medlineplus-connect', status: 400, outcome: 'missing-code-system' }),
  );
  expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*outcome="missing-code-system",status="400"/);
});
