import { expect, test } from '@jest/globals';
import { readTitleFacts } from '../../../src/build/read-title-facts.js';
import { findNamedCode } from '../../../src/core/titles/find-named-code.js';
import { countSteps } from '../../support/count-steps.js';

const names = readTitleFacts('resources').titleFacts?.codeNames;
const find = (title: string, isStated = false) => names && findNamedCode(title, isStated, names);

test.each<[string, string]>([
  // Words in any order, of one meaning, and those that distinguish nothing.
  ['Closed fracture of patella', 'icd-9-cm 822.0'],
  ['Common bile duct calculus', 'icd-10-cm K80.50'],
  ['Renal disease', 'icd-10-cm N28.9'],
  ['Oedema of left eyelid', 'icd-10-cm H02.84'],
  ['Malignant tumor of ovary', 'icd-10-cm C56'],
  ['Gastro-oesophageal reflux disease without oesophagitis', 'icd-10-cm K21.9'],
  ['Chronic renal failure syndrome', 'icd-10-cm N18.9'],
  // A letter or a number is a part of a name.
  ['Acute hepatitis A', 'icd-10-cm B15'],
  ['CKD stage 3B', 'icd-10-cm N18.32'],
  ['Ingrowing toenail', 'icd-10-cm L60.0'],
  ['Bacterial vaginosis', 'icd-10-cm N76.0'],
  ['Pulmonary thromboembolism', 'icd-10-cm I26'],
  // Each word that may end a name of the index, and a name alone.
  ["Iselin's disease", 'icd-10-cm M92.7'],
  ["Sever's disease", 'icd-10-cm M92.6'],
  ["Marfan's", 'icd-10-cm Q87.4'],
  ['Actinic keratoses', 'icd-10-cm L57.0'],
])('%s is a name of %s', (title, code) => {
  const found = find(title);
  expect(`${found?.coding.system ?? ''} ${found?.coding.code ?? ''}`).toBe(code);
  expect(found?.certainty).toBe('name');
});

test.each<[string, string]>([
  ['Hypothyroidism following radioiodine therapy', 'E03.9'],
  ['Tinea manuum caused by Trichophyton rubrum', 'B35.2'],
  ['Exacerbation of recurrent tonsillitis', 'J03.91'],
  ['Moderate iron deficiency anaemia', 'D50'],
  ['Irritable bowel syndrome characterised by constipation', 'K58'],
  ['Low back pain radiating to right lower extremity', 'M54.5'],
  ['Concussion w/o LOC', 'S06.0'],
  ['Prediabetes; A1c 6.1', 'R73.03'],
  ['Aspiration pneumonia of left lower lobe', 'J69.0'],
  ['Schizoaffective disorder, bipolar type (HCC)', 'F25.0'],
  // The words of agoraphobia without panic disorder, in another order.
  ['Panic disorder without agoraphobia', 'F41.0'],
  ['Hemoglobin SS disease', 'D57'],
])('%s has the page of %s, whatever it is due to and however severe', (title, code) => {
  const found = find(title);
  expect([found?.coding.code, found?.certainty]).toEqual([code, 'name']);
});

test.each<[string, string]>([
  ['Secondary malignant neoplasm of calcaneus', 'C79.9'],
  ['Squamous cell carcinoma of base of tongue', 'C01'],
  ['Encopresis with overflow incontinence', 'R15.9'],
  // Mostly a diabetic's; by its index a case of syphilis.
  ['Charcot arthropathy of right midfoot', 'M14.6'],
  ['Rupture of Achilles tendon', 'S86.0'],
  ['Achilles tendon rupture', 'S86.0'],
])('%s is a case of %s', (title, code) => {
  const found = find(title);
  expect([found?.coding.code, found?.certainty]).toEqual([code, 'words']);
});

test.each([
  'Acute hepatitis',
  'Identity disorder',
  'Family history of gout',
  'No asthma',
  'Possible pneumonia',
  'Moderate depressed bipolar I disorder',
  'Coagulation/bleeding tests abnormal',
  'Disorder caused by cannabis',
  'Generalized swelling',
  '気管支喘息',
  'Scoliosis deformity of spine',
  'Membranous pregnancy',
  'Subdural hemorrhage following injury',
])('%s has no part that is a name by itself', (title) => {
  const found = find(title, /history|^no |possible/i.test(title));
  expect(found?.certainty === 'words' && found.isKind !== true).toBe(false);
});

test.each<[string, string]>([
  ['Cystoid macular edema', 'H35.9'],
  ['Avascular necrosis of bone of foot', 'S99.929'],
  ['Rupture of anterior cruciate ligament', 'M23.90'],
  ['Hemiplegia as late effect of stroke', 'I69.9'],
  ['Rabies immunization', 'Z23'],
  ['Pain in round ligament in pregnancy', 'O26.9'],
  ['History of calculus of kidney', 'Z87.442'],
  ['History of kidney donation', ''],
  // A word of the list is not all: what it is due to, a list of findings, a name in hyphens, losses, growths.
  ['Post vaccination encephalitis', ''],
  ['Charcot-Marie-Tooth disease', ''],
  ['Microcephaly, macular coloboma, deafness syndrome', ''],
  ['Quadruplets, some live born', ''],
  ['Premature birth of twins, one living, one stillborn', ''],
  ['Malignant hypertensive chronic kidney disease', ''],
])('%s is of the kind of %s', (title, code) => {
  const found = find(title, title.startsWith('History'));
  expect(found?.isKind === true ? found.coding.code : '').toBe(code);
});

test('what a title states is a part of the name', () => {
  expect(find('Family history of gout', true)?.coding.code).toBe('Z84.8');
  expect(find('Personal history of malignant neoplasm of breast', true)?.coding.code).toBe('Z85.3');
  expect(find('No asthma', true)).toBeUndefined();
  expect(find('Possible pneumonia', true)).toBeUndefined();
});

test.each(['acute ', 'closed fracture of ', 'malignant neoplasm, ', 'cyst of '])(
  'a title that goes on with "%s" is read in about as many steps as one of the length that is read',
  async (words) => {
    const countOf = (times: number): Promise<number> => countSteps(() => find(`${words.repeat(times)} bone`));
    // All that is looked up once and kept is kept before anything is counted.
    await countOf(300);
    expect(await countOf(20_000)).toBeLessThan(1.5 * (await countOf(300)));
  },
);

test.each<[string, string, string]>([
  // A thing in a part of the body: certain where its page is true wherever it is.
  ['Cellulitis of left foot', 'L03.11', 'name'],
  ['Psoriasis vulgaris of scalp', 'L40.0', 'words'],
  ['Stasis dermatitis of both lower legs', 'I87.2', 'words'],
])('%s is %s, by %s', (title, code, certainty) => {
  const found = find(title);
  expect([found?.coding.code, found?.certainty]).toEqual([code, certainty]);
});
