import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Reply } from '../../http/ask.js';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { TEST_TIME, startConnector } from '../../support/connector.js';
import type { CountedLibrary } from '../counted-library.js';
import { openCounted } from '../counted-library.js';

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';
const JSON_TYPE = 'knowledgeResponseType=application/json';
const SECOND = 1000;
const HOUR = 3600 * SECOND;

let counted: CountedLibrary;
let connector: TestConnector;
let now = TEST_TIME;
beforeAll(async () => {
  counted = await openCounted();
  connector = await startConnector({ library: counted.library, clock: () => now });
});
afterAll(async () => {
  await connector.stop();
  counted.remove();
});
// Every test has a release of its own, and so a cache of its own.
let release = 0;
beforeEach(() => {
  now = TEST_TIME;
  release += 1;
  counted.swapTo(`test-${release}`);
});

/** Whether an address was answered without asking the library. */
async function askKept(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<[boolean, Reply]> {
  const before = counted.asked();
  const reply = await ask(connector.url, path, { headers, method });
  return [counted.asked() === before, reply];
}
const isKept = async (path: string, headers?: Record<string, string>, method?: string): Promise<boolean> =>
  (await askKept(path, headers, method))[0];

describe('a header that an answer may depend on', () => {
  const ARTICLES = 'https://education-connect.example/fhir/CodeSystem/articles';
  const HEADERS = [
    ['Accept', 'application/json', 'application/fhir+xml'],
    ['Accept-Language', 'es', 'en'],
    ['Prefer', 'handling=strict', 'handling=lenient'],
  ] as const;

  test.each([
    `/service?${CS}&mainSearchCriteria.v.c=N53.14`,
    `/infobutton?${CS}&mainSearchCriteria.v.c=N53.14`,
    `/application?${CS}&mainSearchCriteria.v.c=N53.14`,
    '/fhir/metadata',
    '/fhir/metadata?mode=terminology',
    '/fhir/DocumentReference?explains=http://hl7.org/fhir/sid/icd-10-cm|N53.14',
    '/fhir/DocumentReference/ency-001282-en',
    `/fhir/CodeSystem/$lookup?system=${ARTICLES}&code=topic-acne`,
    `/fhir/CodeSystem/$validate-code?url=${ARTICLES}&code=topic-acne`,
    `/fhir/CodeSystem/$subsumes?system=${ARTICLES}&codeA=topic-acne&codeB=topic-acne`,
    '/fhir/ValueSet/articles-all/$expand?count=5',
    `/fhir/ConceptMap/$translate?system=http://hl7.org/fhir/sid/icd-10-cm&code=N53.14`,
    '/openapi.json',
  ])('is part of the key and of Vary: %s', async (path) => {
    for (const [name, first, second] of HEADERS) {
      release += 1;
      counted.swapTo(`test-${release}`);
      const alone = await ask(connector.url, path, { headers: { [name]: second } });
      release += 1;
      counted.swapTo(`test-${release}`);
      await ask(connector.url, path, { headers: { [name]: first } });
      const after = await ask(connector.url, path, { headers: { [name]: second } });
      const plain = ({ body }: Reply): string =>
        body.toString('utf8').replace(/test-\d+|urn:uuid:[\w-]+|[0-9a-f]{12}/g, '');
      expect([name, after.status, plain(after)]).toEqual([name, alone.status, plain(alone)]);
      expect(after.headers['vary']).toContain(name);
    }
  });
});

describe('an answer is kept', () => {
  test.each([
    `/service?${CS}&mainSearchCriteria.v.c=N53.14`,
    `/infobutton?${CS}&mainSearchCriteria.v.c=N53.14&informationRecipient=PROV&age.v.v=40&age.v.u=a`,
    `/application?${CS}&mainSearchCriteria.v.c=N53.14`,
    '/fhir/DocumentReference?explains=http://hl7.org/fhir/sid/icd-10-cm|N53.14',
    '/fhir/DocumentReference/ency-001282-en',
  ])('%s', async (path) => {
    const [first, fresh] = await askKept(path);
    const [second, kept] = await askKept(path);
    expect([first, second]).toEqual([false, true]);
    expect(kept.status).toBe(200);
    expect(kept.body.equals(fresh.body)).toBe(true);
    const { date: _one, 'x-request-id': _id, ...freshHeaders } = fresh.headers;
    const { date: _two, 'x-request-id': _other, ...keptHeaders } = kept.headers;
    expect(keptHeaders).toEqual(freshHeaders);
  });

  test('for HEAD after GET, with the same headers and no body', async () => {
    const path = `/service?${CS}&mainSearchCriteria.v.c=J45`;
    const got = await ask(connector.url, path);
    const [kept, head] = await askKept(path, {}, 'HEAD');
    expect([kept, head.status, head.text]).toEqual([true, 200, '']);
    expect(head.headers['content-length']).toBe(got.headers['content-length']);
    expect(head.headers.etag).toBe(got.headers.etag);
  });
});

describe('an answer is not kept', () => {
  test.each([
    'holder.assignedEntity.n=Smith',
    'holder.assignedEntity.id.root=1.2.3',
    'holder.assignedEntity.certificateText=x',
    'assignedAuthorizedPerson.id.root=1.2.3',
    'patientPerson.id.root=1.2.3',
    'representedOrganization.id.root=1.2.3',
    'knowledgeRequestNotification.effectiveTime.v=20261124',
    'patientPerson.birthTime.v=19700101',
    'mainSearchCriteria.v.ot=Jane%20Smith',
    'informationRecipient.name=Smith',
    'token=abc',
    'x=1',
    '__proto__=1',
    'constructor=1',
    'mainSearchCriteria.v.c1234=x',
  ])('with %s', async (parameter) => {
    const path = `/service?${CS}&mainSearchCriteria.v.c=J45`;
    await ask(connector.url, path);
    expect(await isKept(`${path}&${parameter}`)).toBe(false);
    expect(await isKept(`${path}&${parameter}`)).toBe(false);
  });

  test('of a POST', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const post = async (): Promise<boolean> => {
      const before = counted.asked();
      const body = `${CS}&mainSearchCriteria.v.c=J45`;
      await ask(connector.url, '/infobutton', { method: 'POST', headers: form, body });
      return counted.asked() === before;
    };
    expect([await post(), await post()]).toEqual([false, false]);
  });

  test('of an error that may pass', async () => {
    const path = `/service?${CS}&mainSearchCriteria.v.c=J45`;
    counted.failWith(new Error('broken'));
    const broken = await ask(connector.url, path);
    counted.failWith(undefined);
    expect([broken.status, (await ask(connector.url, path)).status]).toEqual([500, 200]);
  });
});

