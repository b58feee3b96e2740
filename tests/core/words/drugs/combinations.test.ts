import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerRequest } from '../../../../src/core/answer/answer.js';
import { ANYONE } from '../../../../src/core/answer/knowledge-request.js';
import { understandWords } from '../../../../src/core/words/understand-words.js';
import { readVocabulary } from '../../../../src/read-vocabulary.js';
import type { TestConnector } from '../../../support/connector.js';
import { startConnector } from '../../../support/connector.js';

const vocabulary = readVocabulary('resources');
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const read = (query: string, count = 3) =>
  understandWords({ query, language: 'en', kind: 'article', count }, connector.library, vocabulary);

/** The ids of the pages for a code, sorted. */
async function answer(system: 'rxnorm' | 'ndc', code: string, display = '', maxArticles = 3): Promise<string[]> {
  const coding = { system, systemSent: system, code, display, userSelected: false };
  const request = { criteria: [{ codings: [coding] }], context: ANYONE, maxArticles };
  const { answers } = await answerRequest(request, connector.library);
  return (answers[0]?.matches ?? []).map(({ article }) => article.id).sort();
}

const PERCOCET = ['drug-a681004', 'drug-a682132'];
const SYMBICORT = ['drug-a602023', 'drug-a699056'];

test.each([
  ['Percocet', PERCOCET],
  ['clotrimazole-betamethasone 1-0.05 % cream', ['drug-a682753', 'drug-a682799']],
  ['tobramycin-dexamethasone 0.3-0.1%', ['drug-a682660', 'drug-a682869']],
  ['bisoprolol (hydrochlorothiazide) 5 mg', ['drug-a682571', 'drug-a693024']],
  ['oxycodone-acetaminophen 5-325 mg tablet', PERCOCET],
  ['Endocet 5/325', PERCOCET],
  ['Symbicort 160-4.5 mcg', SYMBICORT],
  ['budesonide-formoterol 160-4.5', SYMBICORT],
  ['Janumet XR 100-1000', ['drug-a606023', 'drug-a696005']],
  ['Vytorin 10-40', ['drug-a603015', 'drug-a692030']],
  ['Combigan 1 gtt OU bid', ['drug-a601232', 'drug-a682043']],
  // One page is on two of the three.
  ['Trelegy Ellipta', ['drug-a613037', 'drug-a614024']],
])('the pages of all ingredients: %s', async (query, ids) => {
  // However few are requested: never one of two.
  for (const count of [3, 1]) {
    const understood = await read(query, count);
    expect(understood).toMatchObject({ kind: 'drug', isOfEachPart: true });
    expect(understood.hits.map((hit) => (hit.kind === 'article' ? hit.article.id : '')).sort()).toEqual(ids);
  }
});

test.each([
  'Paxlovid',
  'Contrave',
  'oxycodone-acetaminophen suppository',
  'Breztri',
  'budesonide-formoterol nasal spray',
])('none where an ingredient has no page, is for another use, or is taken otherwise: %s', async (query) => {
  expect(await read(query)).toMatchObject({ kind: 'drug', hits: [] });
});

test('a combination with a page of its own has that', async () => {
  for (const query of ['Norco 5/325', 'Advair 250-50', 'amoxicillin-clavulanate 875 mg']) {
    const understood = await read(query);
    expect(understood.hits).toHaveLength(1);
    expect(understood).not.toHaveProperty('isOfEachPart');
  }
});

test('by code, package and title, however few pages are requested', async () => {
  expect(await answer('rxnorm', '1049221')).toEqual(PERCOCET);
  expect(await answer('rxnorm', '1049221', '', 1)).toEqual(PERCOCET);
  expect(await answer('ndc', '00054055125')).toEqual(PERCOCET);
  expect(await answer('rxnorm', '', 'acetaminophen 325 MG / oxycodone hydrochloride 5 MG Oral Tablet')).toEqual(
    PERCOCET,
  );
});
