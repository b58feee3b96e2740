import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent, ValueSet } from '@medplum/fhirtypes';
import { ask } from '../http/ask.js';
import { patient, condition, concept } from '../protocols/fhir/charts.js';
import { ARTICLES, handout } from '../protocols/fhir/written.js';
import type { TestConnector } from '../support/connector.js';
import { TEST_TIME, startConnector, temporaryFolder } from '../support/connector.js';
import { resourceComplaints } from '../support/fhir-answer.js';
import type { TokenIssuer } from '../support/token-issuer.js';
import { startTokenIssuer } from '../support/token-issuer.js';
import { CLOSED_REQUESTS, READ_TOKEN, WRITE_TOKEN } from './closed-requests.js';

const folder = temporaryFolder();
const AUDIT_LOG = join(folder.path, 'audit.ndjson');
let issuer: TokenIssuer;
let connector: TestConnector;
let url = '';
let isStopped = false;
const stop = async (): Promise<void> => {
  if (!isStopped) await connector.stop();
  isStopped = true;
};
beforeAll(async () => {
  issuer = await startTokenIssuer();
  mkdirSync(join(folder.path, 'handouts'));
  writeFileSync(join(folder.path, 'handouts', 'icd10_z99.89_en.pdf'), '%PDF-1.4\n');
  connector = await startConnector({
    env: {
      ...issuer.env,
      AUDIT_LOG,
      REQUIRE_AUTHENTICATION: 'fhir, search, handouts',
      READ_TOKENS: `ward-3:${READ_TOKEN}`,
      WRITE_TOKENS: `librarian:${WRITE_TOKEN}`,
      LOCAL_LIBRARY: folder.path,
      CONNECTOR_NAME: 'Our Connector',
    },
  });
  ({ url } = connector);
});
afterAll(async () => {
  await stop();
  await issuer.close();
  folder.remove();
});

/** Lines are written in batches, a second apart at the latest. */
const PAUSE_MS = 50;
const lines = (): string[] => readFileSync(AUDIT_LOG, 'utf8').split('\n').slice(0, -1);
let seen = 0;
/** The events that were written since this was asked last, once there are so many. */
async function events(count: number): Promise<AuditEvent[]> {
  while (lines().length < seen + count) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const fresh = lines().slice(seen);
  seen += fresh.length;
  return fresh.map((line) => JSON.parse(line) as AuditEvent);
}
async function eventOf(asking: Promise<unknown>): Promise<AuditEvent> {
  await asking;
  const found = await events(1);
  expect(found).toHaveLength(1);
  const [event] = found;
  if (!event) throw new Error('no event');
  expect(resourceComplaints(event)).toEqual([]);
  return event;
}
/** The events of several requests, one after the other: they are written together. */
async function eventsOf(askings: readonly (() => Promise<unknown>)[]): Promise<AuditEvent[]> {
  for (const asking of askings) await asking();
  const found = await events(askings.length);
  expect(found).toHaveLength(askings.length);
  expect(found.flatMap(resourceComplaints)).toEqual([]);
  return found;
}

const CODE = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const JSON_TYPE = { 'Content-Type': 'application/fhir+json' };
const postResource = (path: string, body: unknown) =>
  ask(url, `/fhir${path}`, {
    method: 'POST',
    headers: { ...bearer(WRITE_TOKEN), ...JSON_TYPE },
    body: JSON.stringify(body),
  });
const identified = ({ entity = [] }: AuditEvent, wanted: string) =>
  entity.flatMap(({ what }) => (what?.type === wanted ? [what.identifier] : []));
const systemsOf = (event: AuditEvent) => identified(event, 'CodeSystem').map((one) => one?.value);
/** Articles that are named in no language of theirs. */
const articlesOf = (event: AuditEvent) =>
  identified(event, 'DocumentReference').map((one) => (one?.system === ARTICLES ? one.value : one));
const referencesOf = ({ entity = [] }: AuditEvent) => entity.flatMap(({ what }) => what?.reference ?? []);

