import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toAmericanSpelling } from '../../../src/core/search/american-spelling.js';
import { plainName } from '../../../src/core/titles/canonical-terms.js';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const vocabulary = readVocabulary('resources');

/** Findings of a line: its articles, and codes by their names. */
async function find(query: string): Promise<string[]> {
  const { hits } = await understandWords(
    { query, language: 'en', kind: undefined, count: 5 },
    connector.library,
    vocabulary,
  );
  return hits.map((hit) => (hit.kind === 'article' ? hit.article.id : `${hit.concept.system} ${hit.concept.code}`));
}

test.each([
  ['oestrogen', 'estrogen'],
  ['Oestradiol', 'estradiol'],
  ['diarrhoea in children', 'diarrhea in children'],
  ['childhood leukaemia', 'childhood leukemia'],
  ['LEUKAEMIA', 'LEUKEMIA'],
  ['faecal incontinence', 'fecal incontinence'],
  ['general anaesthesia', 'general anesthesia'],
  ['haemophilia', 'hemophilia'],
  ['haemorrhagic stroke', 'hemorrhagic stroke'],
  ['hypercalcaemia', 'hypercalcemia'],
  ['foetal alcohol syndrome', 'fetal alcohol syndrome'],
  ['lymphoedema', 'lymphedema'],
  ['oesophageal cancer', 'esophageal cancer'],
  ['sleep apnoea', 'sleep apnea'],
  ['coeliac disease', 'celiac disease'],
  ['amoebic dysentery', 'amebic dysentery'],
  ['dysplastic naevus', 'dysplastic nevus'],
  ['colour vision test', 'color vision test'],
  ['body odour', 'body odor'],
  ['dietary fibre', 'dietary fiber'],
  ['cardiac catheterisation', 'cardiac catheterization'],
  ['childhood immunisation', 'childhood immunization'],
  ['genetic counselling', 'genetic counseling'],
  ["traveller's diarrhoea", "traveler's diarrhea"],
  ['leucocytes in urine', 'leukocytes in urine'],
])('%s finds all that %s does', async (british, american) => {
  const found = await find(american);
  expect(found).not.toEqual([]);
  expect(await find(british)).toEqual(found);
});

test.each([
  'Haemophilus influenzae',
  'angioedema',
  'mourning',
  'swelling',
  'exercise',
  'dialysis',
  'shoestring',
  'analyses',
  'four',
  'aerobic',
  'shoes',
])('%s is no British spelling', (words) => {
  const folded = words.toLowerCase();
  expect(folded.replace(/[a-z]+/g, toAmericanSpelling)).toBe(folded);
});

test('a title in British spelling is compared with the names of codes', () => {
  expect(plainName('Oesophageal haemorrhage due to Haemophilus')).toBe('esophageal hemorrhage due to hemophilus');
});
