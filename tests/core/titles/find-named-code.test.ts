import { expect, test } from '@jest/globals';
import { readTitleFacts } from '../../../src/build/read-title-facts.js';
import { findNamedCode } from '../../../src/core/titles/find-named-code.js';

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
])('%s has the page of %s, whatever it is due to and however severe', (title, code) => {
  const found = find(title);
  expect([found?.coding.code, found?.certainty]).toEqual([code, 'name']);
});

test.each<[string, string]>([
  ['Secondary malignant neoplasm of calcaneus', 'C79.9'],
  ['Squamous cell carcinoma of base of tongue', 'C01'],
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
  'Encopresis with overflow incontinence',
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

test('a title of any length is read in bounded time', () => {
  const began = process.cpuUsage();
  for (const word of ['acute ', 'closed fracture of ', 'malignant neoplasm, ', 'cyst of '])
    find(`${word.repeat(20_000)} bone`);
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(200);
});
