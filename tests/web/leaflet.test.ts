import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PATIENT, section } from '../import/spl/build-label.js';
import type { Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { importLabels, leafletId, setIdOf } from '../support/import-labels.js';
import { describeWithPoppler, infoOf, pagesText, structureOf } from '../support/poppler.js';
import { attributesOf, elementsOf, textOf } from './read-html.js';

const folder = temporaryFolder();
let connector: TestConnector;

/** A leaflet whose parts are named as those of Medication Guides are, with words of no meaning below them. */
const bold = (text: string): string => `<paragraph><content styleCode="bold">${text}</content></paragraph>`;
const TEXT = [
  bold('What is Loremol?'),
  '<paragraph>Lorem ipsum dolor.</paragraph>',
  bold('Who should not take Loremol?'),
  '<list listType="unordered"><item>Kidney consectetur.</item><item>Adipiscing elit.</item></list>',
  bold('How should I take Loremol?'),
  `<paragraph>${'Sed do eiusmod. '.repeat(250)}</paragraph>`,
  bold('Pregnancy'),
  '<paragraph>Tempor incididunt.</paragraph>',
].join('');
const LABEL = section(PATIENT, 'Titulus', TEXT);
const WORDS = textOf(TEXT).replace(/\s+/g, ' ').trim();

const WARFARIN = '855332';
const METOPROLOL = '866514';
const LOSARTAN = '979492';

beforeAll(async () => {
  connector = await startConnector();
  await importLabels(connector, folder.path, [
    {
      setId: setIdOf(1),
      name: 'Warfarin Sodium',
      ndcs: ['0093-1721-01'],
      ingredients: [['WARFARIN SODIUM', 'WARFARIN']],
      sections: LABEL,
    },
    {
      setId: setIdOf(2),
      name: 'Metoprolol Tartrate',
      ndcs: ['0378-0032-01'],
      ingredients: [['METOPROLOL TARTRATE', 'METOPROLOL']],
      sections: LABEL,
    },
  ]);
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

const get = (path: string): Promise<Reply> => ask(connector.url, path);
const post = (path: string, pairs: [string, string][]): Promise<Reply> =>
  ask(connector.url, path, {
    method: 'POST',
    body: new URLSearchParams(pairs).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });

/** The contents of a leaflet as a page shows them, and its text without marks. */
function readLeaflet(html: string): { entries: string[]; text: string; folded: string } {
  const contents = /<nav class="leaflet-contents"[^>]*>(.*?)<\/nav>/s.exec(html)?.[1] ?? '';
  const summary = /<div class="summary"[^>]*>(.*?)<\/div>/s.exec(html)?.[1] ?? '';
  const flat = (one: string): string => textOf(one).replace(/\s+/g, ' ').trim();
  return {
    entries: contents.split('<li>').slice(1).map(flat),
    text: flat(summary.replace(/<mark[^>]*>[^<]*<\/mark>/g, '')).replace(/^Titulus /, ''),
    folded: [...html.matchAll(/<details.*?<\/details>/gs)].map(([all]) => all).join(''),
  };
}

const FIRST = ['Pregnancy pregnancy', 'Who should not take Loremol? kidneys'];
const REST = ['What is Loremol?', 'How should I take Loremol?'];

describe('a leaflet', () => {
  test.each([
    ['on its page', () => get(`/article/${leafletId(1)}?concern=kidney&concern=pregnancy&concern=x`)],
    [
      'on a handout',
      () =>
        post('/handout', [
          ['article', leafletId(1)],
          ['concern', 'kidney'],
          ['concern', 'pregnancy'],
        ]),
    ],
    [
      'in a file',
      () =>
        post('/handout.html', [
          ['article', leafletId(1)],
          ['concern', 'kidney'],
          ['concern', 'pregnancy'],
        ]),
    ],
  ])(
    '%s is whole, with the parts about the patient first in its contents, and nothing of it is folded',
    async (_place, open) => {
      const { text: html } = await open();
      const { entries, text, folded } = readLeaflet(html);
      expect(entries).toEqual([...FIRST, ...REST]);
      expect(text).toBe(WORDS);
      expect(folded).not.toContain('consectetur');
      expect(html).toMatch(/<mark id="[^"]+" lang="en">kidneys<\/mark> Who should not take Loremol\?/);
      expect(html).toContain('Parts about pregnancy and kidneys come first in this list and are marked.');
    },
  );

  test('has contents in its order where nothing is known of the patient, and an address of a handout names no situation', async () => {
    const plain = ['What is Loremol?', 'Who should not take Loremol?', 'How should I take Loremol?', 'Pregnancy'];
    expect(readLeaflet((await get(`/article/${leafletId(1)}`)).text).entries).toEqual(plain);
    const byAddress = await get(`/handout?article=${leafletId(1)}&concern=kidney`);
    expect(byAddress.text).not.toContain('<mark');
    expect(plain.every((heading) => byAddress.text.includes(heading))).toBe(true);
  });

  test('is marked by the age of its reader', async () => {
    const age = 'age.v.v=8&age.v.u=a&performer=PAT';
    const code = `mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&mainSearchCriteria.v.c=${WARFARIN}`;
    const page = await get(`/application?${code}&${age}`);
    expect(readLeaflet(page.text).text).toContain('Lorem ipsum dolor.');
  });

  test('can be marked for one more situation by a link', async () => {
    const { text } = await get(`/article/${leafletId(1)}?concern=kidney`);
    const links = elementsOf(text, 'a').map(attributesOf);
    expect(links).toContainEqual(
      expect.objectContaining({ href: `/article/${leafletId(1)}?concern=pregnancy&concern=kidney` }),
    );
    expect(links).toContainEqual(expect.objectContaining({ href: `/article/${leafletId(1)}`, 'aria-current': 'true' }));
  });
});

const drug = (code: string) => ({
  resource: {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p' },
    authoredOn: '2026-11-23',
    medicationCodeableConcept: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code }] },
  },
});
const problem = (code: string) => ({
  resource: {
    resourceType: 'Condition',
    subject: { reference: 'Patient/p' },
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] },
    recordedDate: '2026-11-23',
  },
});
const patient = { resource: { resourceType: 'Patient', id: 'p', birthDate: '1950-01-01' } };
const chart = (...facts: readonly object[]): string =>
  JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: [patient, ...facts] });

