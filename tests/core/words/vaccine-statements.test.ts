import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseYaml } from '../../../src/core/read-data-file.js';
import { createTitleReader } from '../../../src/core/titles/reading/read-title.js';
import { readVaccineLine } from '../../../src/core/words/drugs/vaccine-line.js';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { normalizeCode } from '../../../src/core/codes/normalize-code.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { DATA, describeWithData } from '../../support/shared-data.js';

/** Of CDC's 223 trade names at least so many find a statement. */
const LEAST_ANSWERED = 170;

const vocabulary = readVocabulary('resources');
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const listIds = async (query: string, language: 'en' | 'es' = 'en'): Promise<string[]> => {
  const request = { query, language, kind: 'article', count: 4 } as const;
  const { hits } = await understandWords(request, connector.library, vocabulary);
  return hits.flatMap((hit) => (hit.kind === 'article' ? [hit.article.id] : []));
};

test.each([
  ['MMR vaccine', 'vis-mmr'],
  ['hepatitis B vaccine', 'vis-hepatitis-b'],
  ['hep B shot', 'vis-hepatitis-b'],
  ['DTaP vaccine', 'vis-dtap'],
  ['Tdap vaccine', 'vis-tdap'],
  ['flu shot', 'vis-influenza-inactivated'],
  ['FluMist', 'vis-influenza-live-intranasal'],
  ['shingles vaccine', 'vis-shingles'],
  ['Shingrix', 'vis-shingles'],
  ['Gardasil 9', 'vis-hpv'],
  ['covid booster', 'vis-covid-19'],
  ['RSV vaccine', 'vis-rsv'],
  ['Beyfortus', 'vis-immunization-information-statement'],
  ['is the hpv vaccine safe', 'vis-hpv'],
  ['nasal flu vaccine', 'vis-influenza-live-intranasal'],
  ['Influenza, high-dose, quadrivalent', 'vis-influenza-inactivated'],
  ['Fluarix trivalent, preservative free', 'vis-influenza-inactivated'],
  ['FluMist trivalent', 'vis-influenza-live-intranasal'],
  ['Td (adult), preservative free', 'vis-td'],
])("%s finds CDC's statement first", async (query, first) => {
  expect((await listIds(query))[0]).toBe(first);
});

test.each([
  ['Tdap #2 given', 'vis-tdap'],
  ['MMR 1 of 2', 'vis-mmr'],
  ['rota #2', 'vis-rotavirus'],
  ['polio #3 pfizer', 'vis-polio'],
  ['Pfizer COVID booster', 'vis-covid-19'],
  ['Moderna booster', 'vis-covid-19'],
  ['moderna shot #3', 'vis-covid-19'],
  ['Pfizer Prevnar', 'vis-pneumococcal-conjugate'],
  ['Td given ER', 'vis-td'],
  ['Kinrix given at 4 yr check', 'vis-dtap'],
  ['rsv vaccine pregnant', 'vis-rsv'],
  ['Boostrix given R deltoid lot 4F2A', 'vis-tdap'],
  ['DTaP #5 refused', 'vis-dtap'],
  ['flu mist refused', 'vis-influenza-live-intranasal'],
  ['Flublok 2026-2027', 'vis-influenza-inactivated'],
  ['Influenza, live, trivalent, intranasal, self/caregiver admin, PF', 'vis-influenza-live-intranasal'],
  ['tetanus toxoid, reduced diphtheria toxoid, and acellular pertussis vaccine, adsorbed', 'vis-tdap'],
  ['pneumococcal conjugate vaccine, 20-valent (diphtheria CRM197 conjugate)', 'vis-pneumococcal-conjugate'],
  ['Abrysvo 0.5 mL IM', 'vis-rsv'],
  ['Beyfortus 100 mg IM given', 'vis-immunization-information-statement'],
  ['clesrovimab', 'vis-immunization-information-statement'],
])('the statement of a recorded vaccine comes first, typed and as a title: %s', async (line, first) => {
  expect((await listIds(line))[0]).toBe(first);
  const title = await createTitleReader(vocabulary)(line, connector.library);
  expect([title.articles[0]?.id, title.certainty]).toEqual([first, 'name']);
});

test.each([
  'reaction to flu shot',
  '#1 Hepatitis B',
  'hepatitis B vaccine titer',
  'hepatitis B immune globulin',
  'flu shot not given',
  'influenza A H1N1 vaccine',
  'zoster vaccine live',
  'IPV',
])('a line that is no record of a shot is read as before: %s', (line) => {
  expect(readVaccineLine(line)).toBeUndefined();
});

describeWithData('vis', "CDC's trade names", () => {
  test('lead to a statement of their vaccine, or to none', async () => {
    const xml = gunzipSync(readFileSync(`${DATA}/vis/tradename.xml.gz`)).toString('latin1');
    const products = [...xml.matchAll(/<prodInfo>([^]*?)<\/prodInfo>/g)].map(([, product = '']) =>
      [...product.matchAll(/<Value>([^<]*)/g)].map(([, value = '']) => value.trim()),
    );
    expect(products.length).toBeGreaterThan(200);
    const wrong: string[] = [];
    let answered = 0;
    for (const [name = '', , sent = ''] of products) {
      const code = normalizeCode('cvx', sent) ?? '';
      const own = connector.library.findMappings([{ system: 'cvx', code }]).map(({ article }) => article);
      const found = (await listIds(name)).filter((id) => id.startsWith('vis-')).slice(0, 1);
      answered += found.length;
      // Vaccines of old, and of other countries, have no statement by code: their disease's may lead.
      const isJudged = own.some((id) => id?.startsWith('vis-'));
      if (isJudged && found.some((id) => !own.includes(id))) wrong.push(`${name}: ${found.join()}`);
    }
    expect(wrong).toEqual([]);
    expect(answered).toBeGreaterThan(LEAST_ANSWERED);
  });
});

test('a combination finds the statement on each of its vaccines', async () => {
  expect(await listIds('Pediarix')).toEqual(expect.arrayContaining(['vis-dtap', 'vis-polio', 'vis-hepatitis-b']));
});

test('a disease and vaccines in general have no statement first', async () => {
  expect((await listIds('shingles'))[0]).not.toMatch(/^vis-/);
  expect((await listIds('vaccines'))[0]).toBe('topic-vaccines');
});

test('a reader of Spanish finds a page in Spanish first', async () => {
  expect((await listIds('vacuna contra la gripe', 'es'))[0]).toBe('topic-flushot');
});

test('every page that a statement leads is there', () => {
  const table = parseYaml(readFileSync('resources/search/vaccine-statements.yaml', 'utf8')) as Record<string, string>;
  const ids = Object.entries(table).flatMap(([statement, pages]) => [statement, ...pages.split(' ')]);
  const found = new Set(connector.library.findArticles(ids).map(({ id }) => id));
  expect(ids.filter((id) => !found.has(id))).toEqual([]);
});
