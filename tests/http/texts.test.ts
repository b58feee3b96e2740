import { readFileSync } from 'node:fs';
import type { DocumentReference } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startConnector, type TestConnector } from '../support/connector.js';
import { describeWithData } from '../support/shared-data.js';
import { ask } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const get = async (path: string): Promise<string> => (await ask(connector.url, path)).text;

interface Feed {
  readonly feed: { readonly entry: readonly Record<string, object>[] };
}
const CHRONIC_FATIGUE = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=G93.32';
const JSON_TYPE = 'knowledgeResponseType=application/json';

const readSummary = (feed: Feed): string => (feed.feed.entry[0]?.['summary'] as { _value: string })._value;

const OPENING = '<h3>What is myalgic encephalomyelitis/chronic fatigue syndrome (ME/CFS)?</h3>\n<p>Myalgic';
const CLOSING =
  /<p class="NLMattribution">Centers for Disease Control and Prevention\. Source: MedlinePlus, National Library of Medicine<\/p>$/;

test('the feed of MedlinePlus Connect has the text, with who wrote it in the class that its clients know', async () => {
  const summary = readSummary(JSON.parse(await get(`/service?${CHRONIC_FATIGUE}&${JSON_TYPE}`)) as Feed);
  expect(summary.startsWith(OPENING)).toBe(true);
  expect(summary).toMatch(CLOSING);
  // The line is there once.
  expect(summary.match(/Centers for Disease Control and Prevention/g)).toHaveLength(1);
  const script = await get(`/service?${CHRONIC_FATIGUE}&knowledgeResponseType=application/javascript&callback=show`);
  const [, json = ''] = /^(?:\/\*\*\/\s*)?show\((.*)\);?\s*$/s.exec(script) ?? [];
  expect(readSummary(JSON.parse(json) as Feed)).toBe(summary);
  const xml = await get(`/service?${CHRONIC_FATIGUE}`);
  expect(xml).toContain(`<summary type="html">${OPENING.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}`);
});

test('the HL7 feed has the same text', async () => {
  const feed = JSON.parse(await get(`/infobutton?${CHRONIC_FATIGUE}&${JSON_TYPE}`)) as Feed | { feed: Feed['feed'] }[];
  expect(JSON.stringify(feed)).toContain(JSON.stringify(OPENING).slice(1, -1));
});

test('in Spanish the text is Spanish', async () => {
  const query = `${CHRONIC_FATIGUE.replace('G93.32', 'L70.0')}&informationRecipient.languageCode.c=es&${JSON_TYPE}`;
  const summary = readSummary(JSON.parse(await get(`/service?${query}`)) as Feed);
  expect(summary).toContain('<p>El acné es una enfermedad común de la piel');
  expect(summary).toMatch(/<p class="NLMattribution">NIH: Instituto Nacional de Artritis[^<]*<\/p>$/);
});

test('a DocumentReference has it as data of its attachment, and in its narrative with its day', async () => {
  const document = JSON.parse(await get('/fhir/DocumentReference/topic-acne-es')) as DocumentReference;
  const { data = '', url, contentType } = document.content[0]?.attachment ?? {};
  const html = Buffer.from(data, 'base64').toString('utf8');
  expect({ url, contentType }).toEqual({
    url: 'https://medlineplus.gov/spanish/acne.html',
    contentType: 'text/html; charset=utf-8',
  });
  expect(html).toMatch(/^<p>El acné es una enfermedad común de la piel/);
  expect(document.text?.div).toContain(html);
  expect(document.text?.div).toContain('Biblioteca Nacional de Medicina (2026-04-24)</p>');
  const reading = document.extension?.find(({ url: of }) => of.endsWith('/reading-level'));
  expect(reading?.extension?.[0]).toEqual({ url: 'formula', valueCode: 'fernandez-huerta' });
  const licensed = JSON.parse(await get('/fhir/DocumentReference/ency-001282-en')) as DocumentReference;
  expect(licensed.content[0]?.attachment.data).toBeUndefined();
});

test('the article page shows the text with its day, and staff are told of an old one', async () => {
  const page = await get('/article/topic-acne');
  expect(page).toContain('<p class="quiet">Text of April 24, 2026</p>');
  expect(page).toContain('<div class="summary" lang="en"><p>Acne is a common skin disease');
  expect(page).not.toContain('more than 12 months old');
  const old = /<article id="(topic-[^"]+)" data-date="2024-07-26">/;
  const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter) =>
    readFileSync(`resources/texts/es/${letter}.html`, 'utf8'),
  );
  const [, id = ''] = letters.map((text) => old.exec(text)).find((found) => found !== null) ?? [];
  expect(await get(`/article/${id}?lang=es`)).toContain('<p class="mark">Texto del 26 de julio de 2024, de hace más');
});

test('results show the beginning of the text', async () => {
  const page = await get('/find?q=acne');
  expect(page).toContain('<p class="row-text" lang="en">Acne is a common skin disease');
});

test('the metrics tell how old the texts are', async () => {
  const metrics = await get('/metrics');
  expect(metrics).toContain(`library_texts_timestamp_seconds{which="oldest"} ${Date.parse('2024-07-26') / 1000}`);
  expect(metrics).toMatch(/library_held\{thing="texts"\} 2028/);
});

describeWithData('../samples/medlineplus-connect', "beside MedlinePlus Connect's recorded answers", () => {
  const record = (name: string) =>
    JSON.parse(readFileSync(`../shared/samples/medlineplus-connect/${name}`, 'utf8')) as {
      request: string;
      response: Feed;
    };
  const NOT_OURS = /<p class="NLM(?:alsoCalled|attribution)">.*?<\/p>/gs;
  const squeeze = (html: string): string =>
    html.replace(NOT_OURS, '').replace(/\s+/g, ' ').replace(/> </g, '><').trim();

  test.each(['2026-icd10cm-G93.32.json', '2026-snomedct-52702003.json'])(
    'the entry of %s has the same members, and a text that begins with the same elements',
    async (name) => {
      const { request, response } = record(name);
      const own = JSON.parse(await get(`/service${new URL(request).search}`)) as Feed;
      const [theirs = {}] = response.feed.entry;
      const [ours = {}] = own.feed.entry;
      expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
      for (const member of ['title', 'link', 'summary', 'id', 'updated'])
        expect(Object.keys(ours[member] ?? {}).sort()).toEqual(Object.keys(theirs[member] ?? {}).sort());
      // The record was cut where the first list begins.
      expect(squeeze(readSummary(own))).toContain(squeeze(readSummary(response)));
    },
  );

  test('the classes of an older answer are ours', async () => {
    const { request, response } = record('2016-icd10cm-L70.json');
    const own = readSummary(JSON.parse(await get(`/service${new URL(request).search}`)) as Feed);
    const listClasses = (html: string): string[] => [...html.matchAll(/<(\w+) class="(\w+)"/g)].map(([all]) => all);
    // Since 2018 MedlinePlus Connect lists no related links either.
    expect(listClasses(own)).toEqual(listClasses(readSummary(response)).filter((one) => !one.includes('relatedLinks')));
  });
});