describe('a packet', () => {
  test("ticks the leaflets of high-risk drugs alone, behind their pages, and hands the patient's situations on", async () => {
    const { text } = await post('/packet', [['list', chart(problem('N18.4'), drug(WARFARIN), drug(METOPROLOL))]]);
    const boxes = elementsOf(text, 'input')
      .map(attributesOf)
      .filter(({ name }) => name === 'article');
    const ids = boxes.map(({ value = '' }) => value);
    const isTicked = (id: string): boolean => boxes.find(({ value }) => value === id)?.checked !== undefined;
    expect(isTicked(leafletId(1))).toBe(true);
    expect(isTicked(leafletId(2))).toBe(false);
    expect(ids.indexOf(leafletId(1))).toBe(ids.indexOf('drug-a682277') + 1);
    expect(textOf(text)).toMatch(/about \d+ sheets/);
    expect(textOf(text)).toMatch(/the parts about these come first: age 65 and over \(by age\), kidneys \(/);
    const form = elementsOf(text, 'form')
      .map(attributesOf)
      .find(({ id }) => id === 'choice');
    expect(form?.method).toBe('post');
    const sent = elementsOf(text, 'input')
      .map(attributesOf)
      .filter(({ name }) => name === 'concern');
    expect(sent.map(({ value }) => value)).toEqual(['older-adult', 'kidney']);
  });

  test('without a leaflet is an address as before', async () => {
    const { text } = await post('/packet', [['list', chart(problem('N18.4'))]]);
    const form = elementsOf(text, 'form')
      .map(attributesOf)
      .find(({ id }) => id === 'choice');
    expect(form?.method).toBe('get');
    expect(text).not.toContain('name="concern"');
  });
});

describe('the form of a handout', () => {
  test('shows the situations to change, and carries them where there is no leaflet', async () => {
    const boxes = async (article: string) => {
      const { text } = await post('/handout', [
        ['article', article],
        ['concern', 'kidney'],
      ]);
      return elementsOf(text, 'input')
        .map(attributesOf)
        .filter(({ name }) => name === 'concern');
    };
    const ticked = (await boxes(leafletId(1))).filter(({ checked }) => checked !== undefined);
    expect(ticked.map(({ value }) => value)).toEqual(['kidney']);
    expect(await boxes(leafletId(1))).toHaveLength(6);
    expect((await boxes('topic-acne')).map(({ type, value }) => [type, value])).toEqual([['hidden', 'kidney']]);
  });
});

describeWithPoppler('a leaflet as a PDF', () => {
  test('has its contents with the numbers of pages, tagged, and all of its words in order', async () => {
    const { body: bytes } = await post('/handout.pdf', [
      ['article', leafletId(1)],
      ['concern', 'pregnancy'],
    ]);
    const [first = ''] = pagesText(bytes);
    expect(first).toMatch(/Pregnancy \(pregnancy\)[\s\S]*What is Loremol\?/);
    const pages = pagesText(bytes);
    const last = pages.findIndex((page) => page.includes('Tempor incididunt')) + 1;
    expect(last).toBeGreaterThan(1);
    expect(structureOf(bytes)).toMatch(new RegExp(`TOCI\\b[\\s\\S]*"Pregnancy \\(pregnancy\\)\\s*"[\\s\\S]*"${last}"`));
    expect(infoOf(bytes)).toMatch(/Tagged:\s+yes/);
    const written = [...structureOf(bytes).matchAll(/"([^"]*)"/g)].map(([, text = '']) => text).join(' ');
    const words = written.replace(/•|pregnancy(?= +Pregnancy +Tempor)/g, '').replace(/\s+/g, ' ');
    expect(words.includes(WORDS)).toBe(true);
  });
});

describe('why a drug has no leaflet', () => {
  const code = (rxcui: string): string =>
    `mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&mainSearchCriteria.v.c=${rxcui}`;

  test('is in the explanation of a feed, on the pages of a code and of a chart, and in an outcome of FHIR', async () => {
    const { text } = await get(`/service?${code(LOSARTAN)}&knowledgeResponseType=application/json&explain=true`);
    expect(text).toContain('no drug leaflet: not-imported');
    const page = await get(`/code/rxnorm/${LOSARTAN}`);
    expect(textOf(page.text)).toContain('No drug leaflet: no leaflet of this drug was imported.');
    const packet = await post('/packet', [['list', chart(drug(LOSARTAN), drug(WARFARIN))]]);
    expect(textOf(packet.text).match(/\S+[^:]{0,40}: No drug leaflet: [^.]*/g)).toEqual([
      expect.stringMatching(/979492\s*: No drug leaflet: no leaflet of this drug was imported/),
    ]);
    const { text: json } = await ask(connector.url, '/fhir/$knowledge-request', {
      method: 'POST',
      body: chart(drug(LOSARTAN), drug(WARFARIN)),
      headers: { 'Content-Type': 'application/fhir+json' },
    });
    const remark = 'No drug leaflet: no leaflet of this drug was imported (resource[0].entry[1] MedicationRequest';
    expect(json).toContain(remark);
    expect(json).not.toMatch(/No drug leaflet[^"]*entry\[2\]/);
  });

  test('is not said where it has one', async () => {
    const { text } = await get(`/service?${code(WARFARIN)}&knowledgeResponseType=application/json&explain=true`);
    expect(text).not.toContain('no drug leaflet');
  });
});

describe('a leaflet as a DocumentReference', () => {
  const find = async (query: string): Promise<string[]> => {
    const { text } = await get(`/fhir/DocumentReference?${query}`);
    const { entry = [] } = JSON.parse(text) as { entry?: { resource: { id: string } }[] };
    return entry.map(({ resource }) => resource.id);
  };
  const first = `${leafletId(1)}-en`;

  test.each([
    ['its package', 'event=http://hl7.org/fhir/sid/ndc|0093-1721-01'],
    ['its drug', `event=http://www.nlm.nih.gov/research/umls/rxnorm|${WARFARIN}`],
    ['its set id', `identifier=urn:ietf:rfc:3986|urn:uuid:${setIdOf(1)}`],
    ['its article', `identifier=${leafletId(1)}`],
    ['its id', `_id=${first}`],
    ['a word of its title', 'description:contains=warfarin'],
    ['its whole title', `description=${encodeURIComponent('Medication Guide of Warfarin Sodium (tablet)')}`],
  ])('is found by %s', async (_name, query) => {
    expect(await find(query)).toContain(first);
  });

  test('names the packages and drugs that have it, and is not found by those of others', async () => {
    const { text } = await get(`/fhir/DocumentReference/${first}`);
    expect(text).toContain('"00093172101"');
    expect(text).toContain(`"${WARFARIN}"`);
    expect(await find(`event=http://www.nlm.nih.gov/research/umls/rxnorm|${METOPROLOL}`)).not.toContain(first);
    expect(await find('description:contains=medication')).not.toContain(first);
  });
});
