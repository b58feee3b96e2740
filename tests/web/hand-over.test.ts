import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../src/config/config.js';
import type { FeedbackQueue } from '../../src/core/evaluation/feedback.js';
import { openFeedback } from '../../src/library/open-records.js';
import type { Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder, testConfig } from '../support/connector.js';
import { SUMMARY, importSummary } from '../support/import-summary.js';
import { attributesOf, elementsOf, fieldsOf, linksOf, textOf } from './read-html.js';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

const folder = temporaryFolder();
let connector: TestConnector;
let queue: FeedbackQueue;

beforeAll(async () => {
  const logo = join(folder.path, 'logo.svg');
  writeFileSync(logo, LOGO);
  connector = await startConnector({
    env: { SITE_NAME: 'Mercy <Hospital>', SITE_LOGO: logo, TIME_ZONE: 'Pacific/Kiritimati' },
  });
  await importSummary(connector, folder.path);
  queue = openFeedback(connector.config);
});
afterAll(async () => {
  await queue.close();
  await connector.stop();
  folder.remove();
});

const get = (path: string): Promise<Reply> => ask(connector.url, path);
function post(
  path: string,
  form: Record<string, string | string[]>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as [string, string]),
  );
  const body = new URLSearchParams(pairs).toString();
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  return ask(connector.url, path, { method: 'POST', body, headers: { ...type, ...headers } });
}

test('the about page says how old the texts are, those that were imported and those that ship', async () => {
  const page = textOf((await get('/about')).text);
  expect(page).toContain('National Library of Medicine) had between July 26, 2024 and ');
  expect(page).toMatch(/\d+ of them are more than 12 months old\. .* education-connect import medlineplus/);
  expect(textOf((await get('/about?lang=es')).text)).toContain('entre el 26 de julio de 2024 y el ');
});

/** The boxes of a page: id of the article → whether it is ticked. */
const boxesOf = ({ text }: Reply): Record<string, boolean> =>
  Object.fromEntries(
    elementsOf(text, 'input')
      .map(attributesOf)
      .filter(({ name, type }) => name === 'article' && type === 'checkbox')
      .map(({ value, checked }) => [value, checked !== undefined]),
  ) as Record<string, boolean>;

const bundle = (...resources: object[]): string =>
  JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) });
const condition = (code: string, facts: object = {}): object => ({
  resourceType: 'Condition',
  subject: { reference: 'Patient/p1', display: 'Secretname' },
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] },
  ...facts,
});
const verification = (code: string) => ({
  verificationStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code }] },
});

test('a patient’s age is counted by the day that it is in the site’s time zone', async () => {
  const born = async (birthDate: string): Promise<number> =>
    (
      await ask(
        connector.url,
        `/fhir/$knowledge-request?code=http://hl7.org/fhir/sid/icd-10-cm|I10&birthDate=${birthDate}`,
      )
    ).status;
  expect([await born('2026-11-25'), await born('2026-11-26')]).toEqual([200, 400]);
});

