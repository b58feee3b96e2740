import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LANGUAGES } from '../../src/core/model/language.js';
import { readPolicy } from '../../src/build/read-policy.js';
import type { SitePolicy } from '../../src/core/policy/site-policy.js';
import type { TestConnector } from '../support/connector.js';
import { openTestLibrary, startConnector, temporaryFolder, testConfig } from '../support/connector.js';

// Over the shipped library: asthma is suppressed; mental health is held from patients, genetics shown like any other page.
const LINES = ['suppress,topic-asthma,,', 'sensitivity,PSY,patient,hold', 'sensitivity,GDIS,everyone,show'];
const textOf = (lines: readonly string[]): string => ['rule,what,for,value', ...lines, ''].join('\n');
const ICD = '2.16.840.1.113883.6.90';
const URI = 'http://hl7.org/fhir/sid/icd-10-cm';

let policy: SitePolicy = readPolicy(textOf(LINES)).policy;
const folder = temporaryFolder();
let connector: TestConnector;
let closeBase: () => Promise<void>;

beforeAll(async () => {
  const config = testConfig(folder.path);
  const opened = await openTestLibrary(config);
  closeBase = async () => {
    await opened.written.close();
  };
  connector = await startConnector({ library: opened.library.under(() => policy) });
});
afterAll(async () => {
  await closeBase();
  await connector.stop();
  folder.remove();
});

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

async function read(path: string, body?: object): Promise<Reply> {
  const sent = body && {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(connector.url + path, sent);
  return { status: response.status, body: await response.text(), headers: response.headers };
}

async function post(path: string, form: Record<string, string>): Promise<Reply> {
  const response = await fetch(connector.url + path, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

const service = (code: string, more = ''): string =>
  `/service?mainSearchCriteria.v.cs=${ICD}&mainSearchCriteria.v.c=${code}&knowledgeResponseType=application/json${more}`;
const hl7 = (code: string, more = ''): string => service(code, more).replace('/service', '/infobutton');
const chart = (code: string, more: object[] = []): object => ({
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'resource',
      resource: {
        resourceType: 'Condition',
        clinicalStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
        },
        subject: { display: 'x' },
        code: { coding: [{ system: URI, code }] },
      },
    },
    ...more,
  ],
});

/** The article's address and its names in our own ones: none of them may stand anywhere but in the texts of other articles. */
const ASTHMA = /medlineplus\.gov\/(spanish\/)?asthma\.html|topic-asthma(?![a-z])/;

/** A link within a publisher's own words, which stay as they are. */
const LINK_OF_TEXT = /<a href=\\?"[^"\\]*\\?" rel=\\?"noreferrer\\?">/g;

describe('a suppressed article is in no answer of any protocol', () => {
  test.each<[string, () => Promise<Reply>]>([
    ['MedlinePlus Connect, JSON', () => read(service('J45.909'))],
    ['MedlinePlus Connect, XML', () => read(service('J45.909').replace('application/json', 'text/xml'))],
    ['HL7 infobutton', () => read(hl7('J45.909'))],
    ['in Spanish', () => read(hl7('J45.909', '&informationRecipient.languageCode.c=es'))],
    ['as a related topic of another', () => read(hl7('J45.901', '&informationRecipient=PROV&age.v.v=8&age.v.u=a'))],
    [
      'the page of an infobutton request',
      () => read(`/application?mainSearchCriteria.v.cs=${ICD}&mainSearchCriteria.v.c=J45.909`),
    ],
    ['the page of a search', () => read('/find?q=asthma')],
    ['the page of a code typed', () => read('/find?q=J45.909')],
    ['the code page', () => read('/code/icd-10-cm/J45.909')],
    ['browsing', () => read('/browse?letter=A')],
    ['a packet', () => post('/packet', { list: 'J45.909 Asthma' })],
    ['a search, JSON', () => read('/search?q=asthma')],
    ['a search, Atom', () => read('/search?q=asthma&format=atom')],
    ['suggestions', () => read('/suggest?q=asthma')],
    ['releases', () => read('/updates.atom')],
    ['DocumentReference by event', () => read(`/fhir/DocumentReference?event=${URI}|J45`)],
    ['DocumentReference that explains', () => read(`/fhir/DocumentReference?explains=${URI}|J45.909`)],
    ['DocumentReference by title', () => read('/fhir/DocumentReference?description=Asthma')],
    ['$knowledge-request', () => read('/fhir/$knowledge-request', chart('J45.909'))],
    ['$translate', () => read(`/fhir/ConceptMap/$translate?system=${URI}&code=J45.909`)],
    [
      '$expand',
      () =>
        read('/fhir/ValueSet/$expand?url=https://education-connect.example/fhir/ValueSet/articles-all&filter=asthma'),
    ],
  ])('%s', async (_name, ask) => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body.replace(LINK_OF_TEXT, '')).not.toMatch(ASTHMA);
  });

  test('without the policy all of them would find it: the codes and words do lead to it', async () => {
    policy = readPolicy(textOf([])).policy;
    try {
      for (const path of [service('J45.909'), '/find?q=asthma', '/search?q=asthma', '/browse?letter=A']) {
        expect((await read(path)).body).toMatch(ASTHMA);
      }
      expect((await read('/fhir/$knowledge-request', chart('J45.909'))).body).toMatch(ASTHMA);
    } finally {
      policy = readPolicy(textOf(LINES)).policy;
    }
  });

  test.each([
    '/article/topic-asthma',
    ...LANGUAGES.map((language) => `/fhir/DocumentReference/topic-asthma-${language}`),
  ])('%s is not there', async (path) => {
    const { status, body } = await read(path);
    expect(status).toBe(404);
    expect(body).toMatch(/There is no article with this id/);
  });

  test('a sheet that it was chosen for does not carry it', async () => {
    const { body } = await read('/handout?article=topic-asthma,topic-diabetes');
    expect(body).not.toMatch(/medlineplus\.gov\/asthma\.html/);
    expect(body).toMatch(/medlineplus\.gov\/diabetes\.html/);
  });

  test('an answer says so', async () => {
    const explained = await read(service('J45.909', '&explain=true'));
    expect(explained.body).toMatch(/rejected topic-asthma: suppressed/);
  });
});

