import { expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import { openForSuite } from '../support/suite-library.js';

const suite = openForSuite();

/** Whether a title contradicts its code of ICD-10-CM. */
async function contradicts(code: string, display: string): Promise<boolean> {
  const coding = { system: 'icd-10-cm', systemSent: 'icd-10-cm', code, display, userSelected: false } as const;
  const { answers } = await answerRequest(
    { criteria: [{ codings: [coding] }], context: ANYONE, maxArticles: 3 },
    suite.library,
  );
  return answers.some(({ conflict }) => conflict !== undefined);
}

test.each([
  ['Z12.11', 'Colon cancer screening'],
  ['J44.9', 'Emphysema'],
  ['J45.20', 'Wheezing'],
  ['I25.10', 'Blocked arteries'],
  ['Z48.02', 'Stitches out'],
  ['Z20.828', 'Exposed to flu'],
  ['O10.919', 'hypertension'],
  ['O99.344', 'Depression'],
  ['O99.345', 'Postpartum depression'],
  ['O99.513', 'Asthma'],
  ['O98.519', 'Covid'],
  ['E83.52', 'High calcium'],
  ['I42.9', 'Weak heart muscle'],
  ['N89.8', 'Vaginal itching'],
  ['S09.90XA', 'Head trauma'],
  ['C73', 'Papillary thyroid carcinoma'],
  ['J20.9', 'Bronchitis'],
  ['Z68.41', 'Morbid obesity'],
  ['L82.1', 'Age spots'],
  ['B88.2', 'Bug bites'],
  ['T14.8XXA', 'Muscle strain'],
  ['Z90.81', 'No spleen'],
  ['Z86.718', 'History of DVT'],
  // An abbreviation, one of whose meanings is of the code's family.
  ['G80.9', 'CP'],
  ['R07.9', 'CP'],
  ['D33.3', 'Vestibular schwannoma'],
  ['E21.3', 'High PTH'],
  ['E83.42', 'Low mag'],
  ['J98.6', 'Diaphragm dysfunction'],
  ['I20.0', 'ACS'],
  ['M04.1', 'FMF'],
  // Names of the code in ICD-10-CM's index: in plain words, clipped, abbreviated, by initials.
  ['G57.93', 'Nerve damage in feet'],
  ['G81.94', 'Left sided weakness'],
  ['S86.011A', 'Achilles tear'],
  ['O36.5930', 'Baby not growing well'],
  ['K35.80', 'Acute appy'],
  ['N12', 'Pyelo'],
  ['K76.6', 'Portal HTN'],
  ['L40.50', 'PsA'],
  ['K86.81', 'EPI'],
  // Absence, of a code for just that.
  ['Z21', 'HIV no symptoms'],
  // Of a page on all results of tests any test's; of other illnesses of a chapter in the past any of them.
  ['R77.8', 'Abnormal SPEP'],
  ['Z86.39', 'Hx thyroid disease'],
  // A newborn's mother, and the pregnancy itself, are no past and no relative.
  ['P00.82', 'Baby of GBS positive mother'],
  ['P70.1', 'Baby of diabetic mom'],
  ['O99.330', 'Smoking while pregnant'],
  ['O48.0', 'Past due date'],
  ['I48.19', 'Persistent AF'],
  // A drug of a class that no page tells, and spread of cancer.
  ['Z79.83', 'On alendronate'],
  ['C79.2', 'Skin mets'],
  // No page is read for it, and those that have a word of it are not about all of it.
  ['K57.92', 'Tics infected'],
  // A statement of the code's own: a sequela, a clot called chronic; an illness with worry, two sides of the body, a suprapubic tube.
  ['S86.012S', 'old L Achilles strain, late effects'],
  ['I82.539', 'old clot behind knee'],
  ['F03.A4', 'early dementia w/ worry'],
  ['H65.33', 'glue ear both sides'],
  // Many things have the letters of a rare illness.
  ['I77.3', 'FMD'],
  ['K83.4', 'SOD'],
  // A part of the body beside a word that the code's names have, or beside a code of no part.
  ['K21.9', 'Heart burn'],
  ['I50.9', 'Heart failure with swollen feet'],
  ['M10.9', 'Gout in left big toe'],
])('%s is called %s', async (code, title) => {
  expect(await contradicts(code, title)).toBe(false);
});

test.each([
  ['O99.513', 'Breast cancer'],
  ['O99.013', 'Miscarriage'],
  ['J44.9', 'Pneumonia'],
  ['B20', 'Partner has HIV'],
  ['O03.9', 'Threatened miscarriage'],
  ['I26.99', 'Pulmonary embolism excluded'],
  ['K57.32', 'Fumador'],
  ['H26.9', 'Callus'],
  ['F33.1', 'Caspa'],
  ['C92.00', 'Hypercalcaemia'],
  ['Z80.3', 'Miscarriage'],
  ['C43.10', 'Malignant neoplasm of left epididymis'],
  ['K06.011', 'Crohn disease'],
  ['D64.9', 'No anemia'],
  ['D69.6', 'No low platelets'],
  ['Z86.39', 'Hx kidney disease'],
  ['C92.10', 'Myeloma'],
  ['R74.8', 'Head lice'],
  // No meaning of the abbreviation is of the code's family.
  ['L80', 'CP'],
  ['J39.9', 'SCD'],
  // Forms, clippings and misspellings of a word of another page, and a name that only the index of ICD-10-CM has.
  ['K52.3', 'Dehydrated'],
  ['J02.9', 'Syphillis'],
  ['L80', 'Rectal CA'],
  ['L80', 'Bejel'],
  // An unread title with another chapter's part of the body; a disease by the name of who described it; a word clipped.
  ['L12.0', 'Missing teeth'],
  ['F11.20', "Turner's"],
  ['I45.6', 'Abn pap'],
  // A page on a class of diseases includes what is near, not all of its block.
  ['N88.2', 'Dropped bladder'],
  // Another part of the body than the code's.
  ['C50.919', 'prostate CA'],
  ['C64.1', 'breast ca'],
  ['S83.421A', 'stiff R big toe'],
  ['K80.20', 'R eye suddenly went blind'],
  // A history before the pregnancy remains one.
  ['O99.330', 'History of smoking before pregnancy'],
])('%s is not %s', async (code, title) => {
  expect(await contradicts(code, title)).toBe(true);
});

test.each([
  ['Broken bone', 'ency-000001'],
  ['Dilated cardiomyopathy', 'ency-000168'],
  ['Septic arthritis', 'ency-000430'],
  ['Type 2 diabetes', 'topic-diabetestype2'],
])('%s: the page of just that title leads, before a health topic that has it as another name', async (title, page) => {
  const { library } = suite;
  const reading = await library.status().readTitle?.(title, library);
  expect(reading?.articles[0]?.id).toBe(page);
});

test.each([
  // Another name of a page may be wider than the page.
  ['Influenza A', 'Flu', 'topic-flu'],
  ['Staphylococcal skin infection', 'Skin Infections', 'topic-skininfections'],
  ['Inguinal hernia', 'Hernia', 'topic-hernia'],
  ['Plagiocephaly', 'Craniofacial Abnormalities', 'topic-craniofacialabnormalities'],
  // And may be as good as the page of the code.
  ['Otitis externa', "Swimmer's ear", 'ency-000622'],
  // In Spanish, without what tells one case from another.
  ['Apnea obstructiva del sueño', 'Sleep Apnea', 'topic-sleepapnea'],
  ['Lumbalgia crónica', 'Back Pain', 'topic-backpain'],
  ['COVID persistente', undefined, undefined],
  // Abbreviations among other words, and with the words that they stand for.
  ['COPD with acute bronchitis', 'COPD', 'topic-copd'],
  ['STEMI involving LAD', 'Heart Attack', 'topic-heartattack'],
  ['EIB (exercise induced bronchospasm)', 'Exercise-induced asthma', 'encypi-000036'],
  ["Klinefelter's", 'Klinefelter Syndrome', 'topic-klinefeltersyndrome'],
  ['Compression fx of L1', undefined, undefined],
])('a patient whose code has no row gets for %s the page %s', async (display, title, id) => {
  const coding = {
    system: 'snomed-ct',
    systemSent: 'snomed-ct',
    code: '999990101000',
    display,
    userSelected: false,
  } as const;
  const request = { criteria: [{ codings: [coding] }], context: ANYONE, maxArticles: 3 };
  const { answers } = await answerRequest(request, suite.library);
  const [first] = answers.flatMap(({ matches }) => matches);
  expect([first?.text.title, first?.article.id]).toEqual([title, id]);
});

test.each([
  [ANYONE, []],
  [{ ...ANYONE, recipient: 'PROV', performer: 'PROV' } as const, ['High Blood Pressure']],
])('a history in short is read for a clinician alone', async (context, titles) => {
  const display = 'H/O: hypertension';
  const coding = {
    system: 'snomed-ct',
    systemSent: 'snomed-ct',
    code: '999990101000',
    display,
    userSelected: false,
  } as const;
  const { answers } = await answerRequest(
    { criteria: [{ codings: [coding] }], context, maxArticles: 3 },
    suite.library,
  );
  expect(answers.flatMap(({ matches }) => matches.map(({ text }) => text.title))).toEqual(titles);
});
