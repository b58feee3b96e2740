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

const HORMONES = ['Estrogen and Progestin (Oral Contraceptives)'];
const CAPSULES = '{4 (amoxicillin 500 MG Oral Capsule) / 2 (clarithromycin 500 MG Oral Tablet) / 2';
test.each<[string, string[]]>([
  [
    `${CAPSULES} (lansoprazole 30 MG Delayed Release Oral Capsule) } Pack [Prevpac]`,
    ['Lansoprazole, Clarithromycin, and Amoxicillin'],
  ],
  [
    `${CAPSULES} (omeprazole 20 MG Delayed Release Oral Capsule) } Pack`,
    ['Amoxicillin', 'Clarithromycin', 'Omeprazole'],
  ],
  // A part without a page, and a title that is cut off.
  [`${CAPSULES} (vonoprazan 20 MG Oral Tablet) } Pack`, []],
  [`${CAPSULES} (lansopra`, []],
  // Each in its own route.
  [
    '{1 (1 ML leuprolide acetate 3.75 MG/ML Prefilled Syringe) / 30 (norethindrone acetate 5 MG Oral Tablet) } Pack',
    ['Leuprolide Injection', 'Norethindrone'],
  ],
  [
    '{150 (doxycycline monohydrate 100 MG Oral Tablet) / 1 (118 ML) (salicylic acid 20 MG/ML Medicated Liquid Soap) } Pack',
    ['Doxycycline', 'Salicylic Acid Topical'],
  ],
  // One combination in several strengths; tablets without a hormone.
  [
    '{7 (ethinyl estradiol 0.01 MG Oral Tablet) / 84 (ethinyl estradiol 0.03 MG / levonorgestrel 0.15 MG Oral Tablet) } Pack [Seasonique]',
    HORMONES,
  ],
  [
    '{21 (ethinyl estradiol 0.02 MG / levonorgestrel 0.1 MG Oral Tablet) / 7 (ferrous bisglycinate 36.5 MG Oral Tablet) } Pack [Balcoltra 28 Day]',
    HORMONES,
  ],
  [
    '{21 (ethinyl estradiol 0.03 MG / levonorgestrel 0.15 MG Oral Tablet) / 7 (inert ingredients 1 MG Oral Tablet) } Pack',
    HORMONES,
  ],
])('the pack %s has the pages of all its drugs, or none', async (title, pages) => {
  expect(await find('snomed-ct', title)).toEqual(pages);
});