describe('a held article', () => {
  const DEPRESSION = /medlineplus\.gov\/depression\.html/;

  test.each<[string, () => Promise<Reply>]>([
    ['a feed', () => read(service('F32.9'))],
    ['a feed of the other dialect', () => read(hl7('F32.9'))],
    ['a feed for a portal', () => read(hl7('F32.9', '&performer=PAT'))],
    [
      'the page of a portal',
      () => read(`/application?mainSearchCriteria.v.cs=${ICD}&mainSearchCriteria.v.c=F32.9&performer=PAT`),
    ],
    ['$knowledge-request', () => read('/fhir/$knowledge-request', chart('F32.9'))],
  ])('is not in %s', async (_name, ask) => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body).not.toMatch(DEPRESSION);
  });

  test('is said to be held, in every format', async () => {
    expect((await read(service('F32.9'))).headers.get('x-answer')).toBe('held');
    expect((await read(hl7('F32.9', '&explain=true'))).body).toMatch(/rejected topic-depression: held/);
    const { body } = await read('/fhir/$knowledge-request', chart('F32.9'));
    expect(JSON.parse(body)).toMatchObject({
      entry: [
        {
          resource: { issue: [{ code: 'suppressed', diagnostics: expect.stringMatching(/held for the clinician/) }] },
        },
      ],
    });
  });

  test.each<[string, () => Promise<Reply>]>([
    ['a feed', () => read(hl7('F32.9', '&performer=PROV'))],
    [
      '$knowledge-request',
      () => read('/fhir/$knowledge-request', chart('F32.9', [{ name: 'performer', valueCode: 'PROV' }])),
    ],
  ])('is given where a clinician works the screen: %s', async (_name, ask) => {
    expect((await ask()).body).toMatch(DEPRESSION);
  });

  test.each<[string, () => Promise<Reply>]>([
    ['a code', () => read('/find?q=F32.9')],
    ['an infobutton request', () => read(`/application?mainSearchCriteria.v.cs=${ICD}&mainSearchCriteria.v.c=F32.9`)],
    ['a code page', () => read('/code/icd-10-cm/F32.9')],
    ['a packet', () => post('/packet', { list: 'F32.9' })],
    ['words', () => read('/find?q=depression')],
    ['its own page', () => read('/article/topic-depression')],
  ])('is marked on our pages, not ticked, without a QR code: %s', async (_name, ask) => {
    const { body } = await ask();
    expect(body).toMatch(DEPRESSION);
    expect(body).toMatch(/Not added automatically: you decide/);
    const box = /<input[^>]*value="topic-depression"[^>]*>/.exec(body)?.[0] ?? '';
    expect(box).toMatch(/type="checkbox"/);
    expect(box).not.toMatch(/checked/);
    expect(body).not.toMatch(/class="qr"/);
  });

  test('carries its label over FHIR', async () => {
    for (const search of ['explains', 'event:above']) {
      const { body } = await read(`/fhir/DocumentReference?${search}=${URI}|F32.9`);
      const { entry } = JSON.parse(body) as { entry: { resource: { id: string; securityLabel?: object[] } }[] };
      const found = entry.find(({ resource }) => resource.id === 'topic-depression-en');
      expect(found?.resource.securityLabel).toMatchObject([{ coding: [{ code: 'PSY' }] }]);
    }
  });
});