describe('a packet', () => {
  test('has a row for each entry: what was read, what was found, and on top what was not', async () => {
    const reply = await post('/packet', {
      list: 'I10\nSNOMED 38341003\nE11.9 Diabetes, type 2\nB20\nasthma\n141\nZ53.20\nfoobar\nI10',
    });
    expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'no-store']);
    const page = textOf(reply.text).replace(/\s+/g, ' ');
    expect(page).toContain('2 of 8 not found. Ticked for the handout: 3.');
    expect(page).toMatch(
      /Not found \(2\): Z53\.20 : no article suits this code \( About how.* foobar : no page suits it/,
    );
    expect(page).toMatch(/I10 \(2 times\) ICD-10-CM code: Essential \(primary\) hypertension High Blood Pressure/);
    expect(page).toMatch(/SNOMED 38341003 .* Same page as “I10”/);
    expect(page).toContain('mapped to the broader code ICD-10-CM E11');
    const boxes = boxesOf(reply);
    expect(boxes).toMatchObject({
      'topic-highbloodpressure': true,
      'topic-diabetestype2': true,
      'topic-asthma': true,
      'topic-hiv': false,
    });
  });

  test('ticks what is called by its own name, and leaves what is guessed to be checked', async () => {
    const reply = await post('/packet', { list: 'metformin 500 mg tablet\nHTN\ndiabtes type 2\nB12\nHIV' });
    const page = textOf(reply.text).replace(/\s+/g, ' ');
    expect(boxesOf(reply)).toMatchObject({
      'drug-a696005': true,
      'topic-highbloodpressure': true,
      'topic-diabetestype2': false,
      'topic-hiv': false,
    });
    expect(page).toContain('abbreviation: hypertension');
    expect(page).toMatch(
      /Check that the page fits \(2\): diabtes type 2 : Similar spelling: check that it is what was meant/,
    );
  });

  test('has the box of an article in the row that ticks it, whatever guess comes before', async () => {
    const reply = await post('/packet', { list: 'diabtes type 2\nE11.9' });
    expect(boxesOf(reply)).toMatchObject({ 'topic-diabetestype2': true });
    expect(textOf(reply.text)).toContain('Same page as “E11.9”');
  });

  test('shows nothing of what is denied, a relative’s, or under a heading that says so', async () => {
    const list = 'denies chest pain\nno fever, asthma\nFamily history: breast cancer\nAllergies: penicillin V\nE11.9';
    const reply = await post('/packet', { list });
    expect(Object.keys(boxesOf(reply)).sort()).toEqual(
      ['topic-diabeticdiet', 'topic-diabetestype2', 'encypi-000328'].sort(),
    );
    const page = textOf(reply.text).replace(/\s+/g, ' ');
    expect(page).toContain('All 5 entries were read');
    expect(page).toMatch(/Left out for you to decide \(4\).*listed under “Allergies”/);
  });

  test('a word keeps to the rules of a chart: after a lost pregnancy no page on pregnancy is ticked', async () => {
    expect(boxesOf(await post('/packet', { list: 'breastfeeding' }))).toMatchObject({ 'topic-breastfeeding': true });
    const reply = await post('/packet', { list: 'miscarriage\nbreastfeeding' });
    expect(boxesOf(reply)).toMatchObject({ 'topic-miscarriage': false, 'topic-breastfeeding': false });
    expect(textOf(reply.text)).toContain('the chart has a lost pregnancy');
  });

  test('an entry that may mean several things is replaced by the one that is chosen, where it stands', async () => {
    const reply = await post('/packet', { list: 'HTN\r\n141; MS\r\nasthma' });
    const choices = elementsOf(reply.text, 'button')
      .map(attributesOf)
      .filter(({ name }) => name === 'as');
    const values = choices.map(({ value = '' }) => value.replaceAll('&quot;', '"'));
    const cvx = values.find((value) => value.includes('CVX')) ?? '';
    const chosen = await post('/packet', { list: 'HTN\r\n141; MS\r\nasthma', as: cvx });
    expect(chosen.text).toContain('HTN\nCVX 141; MS\nasthma</textarea>');
    expect(textOf(chosen.text)).toContain('CVX code');
    // Another list than the one that it was chosen in stays as it is.
    for (const as of [cvx, 'x', '[1]', '[0,3,"nothing","x"]', '{}']) {
      expect((await post('/packet', { list: 'asthma', as })).text).toContain('\nasthma</textarea>');
    }
  });

  test('what the search box posts is a search where it is one entry', async () => {
    const one = await post('/packet', { q: 'Diabetes, type 2' });
    expect([one.status, one.headers.location]).toEqual([303, '/find?q=Diabetes%2C+type+2']);
    expect((await post('/packet', { q: 'diabetes, asthma' })).status).toBe(200);
  });

  test('is sent again in the other language by its form, where its address does not say what it shows', async () => {
    const { text } = await post('/packet', { list: 'I10' });
    const button = elementsOf(text, 'button')
      .map(attributesOf)
      .find(({ formaction }) => formaction !== undefined);
    expect(button).toMatchObject({ form: 'packet', formaction: '/packet?lang=es', formmethod: 'post' });
    const spanish = await post('/packet?lang=es', { list: 'I10', lang: 'en' });
    expect(boxesOf(spanish)).toMatchObject({ 'topic-highbloodpressure': true });
    expect(textOf(spanish.text)).toContain('Presión arterial alta');
  });

  test("offers the sheet in the language that a chart says is the patient's", async () => {
    const speaks = (code: string) => ({
      resourceType: 'Patient',
      communication: [{ preferred: true, language: { coding: [{ system: 'urn:ietf:bcp:47', code }] } }],
    });
    for (const [code, language] of [
      ['es-MX', 'es'],
      ['en', 'en'],
    ] as const) {
      const { text } = await post('/packet', { list: bundle(speaks(code), condition('I10')) });
      expect([text.includes('<html lang="en">'), fieldsOf(text).language]).toEqual([true, language]);
    }
  });

  test('asks for the reader: a page for children is for children', async () => {
    const titles = async (age: string): Promise<string> =>
      textOf((await post('/packet', { list: 'J45.909', age, lang: 'es' })).text);
    expect(await titles('8')).toContain('Asma en niños');
    expect(await titles('70')).not.toContain('Asma en niños');
  });

  test('reads a chart by its rules, and says nothing of the patient', async () => {
    const patient = { resourceType: 'Patient', id: 'p1', birthDate: '1950-01-01', name: [{ family: 'Secretname' }] };
    const list = bundle(
      patient,
      condition('I10'),
      condition('J45.909', verification('refuted')),
      condition('E11.9', verification('provisional')),
    );
    const reply = await post('/packet', { list });
    const { text, status } = reply;
    const [form = ''] = /<form class="packet-form".*?<\/form>/s.exec(text) ?? [];
    const around = text.replace(form, '');
    expect([status, around.includes('Secretname'), form.includes('Secretname')]).toEqual([200, false, true]);
    const page = textOf(around).replace(/\s+/g, ' ');
    expect(page).toContain('High Blood Pressure');
    expect(page).toMatch(
      /Not added automatically Diabetes Type 2 : the chart has it as on hold, planned or not confirmed/,
    );
    expect(boxesOf(reply)).toMatchObject({ 'topic-highbloodpressure': true, 'topic-diabetestype2': false });
    expect(page).toMatch(/Without a page.*ICD-10-CM J45\.909 : left out/);
    expect(page).not.toContain('Asthma');
  });

  test('names facts by the titles of their codes and their kinds, with a status in words, in both languages', async () => {
    const coded = (display: string) => ({
      code: {
        text: 'Secretname',
        coding: [{ system: 'http://snomed.info/sct', code: '38341003', display }],
      },
    });
    const gout = { clinicalStatus: { coding: [{ code: 'resolved' }] } };
    const inWords = { resourceType: 'AllergyIntolerance', category: ['food'], code: { text: 'Secretname' } };
    const claim = { resourceType: 'Claim', status: 'active' };
    const list = bundle(condition('I10', coded('Hypertensive disorder')), condition('M10.9', gout), inWords, claim);
    const [en = '', es = ''] = await Promise.all(
      ['en', 'es'].map(async (lang) => {
        const { text } = await post('/packet', { list, lang });
        return textOf(text.replace(/<form class="packet-form".*?<\/form>/s, '')).replace(/\s+/g, ' ');
      }),
    );
    expect(en).toMatch(/Hypertensive disorder SNOMED CT 38341003 High Blood Pressure.* Allergy Food Allergy/);
    expect(en).toContain('Gout, unspecified ICD-10-CM M10.9 : left out, no longer active: resolved');
    expect(es).toContain('Gout, unspecified ICD-10-CM M10.9 : no se incluye, ya no está activo: resuelto');
    expect(en).not.toMatch(/Claim|Secretname/);
    expect(es).toContain('Alergia');
  });

  test('ticks the pages of a visit, lists the others, and counts what has none', async () => {
    const vital = (code: string) => ({
      ...{ resourceType: 'Observation', status: 'final' },
      code: { coding: [{ system: 'http://loinc.org', code }] },
    });
    const problems = ['I10', 'E11.9', 'J45.909', 'M17.9', 'K21.9', 'G43.909'].map((code) => condition(code));
    const list = bundle(...problems, vital('8302-2'), vital('29463-7'), vital('8480-6'));
    const reply = await post('/packet', { list });
    expect(Object.values(boxesOf(reply)).filter(Boolean)).toHaveLength(5);
    const page = textOf(reply.text).replace(/\s+/g, ' ');
    expect(page).toMatch(/More articles \(\d+\), not ticked/);
    expect(page).toContain('3 vital signs : no page needed');
    const discharge = await post('/packet', { list, setting: 'discharge' });
    expect(Object.values(boxesOf(discharge)).filter(Boolean)).toHaveLength(6);
  });

  test('lets the clinician decide about what is held: by title, with its reason, on demand, never ticked', async () => {
    const reply = await post('/packet', { list: bundle(condition('T74.11XA'), condition('I10')) });
    const page = textOf(reply.text).replace(/\s+/g, ' ');
    expect(page).toMatch(/Not added automatically Intimate Partner Violence : about abuse or violence.*Show it to me/);
    expect(boxesOf(reply)).toMatchObject({ 'topic-intimatepartnerviolence': false, 'topic-highbloodpressure': true });
    const teenager = { resourceType: 'Patient', birthDate: '2011-01-01' };
    const depressed = await post('/packet', { list: bundle(teenager, condition('F32.9')) });
    expect(textOf(depressed.text)).toContain('the patient is under 18');
    expect(Object.values(boxesOf(depressed)).filter(Boolean)).toEqual([]);
    const [card = ''] = /<li class="entry(?:(?!<\/li>).)*topic-teendepression.*?<\/li>/s.exec(depressed.text) ?? [];
    expect([card.includes('Teen Depression'), card.includes('Scan')]).toEqual([true, false]);
  });

  test('shows both readings of a code and a title that are about different things, neither ticked', async () => {
    const order = {
      ...{ resourceType: 'MedicationRequest', status: 'active', intent: 'order' },
      medicationCodeableConcept: {
        coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '6809', display: 'lisinopril' }],
      },
    };
    const reply = await post('/packet', { list: bundle(order, condition('I10')) });
    expect(boxesOf(reply)).toMatchObject({ 'drug-a696005': false, 'drug-a692051': false });
    expect(textOf(reply.text)).toMatch(
      /Metformin\s*:\s*the code and the title sent with it are about different things/,
    );
  });

  test('names a drug that a chart has in words alone by its known name, and repeats none of its words', async () => {
    const inWords = (text: string) => ({
      ...{ resourceType: 'MedicationRequest', status: 'active', intent: 'order' },
      medicationCodeableConcept: { text },
    });
    const { text } = await post('/packet', {
      list: bundle(inWords('morphine 15 mg for Secretname'), inWords('morphine')),
    });
    const found = text.slice(text.indexOf('class="entries"'));
    expect(found).toContain('<span class="typed">morphine</span>');
    expect(found).not.toContain('Secretname');
    expect(textOf(found)).toMatch(/Without a page.*morphine\s*:.*several for its form/);
  });

  test('asks who will see the sheet where a drug that is marked is ticked', async () => {
    const sertraline = {
      ...{ resourceType: 'MedicationRequest', status: 'active', intent: 'order' },
      medicationCodeableConcept: {
        coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '36437', display: 'sertraline' }],
      },
    };
    const adult = { resourceType: 'Patient', birthDate: '1980-01-01' };
    const reply = await post('/packet', { list: bundle(adult, sertraline, condition('I10')) });
    expect(boxesOf(reply)).toMatchObject({ 'drug-a697048': true });
    expect(textOf(reply.text)).toContain('Ask the patient who will see the handout');
  });

  test('makes no pages for a patient who has died, unless they are wanted for the family', async () => {
    const list = bundle(
      { resourceType: 'Patient', deceasedDateTime: '2026-11-01' },
      condition('I10'),
      condition('E11.9'),
    );
    const reply = await post('/packet', { list });
    expect([boxesOf(reply), textOf(reply.text).includes('the patient has died')]).toEqual([{}, true]);
    expect(boxesOf(await post('/packet', { list, deceased: 'true' }))).toMatchObject({
      'topic-highbloodpressure': true,
    });
  });

  test('a chart of megabytes is read, one that is larger than may be is refused', async () => {
    const many = bundle(...Array.from({ length: 2000 }, () => condition('I10')));
    expect((await post('/packet', { list: many })).status).toBe(200);
    expect((await post('/packet', { list: 'x'.repeat(4_194_304) })).status).toBe(413);
    // Counted before each of them is checked: the first is none.
    const tooMany = bundle({ resourceType: 'Nothing' }, ...Array.from({ length: 5000 }, () => condition('I10')));
    const { status, text } = await post('/packet', { list: tooMany });
    expect([status, textOf(text).includes('at most 5000')]).toEqual([413, true]);
  });

  test.each([
    ['a thousand codes and one', 'I10\n'.repeat(1001), 400],
    ['a thousand codes', 'I10\n'.repeat(1000), 200],
    ['a line of too many commas', 'a,'.repeat(10_000), 400],
    ['a line of many parts', 'a,'.repeat(900), 200],
    ['blank lines', `I10${' \n'.repeat(10_001)}I10`, 200],
  ])('%s: status of the packet', async (_name, list, expected) => {
    const { status, text } = await post('/packet', { list });
    expect([status, text.includes('at most 1000')]).toEqual([expected, expected === 400]);
  });

  test.each([
    ['JSON that is none', { list: '{"resourceType":' }, 'not well-formed JSON'],
    ['a list of resources', { list: '[1]' }, 'no resourceType'],
    ['an impossible age', { list: 'I10', age: 'x' }, 'as a whole number, and choose its unit'],
    ['more than can be asked', { list: 'I10\n'.repeat(1001) }, 'at most 1000'],
  ])('%s is told above the form, which keeps what was pasted', async (_name, form, expected) => {
    const { status, text } = await post('/packet', form);
    expect([status, textOf(text).includes(expected)]).toEqual([400, true]);
    expect(text).toContain('<textarea id="list"');
    expect(textOf(text)).toContain(form.list.trim().slice(0, 10));
  });

  test('codes stand in an address, lists do not', async () => {
    const made = await post('/packet', { list: 'I10 Essential hypertension\nE11.9', age: '50' });
    const link = linksOf(made.text).find(({ href }) => href?.startsWith('/packet?code='))?.href ?? '';
    expect(decodeURIComponent(link)).toBe('/packet?code=icd-10-cm|I10&code=icd-10-cm|E11.9');
    expect(boxesOf(await get(link))).toEqual(boxesOf(await post('/packet', { list: 'I10\nE11.9' })));
    expect(boxesOf(await get('/packet?list=I10&age=5'))).toEqual({});
  });
});

