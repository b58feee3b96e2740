import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, ConceptMap, DocumentReference, Extension } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../../http/ask.js';
import { startConnector, temporaryFolder, type TestConnector } from '../../support/connector.js';
import { beLongSuffering } from '../../support/patience.js';
import { chart, condition, discharge } from '../cds-hooks/hook-calls.js';
import { ICD } from './fhir-server.js';
import { TOKEN, articleMap, deleteWritten, handout, placesOf, send, type Written } from './written.js';

beLongSuffering();

const THIRD = 'the-token-of-a-third-person';
const SECOND = 'the-token-of-a-second-person';
const ID = 'local-zebra-en';
const PATH = `/DocumentReference/${ID}`;
const KEEPER = 'https://education-connect.example/fhir/StructureDefinition/keeper';
const BEN = { Authorization: `Bearer ${SECOND}` };
const WORD = 'Quaggaplan';
/** The rest of the title, which no request has. */
const REST = 'for zorilla keepers';
const TITLE = `${WORD} ${REST}`;

let connector: TestConnector;
let url = '';
beforeAll(async () => {
  connector = await startConnector({ env: { WRITE_TOKENS: `${TOKEN},${SECOND}` } });
  ({ url } = connector);
});
afterAll(() => connector.stop());
afterEach(async () => {
  for (const type of ['ConceptMap', 'DocumentReference']) {
    const { resource } = await send(url, 'GET', `/${type}/$drafts`);
    for (const { resource: one } of (resource as Bundle).entry ?? [])
      await send(url, 'DELETE', `/${type}/${one?.id ?? ''}`);
  }
  await send(url, 'DELETE', PATH);
  await deleteWritten(url);
});

const keeper = (...extension: Extension[]): Pick<DocumentReference, 'extension'> => ({
  extension: [{ url: KEEPER, extension }],
});
const OWNER = keeper(
  { url: 'owner', valueString: 'Ann Owner' },
  { url: 'department', valueString: 'Urology' },
  { url: 'second-reader', valueString: 'Ben Reader' },
  { url: 'next-review', valueDate: '2027-12-01' },
  { url: 'change-note', valueString: 'secret note' },
);
const put = (facts: Parameters<typeof handout>[0], headers = {}): Promise<Written> =>
  send(url, 'PUT', PATH, handout({ id: ID, title: TITLE, ...facts }), headers);
const putDraft = (facts: Parameters<typeof handout>[0] = {}, headers = {}) =>
  put({ docStatus: 'preliminary', ...facts }, headers);
const partsOf = ({ resource }: Written): Record<string, unknown> =>
  Object.fromEntries(
    ((resource as DocumentReference).extension ?? [])
      .filter((one) => one.url === KEEPER)
      .flatMap(({ extension = [] }) =>
        extension.map(({ url: name, valueString, valueCode, valueDate }) => [
          name,
          valueString ?? valueCode ?? valueDate,
        ]),
      ),
  );
const statusOf = ({ reply }: Written): number => reply.status;

const HL7 = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
const CARD = {
  resourceType: 'Parameters',
  parameter: [{ name: 'coding', valueCoding: { system: ICD, code: 'N53.14' } }],
};
/** Every way in which others are answered with articles. */
const SURFACES: readonly (readonly [path: string, body?: object])[] = [
  ['/updates.atom'],
  ['/readyz'],
  ['/metrics'],
  ['/about'],
  [`/service?${HL7}&knowledgeResponseType=application/json`],
  [`/service?${HL7}`],
  [`/application?${HL7}`],
  [`/search?q=${WORD}`],
  [`/find?q=${WORD}`],
  ['/find?q=N53.14'],
  [`/suggest?q=${WORD.slice(0, 5)}`],
  ['/browse?letter=Q'],
  ['/article/local-zebra'],
  ['/code/icd-10-cm/N53.14'],
  ['/handout?article=local-zebra'],
  ['/handout.pdf?article=local-zebra'],
  ['/packet?code=icd-10-cm|N53.14'],
  [`/fhir/DocumentReference?_id=${ID}`],
  [`/fhir/DocumentReference?event=${ICD}|N53.14`],
  [`/fhir/DocumentReference?explains=${ICD}|N53.14`],
  ['/fhir/DocumentReference?category=local&_count=200'],
  [`/fhir/DocumentReference?description=${WORD}`],
  ['/fhir/DocumentReference?status=current,superseded&category=local'],
  [`/fhir${PATH}`],
  [`/fhir${PATH}/_history/draft-1`],
  [
    `/fhir/ConceptMap/$translate?system=${ICD}&code=N53.14&targetsystem=https://education-connect.example/fhir/CodeSystem/articles`,
  ],
  ['/fhir/CodeSystem/$lookup?system=https://education-connect.example/fhir/CodeSystem/articles&code=local-zebra'],
  [`/fhir/ValueSet/$expand?url=https://education-connect.example/fhir/CodeSystem/articles?fhir_vs&filter=${WORD}`],
  ['/fhir/$knowledge-request', CARD],
  ['/cds-services/encounter-discharge', discharge(chart([condition('N53.14')]))],
  [
    '/fhir',
    {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: `DocumentReference/${ID}` } }],
    },
  ],
];