test('an answer is one whole event: who, what about, what was given, how it ended', async () => {
  const path = `/fhir/DocumentReference?explains=${ICD}|N53.14&language=en`;
  expect(await eventOf(ask(url, path, { headers: bearer(READ_TOKEN) }))).toEqual({
    resourceType: 'AuditEvent',
    type: expect.objectContaining({ code: 'rest' }),
    subtype: [expect.objectContaining({ code: 'search-type' })],
    action: 'E',
    recorded: TEST_TIME.toISOString(),
    outcome: '0',
    outcomeDesc: 'answered',
    agent: [{ who: { identifier: { value: 'ward-3' } }, requestor: true }],
    source: {
      site: connector.config.writer.name,
      observer: { display: 'Our Connector' },
      type: [expect.objectContaining({ code: '4' })],
    },
    entity: [
      expect.objectContaining({
        what: { type: 'CodeSystem', identifier: { system: 'urn:ietf:rfc:3986', value: ICD } },
      }),
      expect.objectContaining({ what: { reference: 'DocumentReference/ency-001282-en' } }),
    ],
  });
});

describe('each protocol', () => {
  test.each<[string, string, string[], string[]]>([
    ['medlineplus-connect', `/service?${CODE}`, [ICD], ['DocumentReference/ency-001282-en']],
    ['infobutton', `/infobutton?${CODE}`, [ICD], ['DocumentReference/ency-001282-en']],
    ['application', `/application?${CODE}`, [ICD], ['DocumentReference/ency-001282-en']],
    ['page', '/code/icd-10-cm/N53.14', [ICD], ['DocumentReference/ency-001282-en']],
    ['page', '/article/topic-acne?lang=es', [], ['DocumentReference/topic-acne-es']],
    [
      'page',
      '/handout?article=topic-acne,topic-asthma',
      [],
      ['DocumentReference/topic-acne-en', 'DocumentReference/topic-asthma-en'],
    ],
    ['page', '/packet?code=icd-10-cm|N53.14', [ICD], ['DocumentReference/ency-001282-en']],
  ])('%s %s', async (protocol, path, systems, references) => {
    const event = await eventOf(ask(url, path));
    expect([event.subtype, event.outcome, event.agent]).toEqual([
      [{ code: protocol }],
      '0',
      [{ who: { display: 'anonymous' }, requestor: true }],
    ]);
    expect([systemsOf(event), referencesOf(event)]).toEqual([systems, references]);
  });

  test('search and its suggestions tell what was found', async () => {
    for (const path of ['/search?q=acne', '/suggest?q=acne', '/find?q=acne']) {
      const event = await eventOf(ask(url, path, { headers: bearer(READ_TOKEN) }));
      expect(referencesOf(event)).toContain('DocumentReference/topic-acne-en');
    }
  });

  test('a search by a code names its system, a search by words none, whatever codes it finds', async () => {
    const searches = (paths: readonly string[]) =>
      eventsOf(paths.map((path) => () => ask(url, path, { headers: bearer(READ_TOKEN) })));
    const byCode = await searches([
      '/search?q=N53.14',
      '/search?q=N53.14&kind=article',
      '/search?q=n5314&kind=concept',
      '/suggest?q=n53',
    ]);
    expect(byCode.map(systemsOf)).toEqual(byCode.map(() => [ICD]));
    const byWords = await searches(['/search?q=acne&kind=concept', '/suggest?q=acne', '/find?q=acne']);
    expect(byWords.map((event) => [event.outcomeDesc, systemsOf(event)])).toEqual(byWords.map(() => ['answered', []]));
  });

  test('what words found beside a code without an article is told too, and the answer is empty all the same', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const told = await eventsOf([
      () => ask(url, `/application?${CODE.replace('N53.14', 'ZZZ')}&mainSearchCriteria.v.dn=asthma`),
      // Nothing is mapped to it; its own title is Urethral discharge.
      () => ask(url, '/find?q=R36&system=icd-10-cm'),
      () => ask(url, '/packet', { method: 'POST', headers: form, body: 'list=asthma' }),
    ]);
    expect(told.map((event) => [event.outcomeDesc, referencesOf(event)[0]])).toEqual([
      // The title that came with the code is a page's name.
      ['answered', 'DocumentReference/topic-asthma-en'],
      ['empty', 'DocumentReference/ency-000439-en'],
      ['empty', 'DocumentReference/topic-asthma-en'],
    ]);
  });

  test('handouts', async () => {
    const event = await eventOf(ask(url, '/handouts/icd10_z99.89_en.pdf', { headers: bearer(READ_TOKEN) }));
    expect([event.subtype, event.outcome]).toEqual([[{ code: 'handouts' }], '0']);
    expect(referencesOf(event)).toEqual(['DocumentReference/local-icd-10-cm-z99.89-en']);
  });

  test.each<[string, string, string[], string[]]>([
    ['read', '/DocumentReference/topic-acne-en', [], ['DocumentReference/topic-acne-en']],
    ['operation', `/$knowledge-request?code=N53.14&system=${ICD}`, [ICD], ['DocumentReference/ency-001282-en']],
    ['operation', `/CodeSystem/$lookup?code=N53.14&system=${ICD}`, [ICD], []],
    ['read', '/StructureDefinition/audience', [], []],
  ])('FHIR %s %s', async (interaction, path, systems, references) => {
    const event = await eventOf(ask(url, `/fhir${path}`, { headers: bearer(READ_TOKEN) }));
    expect(event.subtype?.map(({ code }) => code)).toEqual([interaction]);
    expect([systemsOf(event), referencesOf(event)]).toEqual([systems, references]);
  });

  test('FHIR terminology names the articles that it tells as codes', async () => {
    const ALL = ARTICLES.replace('CodeSystem/articles', 'ValueSet/articles-all');
    const told: readonly [path: string, systems: string[], articles: string[]][] = [
      [`/ConceptMap/$translate?code=N53.14&system=${ICD}`, [ICD], ['ency-001282']],
      [`/ConceptMap/$translate?code=topic-acne&system=${ARTICLES}&reverse=true`, [], []],
      [`/CodeSystem/$lookup?code=topic-acne&system=${ARTICLES}`, [], ['topic-acne']],
      [`/CodeSystem/$validate-code?code=topic-acne&url=${ARTICLES}`, [], ['topic-acne']],
      [`/CodeSystem/$validate-code?code=topic-nowhere&url=${ARTICLES}`, [], []],
      ['/CodeSystem/articles/$validate-code?code=topic-acne', [], ['topic-acne']],
      ['/CodeSystem/icd-10-cm/$validate-code?code=N53.14', [ICD], []],
      [`/ValueSet/$validate-code?code=topic-acne&url=${ALL}`, [], ['topic-acne']],
      [`/ValueSet/$validate-code?code=topic-acne&system=${ARTICLES}&url=${ALL}`, [], ['topic-acne']],
      [`/ValueSet/$expand?url=${ALL}&count=0`, [], []],
      [`/ValueSet/$expand?url=${ICD}%3Ffhir_vs%3Disa/N53`, [ICD], []],
    ];
    const found = await eventsOf(
      told.map(
        ([path]) =>
          () =>
            ask(url, `/fhir${path}`, { headers: bearer(READ_TOKEN) }),
      ),
    );
    const shown = found.map((event, at) => [told[at]?.[0], systemsOf(event), articlesOf(event), referencesOf(event)]);
    expect(shown).toEqual(told.map((one) => [...one, []]));
    expect(found.map(({ outcome }) => outcome)).toEqual(told.map(() => '0'));
  });

  test('an expansion to articles names those of its page, and one to more than a page the whole', async () => {
    const expand = (count: number) =>
      ask(url, `/fhir/ValueSet/articles-all/$expand?count=${count}`, { headers: bearer(READ_TOKEN) });
    const page = expand(3);
    const [few, many] = await eventsOf([() => page, () => expand(201)]);
    const { expansion } = JSON.parse((await page).text) as ValueSet;
    const codes = (expansion?.contains ?? []).map(({ code }) => code);
    expect([codes.length, few && articlesOf(few), few && referencesOf(few)]).toEqual([3, codes, []]);
    expect([many && articlesOf(many), many && referencesOf(many)]).toEqual([[], ['CodeSystem/articles']]);
  });

  test('what a request says to be an article, and the library does not have, is its own words', async () => {
    const [own, known] = ['zebediah', 'topic-acne'].map((code) => ({ system: ARTICLES, code }));
    const asking = (operation: string, parameter: readonly unknown[]) => () =>
      postResource(`/${operation}`, { resourceType: 'Parameters', parameter });
    const found = await eventsOf([
      asking('CodeSystem/$validate-code', [
        { name: 'url', valueUri: ARTICLES },
        { name: 'codeableConcept', valueCodeableConcept: { coding: [own, known] } },
      ]),
    ]);
    expect(found.map((event) => [event.outcome, ...articlesOf(event)])).toEqual([['0', 'topic-acne']]);
  });

  test('what is written, by whom', async () => {
    const put = (token: string) =>
      ask(url, '/fhir/DocumentReference/local-zebra-en', {
        method: 'PUT',
        headers: { ...bearer(token), ...JSON_TYPE, Prefer: 'return=minimal' },
        body: JSON.stringify(handout({ id: 'local-zebra-en' })),
      });
    const remove = () =>
      ask(url, '/fhir/DocumentReference/local-zebra-en', { method: 'DELETE', headers: bearer(WRITE_TOKEN) });
    const told: unknown[] = [];
    for (const asking of [() => put(WRITE_TOKEN), () => put(WRITE_TOKEN), remove, () => put(READ_TOKEN)]) {
      const event = await eventOf(asking());
      const { action, outcome, outcomeDesc, agent } = event;
      told.push([action, outcome, outcomeDesc, agent[0]?.who?.identifier?.value, ...referencesOf(event)]);
    }
    expect(told).toEqual([
      ['U', '0', 'created', 'librarian', 'DocumentReference/local-zebra-en'],
      ['U', '0', 'updated', 'librarian', 'DocumentReference/local-zebra-en'],
      ['D', '0', 'deleted', 'librarian', 'DocumentReference/local-zebra-en'],
      ['U', '4', 'not-permitted', 'ward-3'],
    ]);
  });

  test('a deletion names what is gone, as the library names it, and nothing where nothing was', async () => {
    const id = 'local-zebra-en';
    const entry = (address: string) => ({ request: { method: 'DELETE', url: address } });
    const addresses = ['DocumentReference/JohnDoe-1950-01-01', 'DocumentReference/local-zebra-e%6e'];
    const write = () =>
      ask(url, `/fhir/DocumentReference/${id}`, {
        method: 'PUT',
        headers: { ...bearer(WRITE_TOKEN), ...JSON_TYPE },
        body: JSON.stringify(handout({ id })),
      });
    const removals = addresses.map(
      (address) => () => ask(url, `/fhir/${address}`, { method: 'DELETE', headers: bearer(WRITE_TOKEN) }),
    );
    const bundle = () => postResource('', { resourceType: 'Bundle', type: 'batch', entry: addresses.map(entry) });
    const [none, gone] = removals;
    if (!none || !gone) throw new Error('nothing to ask');
    const found = await eventsOf([none, write, gone, gone, write, bundle, bundle]);
    const deletions = found.filter(({ action }) => action !== 'U');
    expect(deletions.map((event) => [event.outcomeDesc, ...referencesOf(event)])).toEqual([
      ['empty'],
      ['deleted', `DocumentReference/${id}`],
      ['empty'],
      ['ok', `DocumentReference/${id}`],
      ['ok'],
    ]);
  });

  test('a Bundle tells what its entries gave, wrote and asked about', async () => {
    const entry = [
      { request: { method: 'GET', url: 'DocumentReference/topic-acne-en' } },
      { request: { method: 'GET', url: `DocumentReference?explains=${ICD}|N53.14&language=en` } },
      { request: { method: 'POST', url: 'DocumentReference' }, resource: handout() },
    ];
    const event = await eventOf(postResource('', { resourceType: 'Bundle', type: 'batch', entry }));
    expect([event.subtype?.[0]?.code, systemsOf(event)]).toEqual(['batch', [ICD]]);
    const [first, second, ...more] = referencesOf(event);
    expect([first, second, more.length]).toEqual([
      'DocumentReference/topic-acne-en',
      'DocumentReference/ency-001282-en',
      1,
    ]);
    expect(more[0]).toMatch(/^DocumentReference\/local-/);
    await eventOf(ask(url, `/fhir/${more[0] ?? ''}`, { method: 'DELETE', headers: bearer(WRITE_TOKEN) }));
  });
});