describe('a patient handout', () => {
  const HANDOUT = '/handout?article=topic-acne&article=ency-001282&article=drug-a692051';

  test('records nothing outside a launch, and offers a sentence to paste into the chart', async () => {
    const [en, es] = [await get('/handout?article=topic-acne'), await get('/handout?article=topic-acne&lang=es')];
    expect(textOf(en.text)).toContain('gave patient education: “Acne” (English).');
    expect(textOf(es.text)).toContain('se entregó material educativo al paciente: «Acné» (español).');
    expect(en.text).not.toContain('name="given-');
  });

  test('prints in full what is in the public domain and in the library, the rest by address and QR code', async () => {
    const { text, status, headers } = await get(HANDOUT);
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(text).toContain(SUMMARY);
    const [, paper = ''] = text.split('<article class="paper"');
    expect(elementsOf(paper, 'svg').filter((tag) => tag.includes('role="img"'))).toHaveLength(3);
    const page = textOf(text).replace(/\s+|\u200b/g, ' ');
    for (const part of [
      'Mercy <Hospital>',
      // There it is the next day already.
      'Printed on November 25, 2026',
      'medlineplus.gov/ ency/ article/ 001282.htm',
      'Source: MedlinePlus, National Library of Medicine',
      'Copyright 1997-2020, A.D.A.M., Inc.',
      'copyright American Society of Health-System Pharmacists',
      'call 911',
    ]) {
      expect(page).toContain(part);
    }
  });

  test('marks what is not in the language asked for', async () => {
    const page = textOf((await get(`${HANDOUT}&article=genetics-achondroplasia&lang=es`)).text);
    expect(page).toContain('Información de salud para usted');
    expect(page).toContain('Acné');
    expect(page).toContain('Disponible solo en inglés.');
  });

  test('speaks the language of the patient, its controls that of the page, and keeps the note when that changes', async () => {
    const form = { article: ['topic-acne'], lang: 'en', language: 'es', note: 'Llámenos' };
    const english = (await post('/handout', form)).text;
    expect(english).toContain('<html lang="en">');
    expect(english).toContain('<article class="paper" lang="es"');
    const [controls = '', sheet = ''] = english.split('<article class="paper"');
    expect([textOf(controls).includes('Update the handout'), textOf(sheet).includes('Acné')]).toEqual([true, true]);
    expect(textOf(sheet)).not.toMatch(/Read|Printed on|Source:/);
    const button = elementsOf(english, 'button')
      .map(attributesOf)
      .find(({ formaction }) => formaction !== undefined);
    expect(button).toMatchObject({ form: 'handout', formaction: '/handout?lang=es', formmethod: 'post' });
    const spanish = (await post('/handout?lang=es', form)).text;
    expect(textOf(spanish)).toContain('Actualizar la hoja');
    expect(textOf(spanish)).toContain('Llámenos');
  });

  test('a note is posted and shown as it was typed, and is in no log; in an address it is nothing', async () => {
    const note = 'Call <b>us</b> & come';
    const posted = await post('/handout', { article: ['topic-acne'], lang: 'en', note });
    expect(posted.text).toContain('Call &lt;b>us&lt;/b> &amp; come');
    expect((await get(`/handout?article=topic-acne&note=${encodeURIComponent(note)}`)).text).not.toContain('Call');
    expect(JSON.stringify(connector.logLines)).not.toContain('Call');
    expect((await post('/handout', { article: 'topic-acne', note: 'x'.repeat(1000) })).status).toBe(200);
    expect((await post('/handout', { article: 'topic-acne', note: 'x'.repeat(1001) })).status).toBe(400);
  });

  test('says what is not there, and takes so many', async () => {
    expect(textOf((await get('/handout?article=topic-nothing&article=<script>')).text)).toMatch(
      /Not in the library: topic-nothing\s/,
    );
    const ids = Array.from({ length: 21 }, (_, at) => `article=topic-x${at}`).join('&');
    expect(textOf((await get(`/handout?${ids}`)).text)).toContain('The handout takes 20 articles');
    expect((await get('/handout')).status).toBe(200);
  });

  test("the hospital's logo is served from our own address, and runs no script", async () => {
    const { headers, text } = await get('/site-logo');
    expect([headers['content-type'], text]).toEqual(['image/svg+xml', LOGO]);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    expect((await get('/handout?article=topic-acne')).text).toContain('src="/site-logo"');
  });

  test.each([
    ['that is not there', 'none.png', ''],
    ['that is no picture', 'text.png', 'GIF89a'],
    ['that is too large', 'large.png', 'x'.repeat(262_145)],
  ])('a logo %s is refused at the start', (_name, file, content) => {
    mkdirSync(folder.path, { recursive: true });
    if (content !== '') writeFileSync(join(folder.path, file), content);
    expect(() => testConfig(folder.path, { SITE_LOGO: join(folder.path, file) })).toThrow(ConfigError);
  });
});