/** While the tests of a describe block run, the site decides by these lines. */
function decideBy(...lines: readonly string[]): void {
  beforeAll(() => {
    policy = readPolicy(textOf(lines)).policy;
  });
  afterAll(() => {
    policy = readPolicy(textOf(LINES)).policy;
  });
}

const page = (code: string, more = ''): string =>
  `/application?mainSearchCriteria.v.cs=${ICD}&mainSearchCriteria.v.c=${code}${more}`;
const years = (age: number): string => `&age.v.v=${age}&age.v.u=a`;
/** Of a minor's chart a clinician alone is given what is sensitive. */
const ofAge = (age: number): object[] => [
  { name: 'age', valueQuantity: { value: age, code: 'a' } },
  { name: 'performer', valueCode: 'PROV' },
];

describe('where a site gives one page for a code', () => {
  decideBy('most pages,,everyone,1');

  test('a reader gets one, and a search for all that explains the code gets all', async () => {
    const feed = JSON.parse((await read(service('E11.9'))).body) as { feed: { entry: unknown[] } };
    const bundle = JSON.parse((await read('/fhir/$knowledge-request', chart('E11.9'))).body) as { entry: object[] };
    const documents = bundle.entry.filter((one) => JSON.stringify(one).includes('"resourceType":"DocumentReference"'));
    const { body } = await read(`/fhir/DocumentReference?explains=${URI}|E11.9&language=en`);
    const found = (JSON.parse(body) as { total: number }).total;
    expect([feed.feed.entry.length, documents.length, found > 1]).toEqual([1, 1, true]);
  });
});

describe('where a page is not for the young', () => {
  // The page of N53.14 points to it; F10's own page it is.
  decideBy('minimum age,topic-sexualproblemsinmen,,18', 'minimum age,topic-alcohol,,12');

  test.each<[string, (code: string, age: number) => Promise<Reply>]>([
    ['MedlinePlus Connect', (code, age) => read(service(code, years(age)))],
    ['HL7 infobutton', (code, age) => read(hl7(code, years(age)))],
    ['a page', (code, age) => read(page(code, years(age)))],
    ['$knowledge-request', (code, age) => read('/fhir/$knowledge-request', chart(code, ofAge(age)))],
    ['a packet', (code, age) => post('/packet', { list: code, age: String(age) })],
  ])('%s leaves it out', async (_name, ask) => {
    expect((await ask('F10', 8)).body).not.toMatch(/alcohol\.html/);
    expect((await ask('F10', 12)).body).toMatch(/alcohol\.html/);
  });

  test.each<[string, (age: number) => Promise<Reply>]>([
    ['HL7 infobutton', (age) => read(hl7('N53.14', years(age)))],
    ['a page', (age) => read(page('N53.14', years(age)))],
    ['$knowledge-request', (age) => read('/fhir/$knowledge-request', chart('N53.14', ofAge(age)))],
  ])('%s does not point to it either', async (_name, ask) => {
    const [ofBoy, ofMan] = [await ask(17), await ask(18)];
    for (const { body } of [ofBoy, ofMan]) expect(body).toMatch(/001282\.htm/);
    expect(ofBoy.body).not.toMatch(/sexualproblemsinmen/);
    expect(ofMan.body).toMatch(/sexualproblemsinmen/);
  });

  test.each<[string, (age: number) => Promise<Reply>]>([
    ['an infobutton request', (age) => read(`/application?mainSearchCriteria.v.dn=Alcohol${years(age)}`)],
    ['one whose code is none', (age) => read(page('QQQ', `&mainSearchCriteria.v.dn=Alcohol${years(age)}`))],
    ['a packet', (age) => post('/packet', { list: 'Alcohol', age: String(age) })],
  ])('the words of %s do not find it', async (_name, ask) => {
    expect((await ask(11)).body).not.toMatch(/medlineplus\.gov\/alcohol\.html/);
    expect((await ask(12)).body).toMatch(/medlineplus\.gov\/alcohol\.html/);
  });
});

describe('what is held from a portal', () => {
  const ABUSE = /intimatepartnerviolence\.html/;
  const WORDS = '&mainSearchCriteria.v.dn=Intimate+Partner+Violence';

  test.each([
    ['words', `/application?${WORDS}`],
    ['the words of a code that is none', page('QQQ', WORDS)],
    ['the words of a data request that asks for HTML', `${page('QQQ', WORDS)}&knowledgeResponseType=text/html`],
    ['a code', page('O9A.3', WORDS)],
  ])('is not found by %s', async (_name, path) => {
    const portal = await read(`${path}&performer=PAT`);
    expect(portal.status).toBe(200);
    expect(portal.body).not.toMatch(ABUSE);
    // A clinician finds it, marked.
    const { body } = await read(path);
    expect(body).toMatch(ABUSE);
    expect(body).toMatch(/Sensitive:/);
  });
});