/** Surfaces that answer with the handout. */
async function findShowing(at = url): Promise<string[]> {
  const found: string[] = [];
  for (const [path, body] of SURFACES) {
    const headers = { Accept: '*/*', ...(body ? { 'Content-Type': 'application/json' } : {}) };
    const { text } = await ask(at, path, body ? { method: 'POST', body: JSON.stringify(body), headers } : { headers });
    if (/zorilla keepers|zebra\.pdf|Ann Owner|secret note/.test(text)) found.push(path);
  }
  return found;
}

describe('A draft', () => {
  test('is told to its author, found by curators alone, and reaches no answer', async () => {
    const created = await putDraft(OWNER);
    expect([statusOf(created), created.reply.headers.etag]).toEqual([201, 'W/"draft-1"']);
    expect(partsOf(created)).toMatchObject({ state: 'draft', owner: 'Ann Owner', 'change-note': 'secret note' });
    expect((created.resource as DocumentReference).docStatus).toBe('preliminary');
    expect(await findShowing()).toEqual([]);
    const drafts = await send(url, 'GET', '/DocumentReference/$drafts');
    expect((drafts.resource as Bundle).entry).toHaveLength(1);
    for (const path of ['/fhir/DocumentReference/$drafts', `/fhir/DocumentReference/$drafts?id=${ID}`])
      expect((await ask(url, path)).status).toBe(401);
  });

  test('of something that is approved leaves that as it is', async () => {
    const attachment = { language: 'en', url: 'https://clinic.example/okapi.pdf', title: 'Okapi text' };
    await put({ content: [{ attachment }] });
    await putDraft();
    expect(await findShowing()).toEqual([]);
    expect((await ask(url, `/fhir${PATH}`)).text).toContain('Okapi text');
    expect((await ask(url, `/service?${HL7}&knowledgeResponseType=application/json`)).text).toContain('Okapi text');
  });

  test('is approved by another person than those who wrote it, as it was read', async () => {
    await putDraft(OWNER);
    await putDraft({ ...OWNER, title: `${TITLE}, second` }, BEN);
    const approve = (title: string, headers = {}) => put({ ...OWNER, title }, headers);
    for (const headers of [{}, BEN]) {
      const refused = await approve(`${TITLE}, second`, headers);
      expect([statusOf(refused), placesOf(refused)]).toEqual([422, ['DocumentReference.docStatus']]);
    }
    await send(url, 'DELETE', PATH);
    await putDraft(OWNER);
    expect(statusOf(await approve('Another text', BEN))).toBe(422);
    const approved = await approve(TITLE, BEN);
    expect([statusOf(approved), partsOf(approved)]).toMatchObject([
      200,
      { state: 'approved', 'approved-on': '2026-11-24', owner: 'Ann Owner' },
    ]);
    const { text } = await ask(url, `/fhir${PATH}`);
    const seen = JSON.parse(text) as DocumentReference;
    expect(seen).toMatchObject({
      docStatus: 'final',
      status: 'current',
      authenticator: { display: expect.anything() },
    });
    expect(text).not.toMatch(/secret note|changed-by|"author"/);
    expect(partsOf({ resource: seen } as Written)).toMatchObject({
      department: 'Urology',
      'next-review': '2027-12-01',
    });
    expect(((await send(url, 'GET', '/DocumentReference/$drafts')).resource as Bundle).total).toBe(0);
  });

  test('goes through review; its text sends it back to its author', async () => {
    const inReview = keeper({ url: 'state', valueCode: 'in-review' });
    await putDraft(OWNER);
    expect(partsOf(await putDraft(inReview, BEN))).toMatchObject({ state: 'in-review', author: expect.anything() });
    expect(statusOf(await put({}, BEN))).toBe(200);
  });

  test('needs the tag of the draft: who knows an older version, or what others see, loses nothing', async () => {
    const { etag: served = '' } = (await put({ title: 'Okapi text' })).reply.headers;
    const { etag: draft = '' } = (await putDraft({}, { 'If-Match': served })).reply.headers;
    expect(draft).toMatch(/^W\/"draft-\d+"$/);
    for (const tag of [served, 'W/"draft-0"', draft.replace('draft-', '')])
      expect(statusOf(await putDraft({ title: 'Lost' }, { 'If-Match': tag }))).toBe(412);
    expect(statusOf(await putDraft({ title: 'Found' }, { 'If-Match': draft }))).toBe(200);
    expect(
      statusOf(await send(url, 'PUT', PATH, handout({ id: ID, docStatus: 'preliminary' }), { 'If-None-Match': '*' })),
    ).toBe(412);
  });
});