describe('"Wrong page?"', () => {
  const FORM = { article: 'topic-acne', system: 'icd-10-cm', code: 'l700', reason: 'wrong-age', lang: 'en' };
  const ours = { 'Sec-Fetch-Site': 'same-origin' };

  test('stands on each result, with the code, and leads back to what was searched for', async () => {
    const link = '/feedback?article=topic-acne&system=icd-10-cm&code=L70.0&q=L70.0';
    expect(linksOf((await get('/find?q=L70.0')).text).map(({ href }) => href)).toContain(link);
    const { text } = await get(link);
    expect(fieldsOf(text)).toMatchObject({ q: 'L70.0', article: 'topic-acne' });
    const sent = await post('/feedback', { ...FORM, reason: 'broken-link', q: 'L70.0 <b>' }, ours);
    expect(linksOf(sent.text).map(({ href }) => href)).toContain('/find?q=L70.0+%3Cb%3E');
    expect(JSON.stringify(connector.logLines)).not.toContain('L70.0 <b>');
    const chart = await post('/feedback', { ...FORM, reason: 'broken-link', q: '{"resourceType":"Patient"}' }, ours);
    expect(chart.text).not.toContain('resourceType');
  });

  test('takes a reason, the code and the article, counts them up, and keeps no words', async () => {
    for (const headers of [ours, { Origin: connector.url }]) {
      const { status, text } = await post('/feedback', { ...FORM, remark: 'Secretname' }, headers);
      expect([status, textOf(text).includes('Thank you')]).toEqual([200, true]);
    }
    expect((await queue.list()).filter(({ reason }) => reason === 'wrong-age')).toMatchObject([
      {
        article: 'topic-acne',
        reason: 'wrong-age',
        count: 2,
        remark: '',
        coding: { system: 'icd-10-cm', code: 'L70.0' },
      },
    ]);
  });

  test.each([
    ['of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
    ['of another origin', { Origin: 'https://evil.example' }],
    ['of nowhere', { Origin: 'null' }],
    ['that says nothing', {}],
  ])('refuses a form %s', async (_name, headers) => {
    expect((await post('/feedback', { ...FORM, reason: 'other' }, headers as Record<string, string>)).status).toBe(403);
    expect((await queue.list()).some(({ reason }) => reason === 'other')).toBe(false);
  });

  test('asks again without a reason, and knows no article that is not there', async () => {
    const { status, text } = await post('/feedback', { ...FORM, reason: 'nonsense' }, ours);
    expect([status, textOf(text).includes('Choose a reason.')]).toEqual([400, true]);
    expect((await get('/feedback?article=topic-nothing')).status).toBe(404);
  });

  test("keeps a drug's name only where it leads to the article: what else stands in its place may be anything", async () => {
    const send = (article: string, code: string) =>
      post('/feedback', { article, system: 'drug-name', code, reason: 'wrong-topic' }, ours);
    expect((await send('drug-a696005', 'Metformin')).status).toBe(200);
    expect((await send('drug-a681004', '=cmd|\u001b[31mJane Secretname')).status).toBe(200);
    expect((await send('topic-acne', 'Metformin')).status).toBe(200);
    const said = (await queue.list()).filter(({ reason }) => reason === 'wrong-topic');
    expect(said.map(({ article, coding }) => [article, coding?.code])).toEqual([
      ['drug-a681004', undefined],
      ['drug-a696005', 'metformin'],
      ['topic-acne', undefined],
    ]);
    const { text } = await get('/feedback?article=drug-a681004&system=drug-name&code=Jane%20Secretname');
    expect(text).not.toMatch(/secretname/i);
  });

  test('takes so many a minute', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 21; at += 1) statuses.push((await post('/feedback', FORM, ours)).status);
    expect(statuses).toContain(200);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe("an article's own page", () => {
  test('has its QR code and "Wrong page?"; a sensitive one has no QR code and is not ticked', async () => {
    const acne = await get('/article/topic-acne');
    expect(acne.text).toContain('<svg class="qr"');
    expect(linksOf(acne.text).map(({ href }) => href)).toContain('/feedback?article=topic-acne');
    const hiv = await get('/article/topic-hiv');
    expect([hiv.text.includes('<svg class="qr"'), boxesOf(hiv)]).toEqual([false, { 'topic-hiv': false }]);
    expect(linksOf(hiv.text).map(({ href }) => href)).toContain('/feedback?article=topic-hiv');
  });
});

describe('a form that shows what is typed into it', () => {
  const SENT = { article: 'topic-acne', note: 'Stop your medicine', list: 'L70.0', lang: 'es' };
  const evil = { Origin: 'https://evil.example' };

  test.each(['/handout', '/packet'])(
    '%s is refused where another site posts it, in the language it asks for',
    async (path) => {
      for (const headers of [
        { ...evil, 'Sec-Fetch-Site': 'cross-site' },
        { ...evil, 'Sec-Fetch-Site': 'same-site' },
        { ...evil, 'Sec-Fetch-Site': 'none' },
        evil,
        { Origin: 'null' },
      ]) {
        const { status, text } = await post(path, SENT, headers);
        expect([status, textOf(text).includes('desde nuestra propia página'), text.includes('Stop')]).toEqual([
          403,
          true,
          false,
        ]);
      }
    },
  );

  test('a search box in a frame without an origin searches, and shows no list', async () => {
    const search = async (q: string) => post('/packet', { q }, { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' });
    const [one, list] = [await search('asthma'), await search('asthma\nStop your medicine')];
    expect([one.status, one.headers.location]).toEqual([303, expect.stringMatching(/\/find\?q=asthma$/)]);
    expect([list.status, textOf(list.text).includes('Stop')]).toEqual([403, false]);
  });

  test.each(['/handout', '/packet'])(
    '%s is taken from our own page, and from clients that are no browser',
    async (path) => {
      const { host } = new URL(connector.url);
      const other = { Host: 'connect.example', Origin: 'https://connect.example' };
      for (const headers of [
        {},
        { 'Sec-Fetch-Site': 'none' },
        // Our page in an EHR's frame.
        { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Dest': 'iframe', Origin: connector.url },
        { Origin: `http://${host}` },
        other,
      ]) {
        expect((await post(path, SENT, headers as Record<string, string>)).status).toBe(200);
      }
    },
  );

  test('no other form is posted, and each page lets the browser say where its form comes from', async () => {
    const paths = ['/', '/packet', '/handout?article=topic-acne', '/find?q=L70.0', '/feedback?article=topic-acne'];
    const pages = await Promise.all(paths.map(get));
    const posted = pages.flatMap(({ text }) =>
      elementsOf(text, 'form')
        .map(attributesOf)
        .flatMap(({ method, action = '' }) => (method === 'post' ? [action] : [])),
    );
    expect(new Set(posted)).toEqual(new Set(['/packet', '/handout', '/feedback']));
    expect(pages.map(({ headers }) => headers['referrer-policy'])).toEqual(paths.map(() => 'same-origin'));
  });
});
