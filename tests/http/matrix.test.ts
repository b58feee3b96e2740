import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { ask } from './ask.js';
import { complaintOf, formatOf } from './decent.js';

const HOSTILE = Object.entries(
  JSON.parse(readFileSync(new URL('hostile-values.json', import.meta.url), 'utf8')) as Record<string, string>,
);
const SERVICE = ['/service', '/medlineplus/services/mpconnect_service.cfm', '/mpconnect_service.cfm'];
const APPLICATION = ['/application', '/medlineplus/services/mpconnect.cfm', '/mpconnect.cfm'];
const PAGES = ['/find', '/suggest', '/article/topic-acne', '/code/icd-10-cm/E11', '/browse', '/about', '/errors'];
const FHIR = [
  ...['/fhir/metadata', '/fhir/DocumentReference', '/fhir/DocumentReference/topic-acne-en'],
  ...['/fhir/SearchParameter', '/fhir/StructureDefinition/audience', '/fhir/NamingSystem/publishers'],
];
const FHIR_OPERATIONS = ['/fhir/CodeSystem/$lookup', '/fhir/ValueSet/$expand', '/fhir/$knowledge-request'];
const OPERATIONS = ['/healthz', '/readyz', '/metrics'];
const ROUTES = [
  ...SERVICE,
  ...APPLICATION,
  ...PAGES,
  '/infobutton',
  '/cds-services',
  '/search',
  '/updates.atom',
  '/openapi.json',
  ...FHIR,
  ...OPERATIONS,
];
const ELSEWHERE = ['/', '/nowhere', '/assets/page.css', '/assets/', '/handouts/none.pdf', '/fhir', '/fhir/Patient/1'];

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';
const GOOD = `${CS}&mainSearchCriteria.v.c=N53.14`;
const PARAMETERS = [
  ...['v.c', 'v.cs', 'v.csn', 'v.dn', 'v.ot', 'c.c', 'v.c1', 'v.cs999'].map((end) => `mainSearchCriteria.${end}`),
  ...['subTopic.v.c', 'subTopic.v.c0', 'taskContext.c.c', 'encounter.c.c', 'age.v.v', 'age.v.u', 'ageGroup.v.c'],
  ...['patientPerson.administrativeGenderCode.c', 'informationRecipient', 'informationRecipient.languageCode.c'],
  ...['performer', 'performer.languageCode.c', 'knowledgeResponseType', 'callback', 'explain', 'holder.id.root'],
  ...[
    'event',
    'explains',
    'language',
    '_format',
    '_pretty',
    '_count',
    '_id',
    'q',
    'lang',
    'kind',
    'count',
    'system',
    'letter',
  ],
];
const TYPES = ['text/xml', 'application/json', 'application/javascript&callback=f', 'text/html'];

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { LOG_LEVEL: 'error' } });
});
afterAll(async () => {
  agent.destroy();
  await connector.stop();
});

/** The addresses that a hostile value makes of a route: in every value, behind a good system, as a name, in the path. */
function addressesOf(route: string, value: string): string[] {
  const everywhere = PARAMETERS.map((name) => `${name}=${value}`).join('&');
  const inContext = PARAMETERS.filter((name) => !/\.v?\.?csn?$|Type|callback|_format/.test(name));
  const context = inContext.map((name) => `${name}=${value}`).join('&');
  return [
    `${route}?${everywhere}`,
    `${route}?${value}=${value}&${value}`,
    `${route}?${value}`,
    ...TYPES.map((type) => `${route}?${CS}&${context}&knowledgeResponseType=${type}`),
    `${route}?${GOOD}&${value}=${value}&explain=true&informationRecipient.languageCode.c=${value}`,
    ...['event', 'explains'].map((name) => `${route}?${name}=http://hl7.org/fhir/sid/icd-10-cm|${value}`),
    ...['json', 'atom'].map((format) => `${route}?q=${value}&_format=${format}`),
    `${route}/${value}`,
  ];
}

/**
 * Which of the forms of an address a route and a value meet: the first, which holds the value in every parameter, and one of the
 * others in turn. Each route meets each value, and each form meets each route and each value; not every form every pair of these.
 */
const formsOf = (route: number, value: number, forms: number): number[] => [0, 1 + ((route + value) % (forms - 1))];

