import { createHash, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CodeSystemId } from '../../src/core/codes/code-systems.js';
import { normalizeCode } from '../../src/core/codes/normalize-code.js';
import type { GivenItem, HandedOverRecord, RecordedEntry } from '../../src/core/handing-over/record.js';
import type { Article, Sensitivity } from '../../src/core/model/article.js';
import { SENSITIVITIES } from '../../src/core/model/article.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { copiedText, describeWithPoppler } from '../support/poppler.js';
import { replaceLimit } from '../support/replace-limit.js';
import { CHART, NAME, PATIENT_ID } from './chart.js';
import type { Resource, TypeAbility } from './fhir-stand-in.js';
import { outcome, send } from './fhir-stand-in.js';
import type { SmartEhr } from './smart-ehr.js';
import { CLIENT_ID, startSmartEhr } from './smart-ehr.js';
import { Visitor } from './visitor.js';

const folder = temporaryFolder();
const READER = 'the-token-of-a-reader-of-the-record-0123456789';
let ehr: SmartEhr;
let connector: TestConnector;
let record: HandedOverRecord;
/** How far the connector's clock is ahead, milliseconds. */
let ahead = 0;

const usual = { context: { patient: PATIENT_ID, encounter: 'enc-1' }, fhirUser: 'Practitioner/dr-1' };
const ability = (type: string, interactions: readonly string[], conditionalCreate = true): TypeAbility => ({
  type,
  interactions,
  conditionalCreate,
});
const ALL = ['create', 'read', 'update', 'search-type'];

async function start(entry: object, env: Record<string, string>): Promise<TestConnector> {
  const file = join(folder.path, 'ehrs.json');
  writeFileSync(file, JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID, ...entry }] }));
  const started = await startConnector({
    env: {
      EHRS_FILE: file,
      HANDED_OVER_OWNER: 'Health information management',
      HANDED_OVER_RETENTION_DAYS: '3650',
      RECORD_TOKENS: READER,
      ...env,
    },
    clock: () => new Date(Date.now() + ahead),
  });
  ehr.register(started.url);
  return started;
}

beforeAll(async () => {
  ehr = await startSmartEhr(CHART, PATIENT_ID);
  Object.assign(ehr.behaviour, usual);
});
afterAll(async () => {
  await ehr.stop();
  folder.remove();
});

/** A connector of a suite's own, for EHRs are configured at its start. */
function suiteOf(entry: object, abilities: readonly TypeAbility[], env: Record<string, string> = {}): void {
  beforeAll(async () => {
    ehr.fhir.abilities = abilities;
    connector = await start(entry, env);
    if (!connector.handedOver) throw new Error('there is no record');
    record = connector.handedOver;
  });
  afterAll(() => connector.stop());
  afterEach(async () => {
    // Or a later launch sends them.
    for (const { entry, delivery, error } of await record.list({}, 500))
      if (!error && delivery?.state === 'waiting') await record.markError(entry.id, undefined, new Date());
    Object.assign(ehr.behaviour, usual);
    ehr.fhir.answerBy = undefined;
    ehr.fhir.asked.length = 0;
    const written = ['DocumentReference', 'Communication', 'Procedure'];
    const left = ehr.fhir.resources.filter((one) => !written.includes(String(one['resourceType'])));
    ehr.fhir.resources.splice(0, Infinity, ...left);
  });
}

interface Giving {
  readonly visitor: Visitor;
  readonly session: string;
  readonly text: string;
  readonly url: string;
  readonly status: number;
}

const FORM: readonly (readonly [string, string])[] = [
  // The paper's own option stands in the same form.
  ['teachBack', 'true'],
  ['given-recipient', 'parent'],
  ['given-teachBack', 'understood'],
  ['given-interpreter', 'interpreter'],
];