describe('what a site prefers, and how many pages it gives', () => {
  decideBy(
    'prefer,topic-copd,topic-asthma,instead',
    'prefer,topic-copd,topic-diabetes,before',
    'most pages,,patient,1',
  );

  test.each<[string, (code: string) => Promise<Reply>]>([
    ['MedlinePlus Connect', (code) => read(service(code))],
    ['HL7 infobutton', (code) => read(hl7(code))],
    ['a page', (code) => read(page(code))],
    ['$knowledge-request', (code) => read('/fhir/$knowledge-request', chart(code))],
    ['a packet', (code) => post('/packet', { list: code })],
    ['a code page', (code) => read(`/code/icd-10-cm/${code}`)],
  ])('is what %s gives', async (_name, ask) => {
    const asthma = await ask('J45.909');
    expect(asthma.body).toMatch(/copd\.html/);
    expect(asthma.body).not.toMatch(ASTHMA);
    const diabetes = await ask('E13');
    expect(diabetes.body).toMatch(/copd\.html/);
    expect(diabetes.body).not.toMatch(/medlineplus\.gov\/diabetes\.html/);
  });
});

test.each([
  ['en', /Articles, at least: (\d+) added/],
  ['es', /Artículos, al menos: (\d+) añadidos/],
])('the feed of releases counts no suppressed article (%s)', async (language, pattern) => {
  const { body } = await read(`/updates.atom?language=${language}`);
  expect(Number(pattern.exec(body)?.[1])).toBe(connector.library.status().articles);
});

test('what a site shows like any other page has its QR code and no mark, and a packet adds it; its label stays', async () => {
  const { body } = await read('/article/topic-genetictesting');
  expect(body).not.toMatch(/Sensitive:|Not added automatically/);
  expect(body).toMatch(/class="qr"/);
  const packet = await post('/packet', { list: 'Z15.89' });
  expect(packet.body).toMatch(/<input[^>]*value="topic-genetictesting"[^>]*checked/);
  expect((await read('/fhir/DocumentReference/topic-genetictesting-en')).body).toMatch(/"GDIS"/);
});

test('no kept answer outlives a change of the policy', async () => {
  const ask = (): Promise<Reply> => read(service('J45.909'));
  await ask();
  const before = await ask();
  const again = async (etag: string): Promise<number> =>
    (await fetch(connector.url + service('J45.909'), { headers: { 'If-None-Match': etag } })).status;
  const etag = before.headers.get('etag') ?? '';
  expect(await again(etag)).toBe(304);
  expect(before.headers.get('x-library-release')).toMatch(/\+policy-[0-9a-f]{8}$/);
  policy = readPolicy(textOf(['suppress,encypi-000062,,'])).policy;
  try {
    const after = await ask();
    expect(after.body).toMatch(ASTHMA);
    expect(after.headers.get('x-library-release')).not.toBe(before.headers.get('x-library-release'));
    expect(await again(etag)).toBe(200);
  } finally {
    policy = readPolicy(textOf(LINES)).policy;
  }
  expect((await ask()).body).not.toMatch(ASTHMA);
});

describe('no tag outlives a change of the policy', () => {
  test.each(['/fhir/ConceptMap/icd-10-cm-to-articles', '/fhir/CodeSystem/articles', '/fhir/ValueSet/articles-all'])(
    '%s',
    async (path) => {
      const isKnown = async (tag: string): Promise<boolean> =>
        (await fetch(connector.url + path, { headers: { 'If-None-Match': tag } })).status === 304;
      const tag = (await read(path)).headers.get('etag') ?? '';
      expect(await isKnown(tag)).toBe(true);
      policy = readPolicy(textOf(['suppress,encypi-000062,,'])).policy;
      try {
        expect(await isKnown(tag)).toBe(false);
      } finally {
        policy = readPolicy(textOf(LINES)).policy;
      }
      expect(await isKnown(tag)).toBe(true);
    },
  );
});

test('a server opened with SITE_POLICY gives by it', async () => {
  const path = join(folder.path, 'site.csv');
  writeFileSync(`${path}.new`, textOf(LINES));
  renameSync(`${path}.new`, path);
  const { library, written, policy: file } = await openTestLibrary(testConfig(folder.path, { SITE_POLICY: path }));
  expect(file?.reading.rules).toBe(LINES.length);
  expect(library.findArticles(['topic-asthma'])).toEqual([]);
  expect(library.status().release).toMatch(/\+policy-/);
  await written.close();
  await library.close();
});