test('The surfaces that are searched for drafts are those that show what is approved', async () => {
  await put({});
  const showing = await findShowing();
  // These name no handout, or none of another version.
  const others = ['/updates.atom', '/readyz', '/metrics', '/about', `/fhir${PATH}/_history/draft-1`];
  expect(SURFACES.map(([path]) => path).filter((path) => !showing.includes(path))).toEqual(others);
});

describe('What has a keeper', () => {
  const approve = async () => {
    await putDraft(OWNER);
    return put(OWNER, BEN);
  };
  test('is not changed without a draft; the keeper’s data alone is', async () => {
    await approve();
    expect(statusOf(await put({ title: 'Changed alone' }, BEN))).toBe(422);
    const later = await put(keeper({ url: 'owner', valueString: 'Cy' }), {});
    expect(partsOf(later)).toMatchObject({ owner: 'Cy', state: 'approved', 'approved-on': '2026-11-24' });
  });

  test('is retired, can be read as it was given, and is given no more', async () => {
    await approve();
    const retired = await put({ ...OWNER, status: 'superseded' });
    expect([statusOf(retired), partsOf(retired).state]).toEqual([200, 'retired']);
    const { status, text } = await ask(url, `/fhir${PATH}`);
    expect([status, (JSON.parse(text) as DocumentReference).status]).toEqual([200, 'superseded']);
    const reading = SURFACES.filter(([path]) => path === `/fhir${PATH}` || path === '/fhir').map(([path]) => path);
    expect((await findShowing()).filter((path) => !reading.includes(path))).toEqual([]);
    expect(statusOf(await put(OWNER, BEN))).toBe(422);
  });

  test('is not retired while a map leads to it', async () => {
    await approve();
    await send(url, 'PUT', '/ConceptMap/ours', {
      ...articleMap('J45.901', [{ code: 'local-zebra', equivalence: 'equivalent' }]),
      id: 'ours',
    });
    expect(statusOf(await put({ ...OWNER, status: 'superseded' }))).toBe(409);
  });

  test('a day that is none, a part that is unknown and a text that is long are faults', async () => {
    const bad = await putDraft(
      keeper(
        { url: 'next-review', valueDate: '2027' },
        { url: 'mood', valueString: 'good' },
        { url: 'owner', valueString: 'x'.repeat(201) },
      ),
    );
    expect([statusOf(bad), placesOf(bad)]).toEqual([
      422,
      [0, 1, 2].map((index) => `DocumentReference.extension[0].extension[${index}]`),
    ]);
  });
});

test.each([
  ['hide', false, ''],
  ['mark', true, '<category scheme="review" term="overdue"/>'],
  ['show', true, ''],
])(
  'What was written and is overdue is treated as the policy says, from the day after on: %s',
  async (treatment, isShown, mark) => {
    const folder = temporaryFolder();
    const policy = join(folder.path, 'policy.csv');
    writeFileSync(policy, `rule,what,for,value,note\noverdue,,,${treatment},\n`);
    let now = '2027-12-01T23:59:00Z';
    const env = { WRITE_TOKENS: `${TOKEN},${SECOND}`, SITE_POLICY: policy };
    const own = await startConnector({ env, clock: () => new Date(now) });
    const write = (facts: object, headers = {}) =>
      send(own.url, 'PUT', PATH, handout({ id: ID, title: TITLE, ...OWNER, ...facts }), headers);
    await write({ docStatus: 'preliminary' });
    expect(statusOf(await write({}, BEN))).toBe(200);
    const feeds = async (): Promise<string[]> => {
      const texts = [`/service?${HL7}`, `/infobutton?${HL7}`].map(async (path) => (await ask(own.url, path)).text);
      return (await Promise.all(texts)).flatMap((text) => text.match(/<category scheme="review"[^>]*>/g) ?? []);
    };
    const tags = async (): Promise<number> => {
      const paths = [`/fhir${PATH}`, `/fhir/DocumentReference?event=${ICD}|N53.14`];
      const texts = paths.map(async (path) => (await ask(own.url, path)).text);
      return (await Promise.all(texts)).filter((text) => text.includes('"display":"Review overdue"')).length;
    };
    const before = await findShowing(own.url);
    expect([before.length > 15, await feeds(), await tags()]).toEqual([true, [], 0]);
    now = '2027-12-02T00:00:00Z';
    expect(await findShowing(own.url)).toEqual(isShown ? before : []);
    expect(await feeds()).toEqual(mark === '' ? [] : [mark, mark]);
    expect(await tags()).toBe(mark === '' ? 0 : 2);
    await own.stop();
    folder.remove();
  },
);

