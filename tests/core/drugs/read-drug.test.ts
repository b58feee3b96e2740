import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readDrugFacts } from '../../../src/build/read-drug-facts.js';
import { answerRequest } from '../../../src/core/answer/answer.js';
import { ANYONE } from '../../../src/core/answer/knowledge-request.js';
import { nameDrug } from '../../../src/core/drugs/read-drug.js';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

const facts = readDrugFacts('resources');
/** RxNorm has no such code: only the display tells the drug. */
const UNKNOWN_CODE = '99999999';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

async function findByDisplay(display: string): Promise<string | undefined> {
  const coding = { system: 'rxnorm', systemSent: 'rxnorm', code: UNKNOWN_CODE, display, userSelected: false } as const;
  const request = { criteria: [{ codings: [coding] }], context: ANYONE, maxArticles: 3 };
  const { answers } = await answerRequest(request, connector.library);
  return answers[0]?.matches[0]?.article.id;
}

async function findByLine(query: string): Promise<string | undefined> {
  const request = { query, language: 'en', kind: undefined, count: 3 } as const;
  const { hits } = await understandWords(request, connector.library, readVocabulary('resources'));
  const [hit] = hits;
  return hit?.kind === 'article' ? hit.article.id : undefined;
}

describe('a display is read as the same line is', () => {
  test.each<readonly [text: string, article: string | undefined]>([
    ['promethazine 25 MG/ML', undefined],
    ['promethazine 25 MG Oral Tablet', 'drug-a682284'],
    ['ketorolac 10 mg', 'drug-a693001'],
    ['ketorolac 30 mg/mL', 'drug-a614011'],
    ['HCTZ 25', 'drug-a682571'],
    ['amox-clav 875 mg tablet', 'drug-a685024'],
    ['metoclopramide hydrochloride 5 MG/ML', 'drug-a601158'],
    ['fluticasone 50 mcg', undefined],
    // The pages of both ingredients, the first one first.
    ['oxycodone/APAP 5-325', 'drug-a681004'],
    ['Lopressor 5 mg IV', undefined],
  ])('%s: %s', async (text, article) => {
    expect(await findByDisplay(text)).toBe(article);
    expect(await findByLine(text)).toBe(article);
  });
});

describe('names that a display is looked up by', () => {
  test('the whole display first, for a site may have a row for it', () => {
    expect(nameDrug('Metformin 500 mg tablet', facts)[0]).toBe('metformin 500 mg tablet');
  });

  test('nothing but the whole of a cut-off display, which may lack an ingredient', () => {
    expect(nameDrug('amoxicillin 875 mg / clav...', facts)).toEqual(['amoxicillin 875 mg / clav...']);
  });

  test('what is left without form and strength of a drug that no table has', () => {
    expect(nameDrug('Bananol 5 mg oral tablet', facts)).toContain('bananol');
  });

  test('the route of a drug that has one route alone', () => {
    expect(nameDrug('aztreonam', facts)).toContain('aztreonam');
    expect(nameDrug('latanoprost', facts)).toContain('latanoprost ophthalmic');
    expect(nameDrug('fluticasone', facts)).not.toContain('fluticasone nasal');
  });
});