describe('whatever stands in an address, the answer is decent', () => {
  const routes = [...ROUTES, ...ELSEWHERE, ...FHIR_OPERATIONS];

  test('each form of an address meets each route and each value', () => {
    const forms = addressesOf('', '').length;
    const [ofRoutes, ofValues] = [new Set<string>(), new Set<string>()];
    for (const route of routes.keys())
      for (const value of HOSTILE.keys())
        for (const form of formsOf(route, value, forms)) {
          ofRoutes.add(`${form} ${route}`);
          ofValues.add(`${form} ${value}`);
        }
    expect([ofRoutes.size, ofValues.size]).toEqual([forms * routes.length, forms * HOSTILE.length]);
  });

  test.each(routes.map((route, index) => [route, index] as const))('%s', async (route, at) => {
    const complaints: string[] = [];
    for (const [index, [name, value]] of HOSTILE.entries()) {
      const addresses = addressesOf(route, value);
      const forms = formsOf(at, index, addresses.length);
      const replies = await Promise.all(
        forms.map(async (form) => {
          const address = (addresses[form] ?? '').replaceAll(' ', '%20');
          return [form, await ask(connector.url, address, { agent })] as const;
        }),
      );
      for (const [form, reply] of replies) {
        const complaint = complaintOf(reply);
        if (complaint) complaints.push(`${name}, form ${form}: ${complaint}`);
        if (/<script>alert|<img src=x/.test(reply.text) && !/json|javascript/.test(reply.headers['content-type'] ?? ''))
          complaints.push(`${name}, form ${form}: unescaped`);
      }
    }
    expect(complaints).toEqual([]);
  });

  test('a posted form too', async () => {
    const complaints: string[] = [];
    for (const [name, value] of HOSTILE) {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
      const forms = [`${CS}&${PARAMETERS.map((one) => `${one}=${value}`).join('&')}`, `${value}=${value}`, value];
      for (const body of forms) {
        const complaint = complaintOf(await ask(connector.url, '/infobutton', { method: 'POST', headers, body }));
        if (complaint) complaints.push(`${name}: ${complaint}`);
      }
    }
    expect(complaints).toEqual([]);
  });

  test('hostile headers too', async () => {
    const complaints: string[] = [];
    const names = ['Accept', 'Accept-Encoding', 'If-None-Match', 'If-Modified-Since', 'Range', 'Origin', 'Prefer'];
    const values = [
      ...HOSTILE.map(([, value]) => value),
      'a/b;q=x, */;q=',
      '"',
      'W/"',
      ';;;,,,',
      'bytes=9-1',
      'a'.repeat(9000),
    ];
    for (const path of [`/service?${GOOD}`, `/infobutton?${GOOD}`, '/application', ...FHIR, '/assets/page.css']) {
      for (const value of values) {
        const headers = Object.fromEntries(names.map((name) => [name, value]));
        const complaint = complaintOf(await ask(connector.url, path, { headers, agent }));
        if (complaint) complaints.push(`${path} ${value.slice(0, 30)}: ${complaint}`);
      }
    }
    expect(complaints).toEqual([]);
  });
});

describe('a wrong method gets 405, with the right ones in Allow', () => {
  const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'];
  test.each([...ROUTES, '/assets/page.css'])('%s', async (route) => {
    const answers: string[] = [];
    for (const method of methods) {
      if (method === 'POST' && route === '/infobutton') continue;
      const reply = await ask(connector.url, route, { method }).catch(() => undefined);
      if (method === 'QUERY' && !reply) continue; // a method that this Node does not know ends the connection
      const allow = reply?.headers.allow ?? '';
      if (reply && complaintOf(reply)) answers.push(`${method}: ${complaintOf(reply) ?? ''}`);
      if (method === 'QUERY') continue;
      if (reply?.status !== 405 || !/\bGET\b/.test(allow) || !/\bHEAD\b/.test(allow) || allow.includes(method))
        answers.push(`${method}: ${reply?.status ?? 0}, Allow ${allow}`);
    }
    expect(answers).toEqual([]);
  });
});

const LONG = 'x'.repeat(9000);
const TOO_MANY = '&x=1'.repeat(201);
const NUMBERED = Array.from(
  { length: 51 },
  (_, n) => `&mainSearchCriteria.v.c${n + 1}=I10&mainSearchCriteria.v.cs${n + 1}=2.16.840.1.113883.6.90`,
);
const JSON_TYPE = 'knowledgeResponseType=application/json';