test('each request of a batch tells what it would tell alone', async () => {
  const SCT = 'http://snomed.info/sct';
  const post = (address: string, parameter: unknown[]) => ({
    request: { method: 'POST', url: address },
    resource: { resourceType: 'Parameters', parameter },
  });
  const bundle = (entry: unknown[]) => () => postResource('', { resourceType: 'Bundle', type: 'batch', entry });
  const id = 'local-zebra-en';
  const [asked, removed] = await eventsOf([
    bundle([
      { request: { method: 'PUT', url: `DocumentReference/${id}` }, resource: handout({ id }) },
      post('$knowledge-request', [{ name: 'resource', resource: condition(concept('icd', 'N53.14')) }]),
      post('CodeSystem/$validate-code', [
        { name: 'coding', valueCoding: { system: SCT, code: '195967001' } },
        { name: 'url', valueUri: SCT },
      ]),
      { request: { method: 'GET', url: `CodeSystem/$lookup?code=topic-acne&system=${ARTICLES}` } },
      { request: { method: 'HEAD', url: 'DocumentReference/topic-asthma-en' } },
    ]),
    bundle([{ request: { method: 'DELETE', url: `DocumentReference/${id}` } }]),
  ]);
  expect([asked && systemsOf(asked), asked && articlesOf(asked)]).toEqual([[ICD, SCT], ['topic-acne']]);
  expect(asked && referencesOf(asked)).toEqual(
    expect.arrayContaining([`DocumentReference/${id}`, 'DocumentReference/topic-asthma-en']),
  );
  expect([removed?.outcome, removed && referencesOf(removed)]).toEqual(['0', [`DocumentReference/${id}`]]);
});

