import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Synonym } from '../../../src/core/search/search-index.js';
import { phraseOf } from '../../../src/core/search/text-query.js';
import { searchLibrary } from '../../../src/core/search/text-search.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

/** A meaning that is no thing's name is at least told by one. */
const LEAST_MEANT = 0.5;

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

/** Typed lines and the first hit that they mean, in the library as it is shipped. */
const MEANT: readonly [typed: string, first: string, matched: string][] = [
  ['sugar diabetes', 'topic-diabetes', 'synonym'],
  ['diabetis', 'topic-diabetes', 'spelling'],
  ['azucar', 'topic-diabetes', 'synonym'],
  ['E11', 'topic-diabetestype2', 'code'],
  ['250.00', 'topic-diabetestype2', 'code'],
  ['high blood', 'topic-highbloodpressure', 'synonym'],
  ['presion alta', 'topic-highbloodpressure', 'synonym'],
  ['hipertension', 'topic-highbloodpressure', 'synonym'],
  ['htn', 'topic-highbloodpressure', 'synonym'],
  ['heart attack', 'topic-heartattack', 'title'],
  ['infarto', 'topic-heartattack', 'synonym'],
  ['hart atack', 'topic-heartattack', 'spelling'],
  ['stroke', 'topic-stroke', 'title'],
  ['stroke discharge', 'encypi-000132', 'title'],
  ['derrame cerebral', 'topic-stroke', 'synonym'],
  ['n5314', 'ency-001282', 'code'],
  ['metformina', 'drug-a696005', 'title'],
  ['tilenol', 'drug-a681004', 'spelling'],
  ['advil', 'drug-a682159', 'synonym'],
  ['water pill', 'topic-bloodpressuremedicines', 'synonym'],
  ['xray', 'topic-xrays', 'title'],
  ['kidney stone', 'topic-kidneystones', 'title'],
  ['piedras en el riñon', 'topic-kidneystones', 'title'],
  ['influenza', 'topic-flu', 'synonym'],
  ['flu', 'topic-flu', 'title'],
  ['gripe', 'topic-flu', 'title'],
  ['asma', 'topic-asthma', 'title'],
  ['copd', 'topic-copd', 'title'],
  ['uti', 'topic-urinarytractinfections', 'synonym'],
  ['gerd', 'topic-gerd', 'title'],
  ['dvt', 'topic-deepveinthrombosis', 'synonym'],
  ['alzheimers', 'topic-alzheimersdisease', 'title'],
  ['back pain', 'topic-backpain', 'title'],
  ['piles', 'topic-hemorrhoids', 'synonym'],
  ['embarazo', 'topic-pregnancy', 'title'],
];

/** More misspellings, English and Spanish: what the title of the first hit has in it. */
const MISSPELT: readonly [typed: string, title: string][] = [
  ['athsma', 'Asthma'],
  ['metforman', 'Metformin'],
  ['levotiroxina', 'Levothyroxine'],
  ['pnuemonia', 'Pneumonia'],
  ['nemonia', 'Pneumonia'],
  ['apendisitis', 'Appendicitis'],
  ['colesterol', 'Cholesterol'],
  ['kolestrol', 'Cholesterol'],
  ['exzema', 'Eczema'],
  ['siezure', 'Seizure'],
  ['diareha', 'Diarrhea'],
  ['bronkitis', 'Bronchitis'],
  ['psorisis', 'Psoriasis'],
  ['gowt', 'Gout'],
  ['vomitting', 'Vomiting'],
  ['lukemia', 'Leukemia'],
  ['kemotherapy', 'Chemotherapy'],
  ['ecema', 'Eczema'],
  ['hemroids', 'Hemorrhoids'],
  ['embaraso', 'Pregnancy'],
  // Short words of which the library has a name or two: a rule against guesses at rare terms would lose them.
  ['xanex', 'Alprazolam'],
  ['zocar', 'Simvastatin'],
  ['lasex', 'Furosemide'],
  ['radan', 'Radon'],
  ['toomor', 'Tumor'],
  ['siliac', 'Celiac'],
];

test.each(MISSPELT)('the misspelt %s means %s', async (typed, title) => {
  const response = await fetch(`${connector.url}/search?q=${encodeURIComponent(typed)}&count=1`);
  const { hits } = (await response.json()) as { hits: { title: string }[] };
  expect(hits[0]?.title).toContain(title);
});

const NO_HEALTH_WORDS = [
  ...['foobar', 'gibberish', 'lorem', 'qwerty', 'banana', 'monday', 'dragon', 'pizza', 'guitar', 'giraffe'],
  ...['factura', 'taxes', 'hockey', 'tiger', 'internet', 'court', 'teacher', 'camera', 'carrot', 'wedding'],
  ...['amigo', 'barco', 'carro', 'cebolla', 'contrato', 'elefante', 'herencia', 'licencia', 'tornillo', 'camisa'],
];

test.each(NO_HEALTH_WORDS)('nothing is guessed at for %s, which is no misspelling of anything', async (typed) => {
  const response = await fetch(`${connector.url}/search?q=${encodeURIComponent(typed)}&count=1`);
  expect(((await response.json()) as { hits: unknown[] }).hits).toEqual([]);
});

test.each(MEANT)('%s → %s by its %s', async (typed, first, matched) => {
  const response = await fetch(`${connector.url}/search?q=${encodeURIComponent(typed)}&count=3`);
  const { hits } = (await response.json()) as { hits: { id?: string; matched: string }[] };
  expect([hits[0]?.id, hits[0]?.matched]).toEqual([first, matched]);
});

test('every synonym means something that is there, and none is said twice', async () => {
  const rows = parse(readFileSync('resources/search/synonyms.csv'), { columns: true }) as unknown as Synonym[];
  expect(rows.length).toBeGreaterThan(150);
  const said = rows.map(({ term, means }) => `${phraseOf(term)} → ${phraseOf(means)}`);
  expect(said.filter((line, index) => said.indexOf(line) !== index)).toEqual([]);
  const empty: string[] = [];
  for (const { term, means, language } of rows) {
    const [first] = await searchLibrary({ query: means, language, kind: undefined, count: 1 }, connector.library);
    if (!first || first.score < LEAST_MEANT) empty.push(`${term} → ${means}`);
  }
  expect(empty).toEqual([]);
});

test('a code leads to its articles, then to itself, then to the codes below it', async () => {
  const response = await fetch(`${connector.url}/search?q=E11&count=50`);
  const { hits } = (await response.json()) as { hits: { kind: string; code?: string; matched: string }[] };
  const kinds = hits.filter(({ matched }) => matched === 'code').map(({ kind }) => kind);
  expect(kinds).toEqual([...kinds].sort());
  const codes = hits.flatMap(({ code, matched }) => (matched === 'code' && code !== undefined ? [code] : []));
  expect(codes.slice(0, 3)).toEqual(['E11', 'E11.0', 'E11.1']);
});