describe('an error comes in the format that was asked for', () => {
  test.each([
    // what is wrong, method, address, Accept, status, format
    ['no code system', 'GET', '/service?mainSearchCriteria.v.c=N53.14', '', 400, 'xml'],
    ['no code system', 'GET', `/service?mainSearchCriteria.v.c=N53.14&${JSON_TYPE}`, '', 400, 'json'],
    ['no code system', 'GET', '/infobutton?mainSearchCriteria.v.c=N53.14', 'application/json', 400, 'json'],
    ['no code system', 'GET', '/application?mainSearchCriteria.v.c=N53.14', '', 400, 'html'],
    [
      'an unknown system',
      'GET',
      `/service?mainSearchCriteria.v.cs=1.2.3&mainSearchCriteria.v.c=1&${JSON_TYPE}`,
      '',
      400,
      'json',
    ],
    [
      'an unknown system',
      'GET',
      '/service?mainSearchCriteria.v.cs=1.2.3&mainSearchCriteria.v.c=1&knowledgeResponseType=application/javascript&callback=f',
      '',
      // Browsers run no script of a 4xx.
      200,
      'jsonp',
    ],
    ['an unknown response type', 'GET', `/service?${GOOD}&knowledgeResponseType=image/png`, '', 406, 'json'],
    [
      'a hostile callback',
      'GET',
      `/service?${GOOD}&knowledgeResponseType=application/javascript&callback=alert(1)//`,
      '',
      400,
      'json',
    ],
    ['no callback', 'GET', `/service?${GOOD}&knowledgeResponseType=application/javascript`, '', 400, 'json'],
    [
      'no code system',
      'GET',
      '/service?mainSearchCriteria.v.c=N53.14&knowledgeResponseType=text/html',
      '',
      400,
      'html',
    ],
    [
      'no code system',
      'GET',
      '/infobutton?mainSearchCriteria.v.c=N53.14&knowledgeResponseType=text/html',
      '',
      400,
      'html',
    ],
    ['no code system', 'GET', '/infobutton?mainSearchCriteria.v.c=N53.14', 'text/html', 400, 'html'],
    ['a wrong method', 'DELETE', `/service?${GOOD}`, '', 405, 'xml'],
    ['a wrong method', 'DELETE', `/service?${GOOD}&${JSON_TYPE}`, '', 405, 'json'],
    ['a wrong method', 'DELETE', '/service', 'application/json', 405, 'json'],
    ['a wrong method', 'POST', '/application', 'text/html', 405, 'html'],
    ['a wrong method', 'POST', '/fhir/DocumentReference', '', 405, 'operation-outcome'],
    ['a wrong method', 'PUT', '/fhir/DocumentReference/_search', '', 405, 'operation-outcome'],
    ['a body that is no form', 'POST', '/fhir/DocumentReference/_search', '{', 415, 'operation-outcome'],
    ['a wrong method', 'DELETE', '/fhir/DocumentReference/topic-acne-en', '', 405, 'operation-outcome'],
    ['too many parameters', 'GET', `/service?${GOOD}${TOO_MANY}`, '', 400, 'xml'],
    ['too many parameters', 'GET', `/service?${GOOD}&${JSON_TYPE}${TOO_MANY}`, '', 400, 'json'],
    ['too many parameters', 'GET', `/fhir/DocumentReference?event=I10${TOO_MANY}`, '', 400, 'operation-outcome'],
    ['too many criteria', 'GET', `/infobutton?${NUMBERED.join('')}&${JSON_TYPE}`, '', 400, 'json'],
    ['a long address', 'GET', `/service?${GOOD}&x=${LONG}`, '', 414, 'xml'],
    ['a long address', 'GET', `/service?${GOOD}&${JSON_TYPE}&x=${LONG}`, '', 414, 'json'],
    ['a long address', 'GET', `/service?${GOOD}&x=${LONG}`, 'application/json', 414, 'json'],
    ['a long address', 'GET', `/application?${GOOD}&x=${LONG}`, '', 414, 'html'],
    ['a long address', 'GET', `/fhir/DocumentReference?event=I10&x=${LONG}`, '', 414, 'operation-outcome'],
    ['a wrong body type', 'POST', `/infobutton?${JSON_TYPE}`, '', 415, 'json'],
    ['an unknown type', 'GET', '/fhir/Patient/1', '', 404, 'operation-outcome'],
    ['an unknown id', 'GET', '/fhir/DocumentReference/none-en', '', 404, 'operation-outcome'],
    ['an id with a bad escape', 'GET', '/fhir/DocumentReference/%E0%A4%A', '', 400, 'operation-outcome'],
    ['an unknown address', 'GET', '/nowhere', 'text/html', 404, 'html'],
    ['an unknown address', 'GET', '/nowhere', 'application/json', 404, 'json'],
  ])('case %#, %s', async (_what, method, path, accept, status, format) => {
    const headers = {
      ...(accept ? { Accept: accept } : {}),
      ...(method === 'POST' ? { 'Content-Type': 'text/csv' } : {}),
    };
    const reply = await ask(connector.url, path, { method, headers, ...(method === 'POST' ? { body: 'a,b' } : {}) });
    expect([reply.status, formatOf(reply)]).toEqual([status, format]);
    expect(complaintOf(reply)).toBeUndefined();
  });
});