describe('how it ended', () => {
  test('kept answers and those that the client holds are audited like any other', async () => {
    const path = `/fhir/DocumentReference?explains=${ICD}|I10`;
    const first = await ask(url, path, { headers: bearer(READ_TOKEN) });
    await ask(url, path, { headers: bearer(READ_TOKEN) });
    await ask(url, path, {
      headers: { ...bearer(await issuer.sign({ scope: 'system/*.rs' })), 'If-None-Match': first.headers.etag ?? '' },
    });
    const [one, two, three] = await events(3);
    expect(two).toEqual(one);
    expect(three).toEqual({ ...one, agent: [{ who: { identifier: { value: 'a-client' } }, requestor: true }] });
  });

  test.each<[string, string, Record<string, string>, string, string]>([
    ['nobody may', `/fhir/DocumentReference?event=${ICD}|I10`, {}, '4', 'authorization-required'],
    ['what is wrong', '/service?mainSearchCriteria.v.c=I10', {}, '4', 'missing-code-system'],
    ['nothing found', `/service?${CODE.replace('N53.14', 'ZZZ')}`, {}, '0', 'empty'],
  ])('%s', async (_name, path, headers, outcome, told) => {
    const event = await eventOf(ask(url, path, { headers }));
    expect([event.outcome, event.outcomeDesc, referencesOf(event)]).toEqual([outcome, told, []]);
  });

  test('what tells nothing but what the server is, is not audited', async () => {
    for (const path of [
      '/healthz',
      '/metrics',
      '/fhir/metadata',
      '/openapi.json',
      '/assets/page.css',
      '/nowhere',
      '/updates.atom',
    ])
      await ask(url, path);
    await ask(url, '/fhir/DocumentReference', { method: 'OPTIONS' });
    expect((await eventOf(ask(url, '/about'))).subtype).toEqual([{ code: 'page' }]);
  });
});

