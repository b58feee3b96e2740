import { describe, expect, test } from '@jest/globals';
import { readLogLine } from '../../../src/cli/replay.js';

const QUERY = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
const PATH = `/service?${QUERY}`;

/** Reading of a line of ours: its query, and whether it is of the service or the application. */
function readAs(line: string): string | undefined {
  const request = readLogLine(line);
  return typeof request === 'object' ? `${request.isService ? 'service' : 'application'} ${request.query}` : request;
}

describe('a request is read from a line', () => {
  test.each([
    ["Apache's common format", `10.1.2.3 - - [24/Nov/2026:12:00:00 +0000] "GET ${PATH} HTTP/1.1" 200 512`],
    [
      'the combined format, whatever the referrer names',
      `10.1.2.3 - dr.who [24/Nov/2026:12:00:00 +0000] "GET ${PATH} HTTP/2.0" 200 512 "https://ehr.example/service?x=1" "Mozilla/5.0"`,
    ],
    [
      'with a virtual host before it',
      `ehr.example:80 10.1.2.3 - - [24/Nov/2026:12:00:00 +0000] "GET ${PATH} HTTP/1.1" 200 5`,
    ],
    [
      'of a proxy, with the whole address',
      `10.1.2.3 - - [x] "GET https://connect.medlineplus.gov${PATH} HTTP/1.1" 200 5`,
    ],
    ['without a protocol', `10.1.2.3 - - [x] "GET ${PATH}" 200 5`],
    [
      "Squid's native format",
      `1066036250.603    310 10.1.2.3 TCP_MISS/200 5120 GET http://connect.medlineplus.gov${PATH} - HIER_DIRECT/1.2.3.4 text/xml`,
    ],
    ['an address alone', `https://connect.medlineplus.gov${PATH}`],
    ['a path alone, with a line end of Windows', `${PATH}\r`],
    ['a log in JSON', `{"remote":"10.1.2.3","request":"GET ${PATH} HTTP/1.1","status":200}`],
  ])('%s', (_what, line) => {
    expect(readAs(line)).toBe(`service ${QUERY}`);
  });

  test.each([
    ['/service', 'service'],
    ['/service/', 'service'],
    ['/application', 'application'],
    ['/medlineplus/services/mpconnect_service.cfm', 'service'],
    ['/medlineplus/services/mpconnect.cfm', 'application'],
    ['/mpconnect_service.cfm', 'service'],
    ['/MPConnect.cfm', 'application'],
  ])('%s is one of the addresses', (path, kind) => {
    expect(readAs(`10.1.2.3 - - [x] "GET ${path}?${QUERY} HTTP/1.1" 200 5`)).toBe(`${kind} ${QUERY}`);
  });

  test('with what a server escapes in it', () => {
    expect(readAs('- - - [x] "GET /service?a=\\"b\\"&c=\\xc3\\xa9 HTTP/1.1" 200 5')).toBe('service a="b"&c=%c3%a9');
  });

  test('with blanks that a careless client sent', () => {
    expect(readAs('- - - [x] "GET /service?a=b c HTTP/1.1" 200 5')).toBe('service a=b c');
  });
});

test.each([
  ['another path', '10.1.2.3 - - [x] "GET /services?a=b HTTP/1.1" 200 5'],
  ['a path below', '10.1.2.3 - - [x] "GET /service/list?a=b HTTP/1.1" 200 5'],
  ['another method', `10.1.2.3 - - [x] "POST ${PATH} HTTP/1.1" 200 5`],
  [
    'a tunnel',
    '1066036250.603 310 10.1.2.3 TCP_TUNNEL/200 39 CONNECT connect.medlineplus.gov:443 - HIER_DIRECT/1.2.3.4 -',
  ],
  ['a referrer alone', `10.1.2.3 - - [x] "GET /page.css HTTP/1.1" 200 5 "http://h${PATH}" "Mozilla/5.0"`],
  ['an empty line', ''],
])('%s is no request', (_what, line) => {
  expect(readLogLine(line)).toBeUndefined();
});

test('a line that names the address in an unknown format is told apart', () => {
  expect(readLogLine(`10.1.2.3 | GET | ${PATH} | 200`)).toBe('unread');
});