describe('where a site may write, whatever is sent is answered decently, and nothing is written without a token', () => {
  const TOKEN = 'a-token-of-the-matrix';
  const ADDRESSES = [
    ...[
      '/fhir',
      '/fhir/DocumentReference',
      '/fhir/DocumentReference/local-a-en',
      '/fhir/DocumentReference/topic-acne-en',
    ],
    ...[
      '/fhir/ConceptMap',
      '/fhir/ConceptMap/ours',
      '/fhir/ConceptMap/icd-10-cm-to-articles',
      '/fhir/CodeSystem/icd-10-cm',
    ],
  ];
  const BODIES = [
    ...['', '{', 'null', '[]', '7', '"x"', '{"resourceType":7}', '{"resourceType":"Patient"}'],
    ...['DocumentReference', 'ConceptMap', 'Bundle'].flatMap((resourceType) => [
      JSON.stringify({ resourceType }),
      JSON.stringify({
        resourceType,
        id: 7,
        status: {},
        content: 'x',
        group: [null],
        entry: [null],
        type: 'batch',
      }),
      JSON.stringify({
        resourceType,
        content: [[]],
        group: [{ element: {} }],
        entry: [{ request: {} }],
        type: 'batch',
      }),
    ]),
  ];
  let writable: TestConnector;
  beforeAll(async () => {
    writable = await startConnector({ env: { LOG_LEVEL: 'error', WRITE_TOKENS: TOKEN } });
  });
  afterAll(() => writable.stop());

  test.each(['PUT', 'POST', 'DELETE', 'PATCH'])('%s', async (method) => {
    const { release } = writable.library.status();
    const complaints: string[] = [];
    const tokens = [undefined, 'wrong', TOKEN];
    for (const [at, path] of ADDRESSES.entries()) {
      for (const [index, body] of BODIES.entries()) {
        // Each address meets each body, and each token meets each address and each body.
        const token = tokens[(at + index) % tokens.length];
        const headers = {
          'Content-Type': 'application/fhir+json',
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        };
        const reply = await ask(writable.url, path, { method, headers, body, agent });
        const said = `${path} ${token ?? 'no token'} ${body}: ${reply.status}`;
        const complaint = complaintOf(reply);
        if (complaint) complaints.push(`${said} ${complaint}`);
        if (reply.status >= 400 && formatOf(reply) !== 'operation-outcome') complaints.push(`${said} no outcome`);
        if (token !== TOKEN && reply.status < 300 && path !== '/fhir') complaints.push(`${said} let in`);
        if (reply.status === 405 && !reply.headers.allow) complaints.push(`${said} without Allow`);
      }
    }
    expect(complaints).toEqual([]);
    expect(writable.library.status().release).toBe(release);
  });

  test('hostile values in ids, conditions and texts', async () => {
    const complaints: string[] = [];
    for (const [name, value] of HOSTILE) {
      const text = decodeURIComponent(value.replace(/%(?![0-9a-f]{2})/gi, '%25').replace(/%[89a-f][0-9a-f]/gi, '?'));
      const body = JSON.stringify({
        resourceType: 'DocumentReference',
        id: text,
        status: 'current',
        type: { coding: [{ system: 'http://loinc.org', code: '69730-0', display: text }] },
        content: [{ attachment: { language: text, title: text, url: text } }],
        context: { event: [{ coding: [{ system: text, code: text }] }] },
      });
      const base = { 'Content-Type': 'application/fhir+json', Authorization: `Bearer ${TOKEN}` };
      const plain = /^[\x20-\x7e]*$/.test(text) ? text : 'x';
      for (const headers of [
        base,
        { ...base, 'If-Match': plain },
        { ...base, 'If-None-Exist': plain, Prefer: plain },
      ]) {
        for (const [method, path] of [
          ['POST', '/fhir/DocumentReference'],
          ['PUT', `/fhir/DocumentReference/${value.replaceAll(' ', '%20')}`],
        ] as const) {
          const reply = await ask(writable.url, path, { method, headers, body, agent });
          const complaint = complaintOf(reply);
          if (complaint || reply.status < 300) complaints.push(`${method} ${name}: ${reply.status} ${complaint ?? ''}`);
        }
      }
    }
    expect(complaints).toEqual([]);
  });
});