describe('two different questions never share an answer', () => {
  const FHIR = '/fhir/DocumentReference?explains=http://hl7.org/fhir/sid/icd-10-cm|';
  test.each([
    ['codes', `/service?${CS}&mainSearchCriteria.v.c=J45`, `/service?${CS}&mainSearchCriteria.v.c=I10`],
    ['dialects', `/service?${CS}&mainSearchCriteria.v.c=J45`, `/infobutton?${CS}&mainSearchCriteria.v.c=J45`],
    [
      'values that hold separators',
      `/service?${CS}&mainSearchCriteria.v.c=J45%26mainSearchCriteria.v.dn=x`,
      `/service?${CS}&mainSearchCriteria.v.c=J45&mainSearchCriteria.v.dn=x`,
    ],
    [
      'repeats in another order',
      `/service?${CS}&mainSearchCriteria.v.c=J45&mainSearchCriteria.v.c=I10`,
      `/service?${CS}&mainSearchCriteria.v.c=I10&mainSearchCriteria.v.c=J45`,
    ],
    [
      'numbers written with and without a zero, in another order',
      `/service?mainSearchCriteria.v.c1=J45&mainSearchCriteria.v.c01=I10&mainSearchCriteria.v.cs1=2.16.840.1.113883.6.90&explain=true`,
      `/service?mainSearchCriteria.v.c01=I10&mainSearchCriteria.v.c1=J45&mainSearchCriteria.v.cs1=2.16.840.1.113883.6.90&explain=true`,
    ],
    ['FHIR names that differ in case, which are different names', `${FHIR}I10&LANGUAGE=es`, `${FHIR}I10&language=es`],
    ['FHIR searches with a parameter of another case', `${FHIR}I10&EVENT=J45`, `${FHIR}I10&event=J45`],
    ['FHIR formats', `${FHIR}I10&_FORMAT=xml`, `${FHIR}I10&_format=xml`],
  ])('%s', async (_name, one, other) => {
    await ask(connector.url, one);
    const after = await ask(connector.url, other);
    counted.swapTo(`test-${release}-alone`);
    const alone = await ask(connector.url, other);
    expect([after.status, after.text]).toEqual([alone.status, alone.text]);
  });

  test('nor do Accept headers and encodings', async () => {
    const path = `/infobutton?${CS}&mainSearchCriteria.v.c=N53.14`;
    const xml = await ask(connector.url, path, { headers: { Accept: 'text/xml' } });
    const json = await ask(connector.url, path, { headers: { Accept: 'application/json' } });
    const packed = await ask(connector.url, path, {
      headers: { Accept: 'application/json', 'Accept-Encoding': 'gzip' },
    });
    expect(xml.headers['content-type']).toMatch(/^text\/xml/);
    expect(json.headers['content-type']).toMatch(/^application\/json/);
    expect([json.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([undefined, 'gzip']);
  });
});

describe('a kept answer ends', () => {
  const path = `/service?${CS}&mainSearchCriteria.v.c=J45&${JSON_TYPE}`;
  const updatedOf = ({ text }: Reply): string =>
    (JSON.parse(text) as { feed: { updated: { _value: string } } }).feed.updated._value;

  test.each([
    ['a second before the hour is over', TEST_TIME, HOUR - SECOND, true],
    ['when the hour is over', TEST_TIME, HOUR + SECOND, false],
    ['a second before midnight UTC', new Date('2026-11-24T23:50:00Z'), 10 * 60 * SECOND - SECOND, true],
    ['at midnight UTC, though minutes old', new Date('2026-11-24T23:50:00Z'), 10 * 60 * SECOND, false],
  ])('by the injected clock: %s', async (_name, start, laterMs, kept) => {
    now = start;
    await ask(connector.url, path);
    now = new Date(start.getTime() + laterMs);
    const [wasKept, reply] = await askKept(path);
    expect(wasKept).toBe(kept);
    expect(updatedOf(reply)).toBe((kept ? start : now).toISOString().replace('.000Z', 'Z'));
  });

  test('with its release, which every answer names', async () => {
    await ask(connector.url, path);
    counted.swapTo(`test-${release}-next`);
    const [kept, reply] = await askKept(path);
    expect([kept, reply.headers['x-library-release']]).toEqual([false, `test-${release}-next`]);
  });

  test('with what the release held, though it is named the same', async () => {
    await ask(connector.url, path);
    expect(await isKept(path)).toBe(true);
    counted.changeContent();
    const [kept, reply] = await askKept(path);
    expect([kept, reply.headers['x-library-release']]).toEqual([false, `test-${release}`]);
  });

  test('before it is kept, where other content came while it was made', async () => {
    counted.duringNext(counted.changeContent);
    expect((await ask(connector.url, path)).status).toBe(200);
    expect(await isKept(path)).toBe(false);
  });
});

describe('the tag of an answer', () => {
  test.each([
    `/service?${CS}&mainSearchCriteria.v.c=N53.14&x=1`,
    `/service?${CS}&mainSearchCriteria.v.c=N53.14&x=1&${JSON_TYPE}`,
    `/infobutton?${CS}&mainSearchCriteria.v.c=N53.14&x=1`,
    `/infobutton?${CS}&mainSearchCriteria.v.c=N53.14&mainSearchCriteria.v.c1=J45&mainSearchCriteria.v.cs1=2.16.840.1.113883.6.90&x=1&${JSON_TYPE}`,
  ])('stays when only the time moves: %s', async (path) => {
    const { headers, text } = await ask(connector.url, path);
    now = new Date(TEST_TIME.getTime() + 61 * SECOND);
    const later = await ask(connector.url, path);
    expect(later.text).not.toBe(text);
    expect(later.headers.etag).toMatch(/^W\/"[^"]+"$/);
    expect(later.headers.etag).toBe(headers.etag);
    const unchanged = await ask(connector.url, path, { headers: { 'If-None-Match': headers.etag ?? '' } });
    expect([unchanged.status, unchanged.text]).toEqual([304, '']);
  });

  test.each([
    ['itself', (tag: string) => tag, 304],
    ['itself, strong', (tag: string) => tag.replace('W/', ''), 304],
    ['one of a list', (tag: string) => `"a", ${tag} , W/"b"`, 304],
    ['any', () => '*', 304],
    ['another', () => 'W/"another"', 200],
    ['a part of it', (tag: string) => tag.slice(0, -3), 200],
    ['an empty one', () => '""', 200],
  ])('matches %s', async (_name, sent, status) => {
    const path = `/service?${CS}&mainSearchCriteria.v.c=N53.14`;
    const { headers } = await ask(connector.url, path);
    for (const method of ['GET', 'HEAD']) {
      const known = { 'If-None-Match': sent(headers.etag ?? ''), 'Accept-Encoding': 'gzip' };
      const reply = await ask(connector.url, path, { method, headers: known });
      expect(reply.status).toBe(status);
      expect(reply.headers.etag).toBe(headers.etag);
      expect(reply.headers['x-library-release']).toBe(headers['x-library-release']);
    }
  });

  test('differs where the answer differs, and an error has none', async () => {
    const tags = await Promise.all(
      ['N53.14', 'J45', 'I10'].map(
        async (code) => (await ask(connector.url, `/service?${CS}&mainSearchCriteria.v.c=${code}`)).headers.etag,
      ),
    );
    expect(new Set(tags).size).toBe(3);
    const error = await ask(connector.url, '/service', { headers: { 'If-None-Match': '*' } });
    expect([error.status, error.headers.etag]).toEqual([400, undefined]);
  });
});

describe('the budget', () => {
  test.each([
    ['holds a few answers where it is small: the oldest goes', '20000', [false, true]],
    ['of nothing keeps nothing', '0', [false, false]],
  ])('%s', async (_name, bytes, expected) => {
    const own = await openCounted();
    const small = await startConnector({ library: own.library, env: { CACHE_MAX_BYTES: bytes } });
    const keptHere = async (code: string): Promise<boolean> => {
      const before = own.asked();
      await ask(small.url, `/service?${CS}&mainSearchCriteria.v.c=${code}`);
      return own.asked() === before;
    };
    for (const code of ['N53.14', 'J45', 'I10', 'E11.9', 'J44.9', 'M54.5', 'N39.0', 'F32.9', 'F41.1'])
      await keptHere(code);
    expect([await keptHere('N53.14'), await keptHere('N53.14')]).toEqual(expected);
    await small.stop();
    own.remove();
  });
});
