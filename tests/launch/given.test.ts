import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { HandedOverRecord, RecordedEntry } from '../../src/core/handing-over/record.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
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

const usual = { context: { patient: PATIENT_ID, encounter: 'enc-1' }, fhirUser: 'Practitioner/dr-1' };
const ability = (type: string, interactions: readonly string[], conditionalCreate = true): TypeAbility => ({
  type,
  interactions,
  conditionalCreate,
});
const ALL = ['create', 'read', 'update', 'search-type'];

async function start(entry: object): Promise<TestConnector> {
  const file = join(folder.path, 'ehrs.json');
  writeFileSync(file, JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID, ...entry }] }));
  const started = await startConnector({
    env: {
      EHRS_FILE: file,
      HANDED_OVER_OWNER: 'Health information management',
      HANDED_OVER_RETENTION_DAYS: '3650',
      WRITE_TOKENS: READER,
    },
    clock: () => new Date(),
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
function suiteOf(entry: object, abilities: readonly TypeAbility[]): void {
  beforeAll(async () => {
    ehr.fhir.abilities = abilities;
    connector = await start(entry);
    if (!connector.handedOver) throw new Error('there is no record');
    record = connector.handedOver;
  });
  afterAll(() => connector.stop());
  afterEach(() => {
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
    const { status, text } = await give(['topic-asthma', 'topic-highbloodpressure'], [['note', 'Call on Monday']]);
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
    });
    const query = `patient=${encodeURIComponent(`${ehr.iss}/Patient/${PATIENT_ID}`)}&_count=200`;
    const found = await ask(connector.url, `/fhir/Communication?${query}`, { headers });
    const { entry: entries } = JSON.parse(found.text) as { entry: { resource: { id: string } }[] };
    expect(entries.map(({ resource }) => resource.id)).toContain(entry.id);
    const { rest } = JSON.parse((await ask(connector.url, '/fhir/metadata')).text) as {
      rest: { resource: { type: string; interaction: { code: string }[] }[] }[];
    };
    const offered = rest[0]?.resource.find(({ type }) => type === 'Communication')?.interaction.map(({ code }) => code);
    expect(offered).toEqual(['read', 'vread', 'history-instance', 'search-type']);
    expect((await ask(connector.url, '/fhir/SearchParameter/Communication-sent')).status).toBe(200);
    // Whoever asks afterwards gets none of it from a cache.
    expect((await ask(connector.url, `/fhir/Communication?${query}`)).status).toBe(401);
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
    expect((await newest()).entry.items).toMatchObject([{ article: 'vis-dtap', edition: '2025-01-31' }]);
    await give(['vis-dtap'], [['edition-vis-dtap', '2025-99-99']]);
    expect((await newest()).entry.items[0]?.edition).toBeUndefined();
  });

  test('without an article nothing is recorded', async () => {
    const before = (await record.list({}, 50)).length;
    expect((await give([])).status).toBe(400);
    expect((await record.list({}, 50)).length).toBe(before);
  });
});