test('A policy has everything approved by a second person', async () => {
  const folder = temporaryFolder();
  const policy = join(folder.path, 'policy.csv');
  writeFileSync(policy, 'rule,what,for,value,note\napproval,,,second person,\n');
  const strict = await startConnector({ env: { WRITE_TOKENS: `${TOKEN},${SECOND}`, SITE_POLICY: policy } });
  const write = (docStatus: 'preliminary' | 'final', headers = {}) =>
    send(strict.url, 'PUT', PATH, handout({ id: ID, title: TITLE, docStatus }), headers);
  expect(statusOf(await write('final'))).toBe(422);
  expect(statusOf(await write('preliminary'))).toBe(201);
  expect(statusOf(await write('final'))).toBe(422);
  expect(statusOf(await write('final', BEN))).toBe(200);
  await strict.stop();
  folder.remove();
});

test('A policy has the second reader approve where a draft names one, and any second person else', async () => {
  const folder = temporaryFolder();
  const policy = join(folder.path, 'policy.csv');
  writeFileSync(policy, 'rule,what,for,value,note\napproval,,,second reader,\n');
  const tokens = `ann:${TOKEN},ben:${SECOND},eve:${THIRD}`;
  const strict = await startConnector({ env: { WRITE_TOKENS: tokens, SITE_POLICY: policy } });
  const write = (docStatus: 'preliminary' | 'final', reader: string | undefined, headers = {}) => {
    const part = [{ url: reader === undefined ? 'owner' : 'second-reader', valueString: reader ?? 'Ann' }];
    const extension = [{ url: 'https://education-connect.example/fhir/StructureDefinition/keeper', extension: part }];
    const id = reader === undefined ? 'local-other-en' : ID;
    return send(
      strict.url,
      'PUT',
      `/DocumentReference/${id}`,
      handout({ id, title: TITLE, docStatus, extension }),
      headers,
    );
  };
  const EVE = { Authorization: `Bearer ${THIRD}` };
  expect(statusOf(await write('preliminary', 'Ben'))).toBe(201);
  const other = await write('final', 'eve', EVE);
  expect([statusOf(other), other.reply.text.includes('second reader')]).toEqual([422, true]);
  expect(statusOf(await write('final', 'Ben'))).toBe(422);
  expect(statusOf(await write('final', 'Ben', BEN))).toBe(200);
  expect(statusOf(await write('preliminary', undefined))).toBe(201);
  expect(statusOf(await write('final', undefined, EVE))).toBe(200);
  await strict.stop();
  folder.remove();
});

test('A map is a draft, approved and retired as a handout is', async () => {
  const map = (status: ConceptMap['status']) => ({
    ...articleMap('N53.14', [{ code: 'topic-acne', equivalence: 'wider' }]),
    id: 'zoo',
    status,
  });
  const write = (status: ConceptMap['status'], headers = {}) =>
    send(url, 'PUT', '/ConceptMap/zoo', map(status), headers);
  const leads = async () =>
    (await ask(url, `/service?${HL7}&knowledgeResponseType=application/json`)).text.includes('Acne');
  expect([statusOf(await write('draft')), await leads()]).toEqual([201, false]);
  expect((await ask(url, '/fhir/ConceptMap/zoo')).status).toBe(404);
  expect(statusOf(await write('active'))).toBe(422);
  expect([statusOf(await write('active', BEN)), await leads()]).toEqual([200, true]);
  expect([statusOf(await write('retired')), await leads()]).toEqual([200, false]);
  const translated = await ask(url, `/fhir/ConceptMap/zoo/$translate?system=${ICD}&code=N53.14`);
  expect(translated.status).toBe(404);
});
