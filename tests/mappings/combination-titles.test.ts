import { expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import { openForSuite } from '../support/suite-library.js';

const suite = openForSuite();

/** The pages that a patient gets for a title, whose code nothing is known of. */
async function find(system: 'snomed-ct' | undefined, display: string): Promise<string[]> {
  const coding = { system, systemSent: system ?? 'http://example.org/drugs', code: '999900000000036', display };
  const criteria = [{ codings: [{ ...coding, userSelected: false }] }];
  const { answers } = await answerRequest({ criteria, context: ANYONE, maxArticles: Infinity }, suite.library);
  return answers.flatMap(({ matches }) => matches.map(({ text }) => text.title)).sort();
}

const OXYCODONE = ['Acetaminophen', 'Oxycodone'];
test.each<[string, string[]]>([
  ['Percocet 5/325', OXYCODONE],
  ['oxycodone/acetaminophen 5-325 mg tablet', OXYCODONE],
  ['Product containing oxycodone and paracetamol (medicinal product)', OXYCODONE],
  ['Janumet 50mg/1g tablets', ['Metformin', 'Sitagliptin']],
  ['Metformin 850mg / Sitagliptin 50mg tablets', ['Metformin', 'Sitagliptin']],
  ['Symbicort 200/6 Turbohaler', ['Budesonide Oral Inhalation', 'Formoterol Oral Inhalation']],
  ['Exforge HCT 5/160/12.5', ['Amlodipine', 'Hydrochlorothiazide', 'Valsartan']],
  ['perindopril arginine 5 mg + amlodipine 5 mg tablet', ['Amlodipine', 'Perindopril']],
  [
    'Product containing abacavir and dolutegravir and lamivudine (medicinal product)',
    ['Abacavir', 'Dolutegravir', 'Lamivudine'],
  ],
  ['Co-codamol 30mg/500mg tablets', ['Acetaminophen and Codeine']],
  ['Product containing metformin (medicinal product)', ['Metformin']],
])('%s, by its title alone, has the pages of all its ingredients', async (title, pages) => {
  expect(await find('snomed-ct', title)).toEqual(pages);
  expect(await find(undefined, title)).toEqual(pages);
});