test('no event holds a code, words, a token, an address or anything of the patient, whatever is sent', async () => {
  let marks = 0;
  const mark = (): string => `zq${String((marks += 1)).padStart(3, '0')}qz`;
  const IDENTITY = [
    ...[
      'patientPerson.id.root',
      'patientPerson.birthTime.v',
      'holder.assignedEntity.n',
      'holder.assignedEntity.id.root',
    ],
    ...[
      'assignedEntity.name',
      'assignedAuthorizedPerson.id.root',
      'encounter.c.c',
      'effectiveTime.v',
      'patient',
      'age.v.v',
    ],
    ...[
      'mainSearchCriteria.v.dn',
      'mainSearchCriteria.v.ot',
      'subTopic.v.c',
      '_id',
      'q',
      'list',
      'note',
      'article',
      'remark',
    ],
  ];
  const marked = (): string => IDENTITY.map((name) => `${name}=${mark()}`).join('&');
  const headers = () =>
    Object.fromEntries(
      ['User-Agent', 'Referer', 'X-Request-Id', 'X-Forwarded-For', 'Cookie'].map((name) => [name, mark()]),
    );
  const chart = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'resource', resource: { ...patient('female', '1951-02-03'), name: [{ family: mark() }], id: mark() } },
      { name: 'resource', resource: condition(concept('icd', 'N53.14', mark()), { note: [{ text: mark() }] }) },
      { name: 'coding', valueCoding: { system: `http://hospital.example/${mark()}`, code: mark(), display: mark() } },
    ],
  };
  const before = lines().length;
  for (const request of CLOSED_REQUESTS) {
    const { path, method = 'GET', body } = request;
    const address = `${path}${path.includes('?') ? '&' : '?'}${marked()}`;
    const sent = typeof body === 'string' && !body.startsWith('{') ? `${body}&${marked()}` : body;
    for (const token of [READ_TOKEN, mark()]) {
      await ask(url, address, {
        method,
        headers: { ...headers(), ...request.headers, ...bearer(token) },
        ...(sent === undefined ? {} : { body: sent }),
      });
    }
  }
  for (const [path, body] of [
    ['/fhir/$knowledge-request', chart],
    [
      '/fhir',
      { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: `Patient/${mark()}` } }] },
    ],
    [
      '/fhir/DocumentReference',
      { resourceType: 'DocumentReference', description: mark(), subject: { display: mark() } },
    ],
  ] as const) {
    const asked = { method: 'POST', headers: { ...headers(), ...JSON_TYPE, ...bearer(WRITE_TOKEN) } };
    await ask(url, path, { ...asked, body: JSON.stringify(body) });
  }
  for (const path of [
    `/fhir/DocumentReference/${mark()}`,
    `/fhir/Patient/${mark()}`,
    `/article/${mark()}`,
    `/${mark()}`,
  ])
    await ask(url, path, { headers: bearer(READ_TOKEN) });
  await stop();
  const written = lines().slice(before);
  expect([marks > 1000, written.length > CLOSED_REQUESTS.length]).toEqual([true, true]);
  expect(written.join('\n').match(/.{0,80}zq\d{3,}qz/i)).toBeNull();
  const all = lines().join('\n');
  expect(all).not.toMatch(/N53\.?14|127\.0\.0\.1|\bI10\b|Zebediah|Quillfeather|1951-02|Bearer/);
  for (const secret of [READ_TOKEN, WRITE_TOKEN]) expect(all).not.toContain(secret);
  const complaints = new Set(written.flatMap((line) => resourceComplaints(JSON.parse(line))));
  expect([...complaints]).toEqual([]);
});