/** Launches, and presses "Given" for articles. */
async function give(articles: readonly string[], more: readonly (readonly [string, string])[] = []): Promise<Giving> {
  const visitor = new Visitor();
  const launched = await visitor.open(`${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);
  expect(launched.status).toBe(200);
  const fields = articles.map((id) => ['article', id] as const);
  const shown = await visitor.post(`${launched.url}/given`, [...fields, ...FORM, ...more]);
  return { visitor, session: launched.url, ...shown };
}

const newest = async (): Promise<RecordedEntry> => {
  const [one] = await record.list({}, 1);
  if (!one) throw new Error('nothing is recorded');
  return one;
};
const written = (type: string): Resource[] => ehr.fhir.resources.filter((one) => one['resourceType'] === type);

describe('a document is written where it can be corrected', () => {
  suiteOf(
    { writeBack: 'auto' },
    ['DocumentReference', 'Communication', 'Procedure'].map((type) => ability(type, ALL)),
  );

  test('"Given" makes an entry with the exact text, and the sheet is in the chart', async () => {
    ehr.fhir.answerBy = (_request, response, place) => {
      if (!place.startsWith('/Patient')) return false;
      send(response, 200, {
        ...CHART[0],
        communication: [{ language: { coding: [{ code: 'es' }] }, preferred: true }],
      });
      return true;
    };
    const { status, text } = await give(
      ['topic-asthma', 'topic-highbloodpressure'],
      [
        ['note', 'Call on Monday'],
        ['appointment-1-day', '2026-12-07'],
        ['appointment-1-place', 'Clinic A'],
      ],
    );
    expect(text).toContain('2026-12-07, Clinic A');
    expect([status, text.includes('It is in the chart.'), text.includes(NAME)]).toEqual([200, true, true]);
    const { entry, delivery } = await newest();
    expect(entry).toMatchObject({
      by: 'Practitioner/dr-1',
      ehr: ehr.iss,
      patientId: PATIENT_ID,
      encounterId: 'enc-1',
      recipient: 'parent',
      teachBack: 'understood',
      interpreter: 'interpreter',
      method: 'printed',
      languagePreferred: 'es',
      languageGiven: 'en',
      hasNote: true,
      followUp: { appointments: [{ day: '2026-12-07', time: '', place: 'Clinic A', about: '' }], calls: [] },
      release: connector.library.status().release,
    });
    for (const { textDigest } of entry.items.filter((one) => one.textDigest !== undefined)) {
      const held = await record.findText(textDigest ?? '');
      expect(
        createHash('sha256')
          .update(held ?? '')
          .digest('hex'),
      ).toBe(textDigest);
    }
    const [document, ...others] = written('DocumentReference');
    expect(others).toEqual([]);
    expect(document).toMatchObject({
      identifier: [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${entry.id}` }],
      status: 'current',
      docStatus: 'final',
      type: { coding: [{ system: 'http://loinc.org', code: '69730-0' }] },
      category: [{ coding: [{ code: 'clinical-note' }] }],
      subject: { reference: `Patient/${PATIENT_ID}` },
      author: [{ reference: 'Practitioner/dr-1' }],
      context: { encounter: [{ reference: 'Encounter/enc-1' }], period: { end: entry.at } },
    });
    const [{ attachment }] = document?.['content'] as [{ attachment: { contentType: string; data: string } }];
    const pdf = Buffer.from(attachment.data, 'base64').toString('latin1');
    expect([attachment.contentType, pdf.slice(0, 5)]).toEqual(['application/pdf', '%PDF-']);
    expect(delivery).toMatchObject({ state: 'written', reference: `DocumentReference/${String(document?.['id'])}` });
    // Our record and the log name nobody.
    expect(JSON.stringify(entry)).not.toContain('Quillfeather');
    expect(JSON.stringify(connector.logLines)).not.toContain(PATIENT_ID);
  });

  test('the same form twice is one entry, and one document', async () => {
    const id = '11111111-2222-4333-8444-555555555555';
    const { visitor, session } = await give(['topic-asthma'], [['entry', id]]);
    await visitor.post(`${session}/given`, [
      ['article', 'topic-acne'],
      ['entry', id],
    ]);
    expect((await record.list({}, 50)).filter(({ entry }) => entry.id === id)).toHaveLength(1);
    expect(written('DocumentReference')).toHaveLength(1);
  });

  test('a second "Given" of the same articles within a minute asks first, from another tab too', async () => {
    const press = (more: readonly (readonly [string, string])[] = []) =>
      give(['topic-asthma'], [['asks', '1'], ...more]);
    ehr.behaviour.context = { patient: `twice-${randomUUID()}` };
    const { patient } = ehr.behaviour.context;
    ehr.fhir.resources.push({ ...CHART[0], id: patient });
    const before = (await record.list({}, 200)).length;
    expect((await press()).text).toContain('Recorded');
    const asked = await press();
    expect([asked.status, asked.text.includes('Record it again?')]).toEqual([200, true]);
    expect((await record.list({}, 200)).length).toBe(before + 1);
    // Its button sends the same fields without the question.
    expect(asked.text).not.toContain('name="asks"');
    expect(asked.text).toContain('name="given-recipient" value="parent"');
    expect((await give(['topic-acne'], [['asks', '1']])).text).not.toContain('Record it again?');
  });

  test('entered in error: an entry of its own, and the document is corrected', async () => {
    const { visitor, url } = await give(['topic-asthma']);
    const page = await visitor.post(`${url}/error`, []);
    expect(page.text).toContain('The entry in the chart is marked as entered in error.');
    expect(written('DocumentReference')).toMatchObject([{ status: 'entered-in-error' }]);
    expect(await newest()).toMatchObject({ error: { by: 'Practitioner/dr-1' }, delivery: { state: 'corrected' } });
  });

  test('an EHR that is away: kept, shown, tried again on demand, and nothing is written twice', async () => {
    let tries = 0;
    ehr.fhir.answerBy = (request, response) => {
      if (request.method !== 'POST' || (tries += 1) > 1) return false;
      send(response, 503, {});
      return true;
    };
    const { visitor, url, text } = await give(['topic-asthma']);
    expect(text).toContain('It is not in the chart yet.');
    expect(text).toContain('Patient education,');
    expect((await newest()).delivery).toMatchObject({ state: 'waiting' });
    expect((await visitor.post(`${url}/again`, [])).text).toContain('It is in the chart.');
    expect((await visitor.post(`${url}/again`, [])).text).toContain('It is in the chart.');
    expect(written('DocumentReference')).toHaveLength(1);
  });

  test('the EHR says when it may be tried again', async () => {
    const pause = replaceLimit('writeBackPauseMs', 5);
    const times: number[] = [];
    ehr.fhir.answerBy = (request, response) => {
      if (request.method !== 'POST' || times.push(Date.now()) > 1) return false;
      send(response, 429, {}, { 'Retry-After': '1' });
      return true;
    };
    await give(['topic-asthma']);
    while ((await newest()).delivery?.state !== 'written') await new Promise((resolve) => setTimeout(resolve, 10));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
    pause.restore();
  });

  test('the PDF of a launched handout is downloaded, since a new tab has no session; an error asks back', async () => {
    const { visitor, session, text } = await give(['topic-asthma']);
    const page = await visitor.post(`${session}/handout`, [['article', 'topic-asthma']]);
    expect(page.text).toMatch(/handout\.pdf" formtarget="_self"/i);
    const pdf = await visitor.post(`${session}/handout.pdf`, [['article', 'topic-asthma']]);
    expect([pdf.status, pdf.headers.get('content-disposition')]).toEqual([
      200,
      'attachment; filename="handout-en.pdf"',
    ]);
    expect(text).toContain('This cannot be undone.');
  });

  test('it is tried again by itself, while the launch lasts', async () => {
    const pause = replaceLimit('writeBackPauseMs', 5);
    let tries = 0;
    ehr.fhir.answerBy = (request, response) => {
      if (request.method !== 'POST' || (tries += 1) > 2) return false;
      send(response, 503, {});
      return true;
    };
    await give(['topic-asthma']);
    while ((await newest()).delivery?.state !== 'written') await new Promise((resolve) => setTimeout(resolve, 10));
    expect([tries, written('DocumentReference').length]).toEqual([3, 1]);
    pause.restore();
  });

  describeWithPoppler('a copy that a later launch writes', () => {
    test('says that there was a note: its words are stored nowhere', async () => {
      let isAway = true;
      ehr.fhir.answerBy = (request, response) => {
        if (request.method !== 'POST' || !isAway) return false;
        send(response, 503, {});
        return true;
      };
      await give(['topic-asthma'], [['note', 'Call on Monday']]);
      const { entry } = await newest();
      isAway = false;
      const visitor = new Visitor();
      const { url } = await visitor.open(`${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);
      // It was sent by itself, or is now.
      await visitor.post(`${url}/given/${entry.id}/again`, []);
      const [document] = written('DocumentReference');
      const [{ attachment }] = document?.['content'] as [{ attachment: { data: string } }];
      const text = copiedText(Buffer.from(attachment.data, 'base64'));
      expect(text).toContain('This handout had a note. Its words were not stored.');
      expect(text).not.toContain('Monday');
    });
  });

  // A passing failure is tried again, any other is shown in the server's own words.
  test.each([
    [400, 'refused'],
    [401, 'waiting'],
    [403, 'refused'],
    [404, 'refused'],
    [405, 'refused'],
    [408, 'waiting'],
    [409, 'refused'],
    [412, 'refused'],
    [413, 'refused'],
    [422, 'refused'],
    [429, 'waiting'],
    [500, 'waiting'],
    [501, 'refused'],
    [503, 'waiting'],
    [302, 'refused'],
  ])('a server that answers %i: %s', async (status, state) => {
    ehr.fhir.answerBy = (request, response) => {
      if (request.method !== 'POST') return false;
      send(response, status, outcome('processing', 'Not here'), { Location: `${ehr.iss}/Patient` });
      return true;
    };
    const { text } = await give(['topic-asthma']);
    expect((await newest()).delivery).toMatchObject({ state, reason: `${status}: Not here` });
    expect(text).toContain('Patient education,');
    expect(text.includes('Try again')).toBe(true);
  });

  test('what is refused is shown in the server’s own words', async () => {
    ehr.fhir.answerBy = (request, response) => {
      if (request.method !== 'POST') return false;
      send(response, 422, outcome('business-rule', 'Documents need a <visit>'));
      return true;
    };
    const { text } = await give(['topic-asthma']);
    expect(text).toContain('422: Documents need a &lt;visit');
    expect((await newest()).delivery).toMatchObject({ state: 'refused' });
  });

  test('of a handover with a marked article the others are written, and the page says what was left out', async () => {
    const { text } = await give(['topic-asthma', 'topic-anxiety']);
    expect(JSON.stringify(written('DocumentReference'))).not.toContain('Anxiety');
    expect(text).toContain('It is in the chart, but for the sensitive articles.');
    const [, sentence = ''] = /<p class="given-sentence">([^<]*)</.exec(text) ?? [];
    expect([sentence.includes('Anxiety'), sentence.includes('Asthma')]).toEqual([true, false]);
  });

  test.each([
    ['was never written: there is nothing to correct', 0],
    ['was written, and the answer lost: it is found and corrected', 1],
  ])('entered in error while it waits, which %s', async (_what, count) => {
    ehr.fhir.answerBy = (request, response) => {
      if (request.method !== 'POST') return false;
      send(response, 503, {});
      return true;
    };
    const { visitor, url } = await give(['topic-asthma']);
    const { entry } = await newest();
    if (count > 0)
      ehr.fhir.resources.push({
        resourceType: 'DocumentReference',
        id: 'there',
        subject: { reference: `Patient/${PATIENT_ID}` },
        identifier: [{ value: `urn:uuid:${entry.id}` }],
      });
    const page = await visitor.post(`${url}/error`, []);
    expect(page.text).not.toContain('Correct it in the chart');
    expect(page.text.includes('is marked as entered in error')).toBe(count > 0);
    expect(written('DocumentReference').map(({ status }) => status)).toEqual(count > 0 ? ['entered-in-error'] : []);
  });

  test('marked articles are not written, and the sentence waits for a decision', async () => {
    const { text } = await give(['topic-anxiety']);
    expect(text).toContain('are not written to the chart automatically');
    expect([written('DocumentReference'), (await newest()).delivery?.state]).toEqual([[], 'held']);
  });

  test('another patient’s entry cannot be opened, nor marked', async () => {
    await give(['topic-asthma']);
    const { entry } = await newest();
    ehr.behaviour.context = { patient: 'sl-patient-2' };
    const visitor = new Visitor();
    const { url } = await visitor.open(`${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);
    expect((await visitor.open(`${url}/given/${entry.id}`)).status).toBe(404);
    expect((await visitor.post(`${url}/given/${entry.id}/error`, [])).status).toBe(404);
    expect((await newest()).error).toBeUndefined();
  });

  test('a patient sees what was given and nothing else; a relative nothing that is marked', async () => {
    await give(['topic-acne', 'topic-anxiety']);
    const pageFor = async (fhirUser: string): Promise<string> => {
      ehr.behaviour.fhirUser = fhirUser;
      const address = `${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`;
      return (await new Visitor().open(address)).text;
    };
    const own = await pageFor(`Patient/${PATIENT_ID}`);
    expect([own.includes('topic-acne'), own.includes('topic-anxiety')]).toEqual([true, true]);
    expect(own).not.toContain('E11');
    const relative = await pageFor('RelatedPerson/r-1');
    expect([relative.includes('topic-acne'), relative.includes('topic-anxiety')]).toEqual([true, false]);
  });

  test('the user and the patient of another server keep its address: they are none of this one', async () => {
    const other = 'https://other.example/fhir';
    const by = async (fhirUser: string): Promise<string | undefined> => {
      ehr.behaviour.fhirUser = fhirUser;
      await give(['topic-acne']);
      return (await newest()).entry.by;
    };
    expect(await by(`${ehr.iss}/Practitioner/dr-1`)).toBe('Practitioner/dr-1');
    expect(await by(`${other}/Practitioner/dr-1`)).toBe(`${other}/Practitioner/dr-1`);
    expect(written('DocumentReference').at(-1)?.['author']).toEqual([{ reference: `${other}/Practitioner/dr-1` }]);
    Object.assign(ehr.behaviour, usual);
    await give(['topic-anxiety']);
    // A namesake is shown nothing that is marked, as any proxy.
    ehr.behaviour.fhirUser = `${other}/Patient/${PATIENT_ID}`;
    const address = `${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`;
    const { text } = await new Visitor().open(address);
    expect([text.includes('topic-acne'), text.includes('topic-anxiety')]).toEqual([true, false]);
  });

  test('Communication is read and searched by right alone', async () => {
    await give(['topic-asthma']);
    const { entry } = await newest();
    const address = `/fhir/Communication/${entry.id}`;
    expect((await ask(connector.url, address)).status).toBe(401);
    expect((await ask(connector.url, '/fhir/Communication')).status).toBe(401);
    const headers = { Authorization: `Bearer ${READER}` };
    const read = await ask(connector.url, address, { headers });
    expect([read.status, read.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(JSON.parse(read.text)).toMatchObject({
      resourceType: 'Communication',
      status: 'completed',
      subject: { reference: `${ehr.iss}/Patient/${PATIENT_ID}` },
      sent: entry.at,
      medium: [{ coding: [{ code: 'WRITTEN' }] }],
      extension: [{ url: expect.stringMatching(/StructureDefinition\/handover$/) as unknown }],
    });
    // All that R4 has no element for.
    const [{ extension: facts }] = (
      JSON.parse(read.text) as {
        extension: [{ extension: { url: string; valueCode?: string; valueString?: string }[] }];
      }
    ).extension;
    const factOf = (url: string) => facts.find((one) => one.url === url);
    expect(['recipient', 'method', 'interpreter', 'teach-back'].map((url) => factOf(url)?.valueCode)).toEqual([
      'parent',
      'printed',
      'interpreter',
      'understood',
    ]);
    const digest = entry.items[0]?.textDigest;
    expect(factOf('text')?.valueString).toBe(digest === undefined ? undefined : `topic-asthma ${digest}`);
    const query = `patient=${encodeURIComponent(`${ehr.iss}/Patient/${PATIENT_ID}`)}&_count=200`;
    const found = await ask(connector.url, `/fhir/Communication?${query}`, { headers });
    const { entry: entries } = JSON.parse(found.text) as { entry: { resource: { id: string } }[] };
    expect(entries.map(({ resource }) => resource.id)).toContain(entry.id);
    const { rest } = JSON.parse((await ask(connector.url, '/fhir/metadata')).text) as {
      rest: { resource: { type: string; interaction: { code: string }[] }[] }[];
    };
    const offered = rest[0]?.resource.find(({ type }) => type === 'Communication')?.interaction.map(({ code }) => code);
    expect(offered).toEqual(['read', 'vread', 'search-type']);
    expect((await ask(connector.url, '/fhir/SearchParameter/Communication-sent')).status).toBe(200);
    // Whoever asks afterwards gets none of it from a cache.
    expect((await ask(connector.url, `/fhir/Communication?${query}`)).status).toBe(401);
  });
});

describe('what is held from the portal', () => {
  const policy = join(folder.path, 'policy.csv');
  writeFileSync(
    policy,
    ['rule,what,for,value', ...SENSITIVITIES.map((one) => `sensitivity,${one},portal,hold`), ''].join('\n'),
  );
  suiteOf({}, [], { SITE_POLICY: policy });

  /** An article with each mark. */
  const MARKED: Readonly<Record<Sensitivity, readonly [system: CodeSystemId, code: string]>> = {
    HIV: ['icd-10-cm', 'B20'],
    STD: ['icd-10-cm', 'A54.9'],
    PSY: ['icd-10-cm', 'F32.9'],
    ETH: ['icd-10-cm', 'F11.20'],
    SDV: ['icd-10-cm', 'T74.11XA'],
    SEX: ['icd-10-cm', 'N97.9'],
    GDIS: ['icd-10-cm', 'Q96.9'],
    TBOO: ['snomed-ct', '385763009'],
  };

  function findMarked(mark: Sensitivity): Article {
    const [system, code] = MARKED[mark];
    const rows = connector.library.findMappings([{ system, code: normalizeCode(system, code) ?? code }]);
    const articles = connector.library.findArticles(rows.flatMap(({ article }) => article ?? []));
    const marked = articles.find(({ sensitivity }) => sensitivity === mark);
    if (!marked) throw new Error(`no article is marked ${mark}`);
    return marked;
  }

  /** Records that articles were given. @param isMarked false: the marks are not in the record, as where they came later */
  async function recordGiven(patientId: string, articles: readonly Article[], isMarked = true): Promise<void> {
    const items = articles.map(({ id, sensitivity }): GivenItem => ({
      article: id,
      title: id,
      language: 'en',
      address: 'https://medlineplus.gov/',
      textDigest: undefined,
      sensitivity: isMarked ? sensitivity : undefined,
      edition: undefined,
    }));
    const base = { by: 'Practitioner/dr-1', ehr: ehr.iss, patientId, encounterId: undefined, release: 'r', items };
    const answers = { recipient: 'patient', interpreter: 'none', method: 'printed', teachBack: 'not-done' } as const;
    const languages = { languagePreferred: undefined, languageGiven: 'en' } as const;
    const entry = { ...base, ...answers, ...languages, id: randomUUID(), at: new Date().toISOString(), hasNote: false };
    await record.add(entry, new Map());
  }

  /** The page of a launch, but for what names its session. */
  async function pageOf(patient: string, fhirUser: string, birthDate: string): Promise<string> {
    Object.assign(ehr.behaviour, { context: { patient, need_patient_banner: true }, fhirUser });
    ehr.fhir.answerBy = (_request, response, place) => {
      if (!place.startsWith('/Patient')) return false;
      send(response, 200, { resourceType: 'Patient', id: patient, birthDate });
      return true;
    };
    const address = `${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`;
    const { status, text } = await new Visitor().open(address);
    return `${status} ${text.replaceAll(/launched\/[\w-]+/g, 'launched/SESSION')}`;
  }

  describe.each(SENSITIVITIES)('%s', (mark) => {
    test.each([
      ['the patient', (id: string) => `Patient/${id}`, '1970-03-04'],
      ['a patient who is a minor', (id: string) => `Patient/${id}`, '2014-03-04'],
      ['a proxy', () => 'RelatedPerson/r-1', '1970-03-04'],
      ['a child’s proxy', () => 'RelatedPerson/r-1', '2014-03-04'],
    ])('%s sees the same bytes with and without it', async (who, userOf, birthDate) => {
      const patient = `held-${mark}-${who.length}`;
      const plain = connector.library.findArticles(['topic-acne']);
      await recordGiven(patient, plain);
      const without = await pageOf(patient, userOf(patient), birthDate);
      expect(without).toMatch(/^200 .*topic-acne/s);
      const marked = findMarked(mark);
      await recordGiven(patient, [marked]);
      await recordGiven(patient, [marked], false);
      // However many there are: older articles stay.
      for (let more = 0; more < 25; more += 1) await recordGiven(patient, [marked]);
      expect(await pageOf(patient, userOf(patient), birthDate)).toBe(without);
    });
  });
});

describe('a Communication is written where no document is taken', () => {
  suiteOf({ writeBack: 'auto', writesSensitive: true }, [
    ability('DocumentReference', ['create', 'read']),
    ability('Communication', ['create', 'read', 'search-type'], false),
  ]);

  test('with what was given, labelled where it is marked; it cannot be corrected here', async () => {
    const { visitor, url } = await give(['topic-anxiety']);
    const { entry } = await newest();
    expect(written('Communication')).toMatchObject([
      {
        status: 'completed',
        sent: entry.at,
        sender: { reference: 'Practitioner/dr-1' },
        meta: { security: [{ code: 'R' }, { code: 'PSY' }] },
      },
    ]);
    expect((await visitor.post(`${url}/error`, [])).text).toContain('Correct it in the chart.');
    expect((await newest()).delivery?.state).toBe('not-corrected');
    // The reason would name what the mark keeps back.
    await give(['topic-asthma', 'topic-anxiety']);
    for (const one of written('Communication')) expect(one).not.toHaveProperty('reasonCode');
  });

  test('the same form twice at once: it is written once', async () => {
    const { visitor, session } = await give(['topic-asthma']);
    const id = '11111111-2222-4333-8444-666666666666';
    const fields = [
      ['article', 'topic-acne'],
      ['entry', id],
    ] as const;
    await Promise.all([visitor.post(`${session}/given`, fields), visitor.post(`${session}/given`, fields)]);
    const mine = written('Communication').filter((one) => JSON.stringify(one['identifier']).includes(id));
    expect(mine).toHaveLength(1);
  });

  test('"Try again" twice at once: it is written once', async () => {
    let isAway = true;
    ehr.fhir.answerBy = (request, response) => {
      if (request.method !== 'POST' || !isAway) return false;
      send(response, 503, {});
      return true;
    };
    const { visitor, url } = await give(['topic-asthma']);
    isAway = false;
    await Promise.all([visitor.post(`${url}/again`, []), visitor.post(`${url}/again`, [])]);
    expect(written('Communication')).toHaveLength(1);
  });

  test('an error that is marked while it is written is corrected once it is there', async () => {
    let letGo: (() => void) | undefined;
    const isHeld = new Promise<void>((resolve) => {
      ehr.fhir.answerBy = (request, response, place) => {
        if (request.method !== 'POST') return false;
        letGo = () => {
          ehr.fhir.resources.push({ resourceType: 'Communication', id: 'late' });
          send(response, 201, {}, { Location: 'Communication/late' });
        };
        resolve();
        return place !== '';
      };
    });
    const visitor = new Visitor();
    const launched = await visitor.open(`${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);
    const entry = '11111111-2222-4333-8444-777777777777';
    const giving = visitor.post(`${launched.url}/given`, [
      ['article', 'topic-asthma'],
      ['entry', entry],
    ]);
    await isHeld;
    await visitor.post(`${launched.url}/given/${entry}/error`, []);
    letGo?.();
    expect((await giving).text).toContain('Correct it in the chart.');
    expect((await newest()).delivery).toMatchObject({ state: 'not-corrected', reference: 'Communication/late' });
  });

  test('without If-None-Exist it is searched for before it is written again', async () => {
    let isFirst = true;
    const handled = ehr.fhir;
    ehr.fhir.answerBy = (request, response) => {
      if (request.method !== 'POST' || !isFirst) return false;
      isFirst = false;
      // It was written, and the answer is lost.
      response.destroy();
      return true;
    };
    const { visitor, url } = await give(['topic-asthma']);
    const { entry } = await newest();
    handled.resources.push({
      resourceType: 'Communication',
      id: 'there',
      subject: { reference: `Patient/${PATIENT_ID}` },
      identifier: [{ value: `urn:uuid:${entry.id}` }],
    });
    await visitor.post(`${url}/again`, []);
    expect(written('Communication')).toHaveLength(1);
    expect((await newest()).delivery).toMatchObject({ state: 'written', reference: 'Communication/there' });
  });
});

describe('each type that a server may take, with and without update', () => {
  suiteOf({ writeBack: ['Procedure', 'Communication', 'DocumentReference'] }, []);

  const create = ['create', 'read', 'search-type'];
  test.each([
    ['Procedure', ALL, true],
    ['Procedure', create, false],
    ['Communication', ALL, false],
    ['Communication', create, true],
    ['DocumentReference', ALL, false],
    ['DocumentReference', ['create'], false],
  ])('%s (%j, If-None-Exist: %j)', async (type, interactions, conditionalCreate) => {
    // The server's abilities are read anew once they are too old.
    ahead += 601_000;
    ehr.fhir.abilities = [ability(type, interactions, conditionalCreate)];
    const { visitor, url, text } = await give(['topic-asthma', 'topic-highbloodpressure']);
    expect(text).toContain('It is in the chart.');
    const { entry, delivery } = await newest();
    const [resource, ...others] = written(type);
    expect(others).toEqual([]);
    expect(delivery).toMatchObject({ state: 'written', reference: `${type}/${String(resource?.['id'])}` });
    expect(resource).toMatchObject({
      identifier: [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${entry.id}` }],
      subject: { reference: `Patient/${PATIENT_ID}` },
    });
    const sent = JSON.stringify(resource);
    const act = '"code":"311401005"';
    expect([sent.includes(act), sent.includes('Encounter/enc-1'), sent.includes('Practitioner/dr-1')]).toEqual([
      type !== 'DocumentReference',
      true,
      true,
    ]);
    const searched = ehr.fhir.asked.filter((one) => one.startsWith(`GET /${type}?`) && one.includes('&identifier='));
    expect(searched).toHaveLength(conditionalCreate || !interactions.includes('search-type') ? 0 : 1);
    const canUpdate = interactions.includes('update');
    const page = await visitor.post(`${url}/error`, []);
    expect(page.text).toContain(canUpdate ? 'is marked as entered in error' : 'Correct it in the chart');
    expect(written(type)[0]?.['status'] === 'entered-in-error').toBe(canUpdate);
    expect((await newest()).delivery?.state).toBe(canUpdate ? 'corrected' : 'not-corrected');
  });

  test('a server that does not answer what it can do: the entry waits, and is written on demand', async () => {
    ahead += 601_000;
    ehr.fhir.abilities = [ability('Procedure', ALL)];
    ehr.fhir.answerBy = (_request, response, place) => {
      if (place !== '/metadata') return false;
      response.destroy();
      return true;
    };
    const { visitor, url } = await give(['topic-asthma']);
    expect((await newest()).delivery).toMatchObject({ state: 'waiting', reason: 'unreachable' });
    ehr.fhir.answerBy = undefined;
    expect((await visitor.post(`${url}/again`, [])).text).toContain('It is in the chart.');
    expect(written('Procedure')).toHaveLength(1);
  });

  test('a Procedure is completed, by whom and when', async () => {
    ahead += 601_000;
    ehr.fhir.abilities = [ability('Procedure', ALL)];
    await give(['topic-asthma']);
    const { entry } = await newest();
    expect(written('Procedure')).toMatchObject([
      {
        status: 'completed',
        code: { coding: [{ system: 'http://snomed.info/sct', code: '311401005' }] },
        performedDateTime: entry.at,
        performer: [{ actor: { reference: 'Practitioner/dr-1' } }],
        note: [{ text: expect.stringContaining('“Asthma” (English)') as unknown }],
      },
    ]);
  });

  test('a Communication says why: the problems of the chart that its articles explain', async () => {
    ahead += 601_000;
    ehr.fhir.abilities = [ability('Communication', ALL)];
    await give(['topic-asthma', 'topic-acne', 'topic-highbloodpressure']);
    const system = 'http://hl7.org/fhir/sid/icd-10-cm';
    expect(written('Communication')[0]?.['reasonCode']).toEqual([
      { coding: [{ system, code: 'J45.909' }] },
      { coding: [{ system, code: 'I10' }] },
    ]);
  });
});

describe('nothing can be written', () => {
  suiteOf({}, []);
  beforeEach(() => {
    ehr.fhir.asked.length = 0;
  });

  test('the sentence to paste says what was given, and names nobody', async () => {
    const { text } = await give(['topic-asthma', 'topic-highbloodpressure']);
    const [, sentence = ''] = /<p class="given-sentence">([^<]*)</.exec(text) ?? [];
    expect(sentence).toMatch(
      /^Patient education, .+: “Asthma” \(English\); “High Blood Pressure” \(English\)\. Given to: a parent\. How: printed\. Interpreter: an interpreter\. Teach-back: understood\.$/,
    );
    expect(ehr.fhir.asked.filter((one) => !one.startsWith('GET'))).toEqual([]);
    expect((await newest()).delivery?.state).toBe('nowhere');
  });

  test('a vaccine statement is recorded with its edition date', async () => {
    const { text } = await give(['vis-dtap'], [['edition-vis-dtap', '2025-01-31']]);
    expect(text).toContain('(English, edition of 2025-01-31)');
    expect((await newest()).entry.items).toMatchObject([
      { article: 'vis-dtap', edition: '2025-01-31', gdti: '0886983000035' },
    ]);
    await give(['vis-dtap'], [['edition-vis-dtap', '2025-99-99']]);
    expect((await newest()).entry.items[0]?.edition).toBeUndefined();
  });

  test('without an article nothing is recorded', async () => {
    const before = (await record.list({}, 50)).length;
    expect((await give([])).status).toBe(400);
    expect((await record.list({}, 50)).length).toBe(before);
  });
});
