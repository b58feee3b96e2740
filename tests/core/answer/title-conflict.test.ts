import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerRequest } from '../../../src/core/answer/answer.js';
import { answerChart } from '../../../src/core/charts/answer-chart.js';
import { countSteps } from '../../support/count-steps.js';
import { DEFAULT_THRESHOLDS } from '../../support/chart-thresholds.js';
import type { CodeSystemId } from '../../../src/core/codes/code-systems.js';
import { ANYONE } from '../../../src/core/answer/knowledge-request.js';
import type { RequestCoding, RequestContext } from '../../../src/core/answer/knowledge-request.js';
import { isByTitle, type Answer } from '../../../src/core/answer/knowledge-response.js';
import type { ManagedLibrary } from '../../../src/core/model/library.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../../support/connector.js';

const folder = temporaryFolder();
let library: ManagedLibrary;
beforeAll(async () => {
  ({ library } = await openTestLibrary(testConfig(folder.path)));
});
afterAll(async () => {
  await library.close();
  folder.remove();
});

const CLINICIAN: RequestContext = { ...ANYONE, performer: 'PROV' };
const coded = (system: CodeSystemId, code: string, display: string): RequestCoding => ({
  ...{ system, systemSent: system, code, display, userSelected: false },
});

async function ask(coding: RequestCoding, context: RequestContext = ANYONE, maxArticles = 3): Promise<Answer> {
  const { answers } = await answerRequest({ criteria: [{ codings: [coding] }], context, maxArticles }, library);
  const [answer] = answers;
  if (!answer) throw new Error('no answer');
  return answer;
}

const idsOf = ({ matches }: Answer): string[] => matches.map(({ article }) => article.id);

describe('a title that contradicts its code', () => {
  test.each<[CodeSystemId, string, string]>([
    ['cvx', '106', 'Td'],
    ['cvx', '106', 'Td vaccine'],
    ['cvx', '106', 'Tetanus and diphtheria toxoids, adult'],
    ['cvx', '94', 'MMR'],
    ['icd-10-cm', 'I10', 'A-fib (HCC)'],
    ['snomed-ct', '10001005', 'Influenza'],
    ['icd-10-cm', 'E11.9', 'Type 1 diabetes'],
    ['icd-10-cm', 'I10', 'Fracture of neck of left femur, initial encounter'],
    ['icd-10-cm', 'J45.909', 'Gota'],
    ['icd-10-cm', 'I10', 'Type 2 diabetes mellitus without complications'],
    ['icd-10-cm', 'I10', 'Gout, unspecified'],
    ['icd-10-cm', 'I10', 'Chronic kidney disease, stage 3 unspecified'],
    ['icd-10-cm', 'D64.9', 'Polyneuropathy, unspecified'],
    ['icd-10-cm', 'I50.9', 'Chronic obstructive pulmonary disease, unspecified'],
    ['icd-10-cm', 'C61', 'Malignant neoplasm of colon, unspecified'],
    ['rxnorm', '6809', 'lisinopril 10 MG Oral Tablet'],
    ['icd-10-cm', 'E11.9', 'Family history of type 2 diabetes'],
    ['icd-10-cm', 'E11.9', 'no DM'],
    ['icd-10-cm', 'I21.9', 'r/o MI'],
    ['icd-10-cm', 'R07.9', 'denies chest pain'],
    ['icd-10-cm', 'R07.9', 'Niega dolor de pecho'],
    ['icd-10-cm', 'C50.911', 'Screening for breast cancer'],
    ['icd-10-cm', 'J45.909', 'Antecedente de asma'],
    ['icd-10-cm', 'G40.909', 'Hx epilepsy'],
    ['icd-10-cm', 'G40.909', 'Ex-epileptic'],
    ['loinc', '4548-4', 'HIV screening'],
    ['snomed-ct', '241615005', 'MRI of prostate'],
    ['loinc', '36988-4', 'X-ray of abdomen'],
    ['icd-10-cm', 'E11.9', 'Type 1 diabetes mellitus'],
    ['icd-10-cm', 'E10.9', 'DM2'],
    ['icd-10-cm', 'E11.9', 'Diabetes mellitus tipo 1'],
    ['icd-10-cm', 'N18.2', 'Stage 4 chronic kidney disease'],
    ['icd-10-cm', 'T23.101A', 'Third degree burn of hand'],
    ['icd-10-cm', 'Q90.9', 'Trisomy 13'],
    ['icd-10-cm', 'B18.2', 'Chronic viral hepatitis B'],
    ['icd-10-cm', 'Z34.93', 'First trimester pregnancy'],
    ['icd-10-cm', 'E53.1', 'Vitamin B12 deficiency'],
    ['icd-10-cm', 'D66', 'Factor IX deficiency'],
    ['icd-10-cm', 'K85.90', 'Chronic pancreatitis'],
    ['icd-10-cm', 'C50.911', 'Benign neoplasm of breast'],
    ['icd-10-cm', 'D12.6', 'Colon cancer'],
    ['icd-10-cm', 'Z79.4', 'Warfarin'],
    ['snomed-ct', '44054006', 'Diabetes mellitus type I'],
    ['cvx', '33', 'PCV13'],
    // Of injuries, another kind or another part of the body.
    ['icd-10-cm', 'S52.501A', 'Sprain of left knee'],
    ['icd-10-cm', 'S61.011A', 'Broken leg'],
    ['icd-10-cm', 'T36.92XA', 'Underdosing of antifungal antibiotics'],
    ['icd-10-cm', 'M86.572', "Barton's fracture of unspecified radius"],
    // No page on a loss, a cancer or the like that neither the title nor the code's name names.
    ['snomed-ct', '17369002', 'Fetus with unknown complication'],
    ['snomed-ct', '254837009', 'Lump in breast'],
    ['icd-10', 'E11.9', 'Type 1 diabetes'],
  ])('%s %s "%s" finds nothing for a patient', async (system, code, display) => {
    expect((await ask(coded(system, code, ''))).matches).not.toEqual([]);
    const answer = await ask(coded(system, code, display));
    expect({ ids: idsOf(answer), miss: answer.miss?.reason }).toEqual({ ids: [], miss: 'title-conflict' });
    expect(answer.rejections.length).toBeGreaterThan(0);
    expect(answer.rejections.every(({ reason }) => reason === 'title-conflict')).toBe(true);
  });

  test.each<[CodeSystemId, string, string]>([
    ['icd-10-cm', 'E11.9', 'Diabetes'],
    ['icd-10-cm', 'E11.9', 'Type 2 diabetes mellitus without complications'],
    ['icd-10-cm', 'E11.9', 'DM2'],
    ['icd-10-cm', 'E11.22', 'T2DM with CKD stage 4'],
    ['icd-10-cm', 'N18.31', 'CKD stage 3'],
    ['icd-10-cm', 'I10', 'DASH Eating Plan'],
    ['icd-10-cm', 'N18.6', 'CKD stage 5 on dialysis'],
    ['icd-10-cm', 'L89.153', 'Pressure ulcer stage 4'],
    ['icd-10-cm', 'F31.81', 'Bipolar I disorder'],
    ['icd-10-cm', 'B16.1', 'Hepatitis D'],
    ['icd-10-cm', 'T23.101A', 'First degree burn'],
    ['snomed-ct', '307818003', 'Weight monitoring (regime/therapy)'],
    ['icd-10-cm', 'M45.9', 'AS'],
    ['icd-10-cm', 'G20.A1', 'PD'],
    ['icd-10-cm', 'R07.9', 'CP'],
    ['icd-10-cm', 'I05.0', 'MS'],
    ['icd-10-cm', 'F60.3', 'BPD'],
    ['icd-10-cm', 'E11.9', 'per Dr. Smith, see note of 3/4'],
    ['icd-10-cm', 'A41.50', 'Gram-negative sepsis, unspecified'],
    ['icd-10-cm', 'S06.0X0A', 'Concussion without loss of consciousness, initial encounter'],
    ['icd-10-cm', 'C50.911', 'Triple negative breast cancer'],
    ['icd-10-cm', 'Z80.3', 'Family history of malignant neoplasm of breast'],
    ['icd-10-cm', 'Z12.31', 'Encounter for screening mammogram for malignant neoplasm of breast'],
    ['snomed-ct', '38341003', 'Hypertensive disorder, systemic arterial (disorder)'],
    ['snomed-ct', '38341003', 'Hipertensión'],
    ['snomed-ct', '22298006', 'Heart attack'],
    ['cvx', '106', 'DTaP, 5 pertussis antigens'],
    ['rxnorm', '6809', 'Glucophage'],
    ['loinc', '4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood'],
    ['loinc', '5671-3', 'Lead screening'],
    ['icd-10-cm', 'I48.91', 'A-fib (CMS/HCC)'],
    ['icd-10-cm', 'I48.20', 'Chronic a-fib (HCC)'],
    ['icd-10-cm', 'G47.33', 'OSA on CPAP'],
    ['icd-10-cm', 'E11.9', 'DM type 2 (CMS-HCC)'],
    ['icd-10-cm', 'C22.0', 'HCC (hepatocellular carcinoma) (HCC)'],
    ['icd-10-cm', 'I63.9', 'Acute CVA'],
    ['icd-10-cm', 'C34.90', 'NSCLC (HCC)'],
    ['icd-10-cm', 'S52.501A', 'Broken wrist'],
    ['icd-10-cm', 'S93.401A', 'Twisted ankle'],
    ['icd-10-cm', 'T36.92XA', 'Poisoning by unspecified systemic antibiotic, intentional self-harm, initial encounter'],
    ['icd-10-cm', 'M81.0', 'Age-related osteoporosis without current pathological fracture'],
    // A class, and what it includes.
    ['icd-10-cm', 'Z79.01', 'On warfarin'],
    ['icd-10-cm', 'Z23', 'Flu shot'],
    ['icd-10-cm', 'F17.210', 'Smokes tobacco daily'],
    ['icd-10-cm', 'I50.9', 'Heart disease'],
    ['snomed-ct', '17369002', 'Spontaneous abortion'],
    ['snomed-ct', '254837009', 'Malignant neoplasm of breast'],
    ['icd-10', 'I21.0', 'Heart attack'],
    ['icd-10', 'R05', 'Coughing'],
  ])('%s %s "%s" is no conflict', async (system, code, display) => {
    const plain = await ask(coded(system, code, ''));
    const answer = await ask(coded(system, code, display));
    expect({ ids: idsOf(answer), miss: answer.miss, conflict: answer.conflict }).toEqual({
      ...{ ids: idsOf(plain), miss: plain.miss, conflict: undefined },
    });
  });
});

test.each([
  ['snomed-ct', '430678008', 'Family history of diabetes mellitus type 1', 'topic-familyhistory'],
  ['snomed-ct', '427918007', 'History of malignant neoplasm of thymus', 'topic-cancerlivingwithcancer'],
  ['snomed-ct', '252156002', 'Occult blood screening', 'test-fecal-occult-blood-test-fobt'],
] as const)('a page about a history, or a test, has such a title: %s %s', async (system, code, display, article) => {
  expect(idsOf(await ask(coded(system, code, display)))).toEqual([article]);
});

test('a history of a cancer contradicts the code of one', async () => {
  const { miss } = await ask(coded('icd-10-cm', 'C50.911', 'History of breast cancer'));
  expect(miss?.reason).toBe('title-conflict');
});

// The code has no page of its own: its drug has several, by route.
test.each([
  ['6851', 'metoprolol', 'title-conflict'],
  ['7052', 'hydromorphone', 'title-conflict'],
  ['11124', 'vinblastine', 'title-conflict'],
  // Names that are in no table: an extract, what is no longer sold, a brand for animals, a combination.
  ['1307663', 'ascorbic acid 125 MG Oral Capsule', 'title-conflict'],
  ['8795', 'vitamin A', 'title-conflict'],
  ['219529', 'Neupro', 'title-conflict'],
  ['899134', 'Zonalon', 'title-conflict'],
  ['466569', 'Gas-X', 'title-conflict'],
  ['219529', 'pseudoephedrine hydrochloride 240 MG', 'drug-a682619'],
  ['153171', 'Ortikos', 'drug-a608007'],
  ['1159986', 'Urso', 'drug-a699047'],
  ['6851', 'Trexall', 'drug-a682019'],
  ['7052', 'Morphine sulfate 15 mg oral tablet', 'drug-a682133'],
  ['11124', 'Vancocin 125 mg capsule', 'drug-a604038'],
  // A code with a page: brands and abbreviations are other drugs as well.
  ['314076', 'MS Contin', 'title-conflict'],
  ['314076', 'HCTZ 25 mg', 'title-conflict'],
  ['314076', 'Prinivil', 'drug-a692051'],
  ['314076', 'lisinopriL (ZESTRIL) 10 mg tablet', 'drug-a692051'],
  // The same drug in a form that another page is for.
  ['860107', 'Ketorolac 10 mg oral tablet', 'title-conflict'],
  ['860107', 'ketorolac 0.5 % eye drops', 'drug-a601241'],
  ['6851', 'methotrexate injection', 'drug-a682018'],
  // No page is for that form, by a row or by the routes of its pages.
  ['4603', 'furosemide injection', 'title-conflict'],
  ['4603', 'furosemide oral', 'drug-a682858'],
  ['8727', 'progesterone vaginal', 'title-conflict'],
  ['8727', 'progesterone oral', 'drug-a604017'],
])('RxNorm %s "%s" → %s: the title chooses a page of the drug that the code is', async (code, display, expected) => {
  const answer = await ask(coded('rxnorm', code, display));
  expect(idsOf(answer)[0] ?? answer.miss?.reason).toBe(expected);
});

describe('a clinician', () => {
  test('has both readings, those of the code first, and the way to each', async () => {
    const answer = await ask(coded('icd-10-cm', 'E11.9', 'Type 1 diabetes'), CLINICIAN);
    expect(idsOf(answer)[0]).toBe('topic-diabetestype2');
    expect(idsOf(answer).at(-1)).toBe('topic-diabetestype1');
    expect(answer.matches.at(-1)?.path).toEqual([
      { kind: 'asked', system: 'icd-10-cm', code: 'E11.9' },
      { kind: 'title', system: 'icd-10-cm', code: 'Diabetes Type 1' },
    ]);
    expect(answer.conflict?.kind).toBe('marked');
    const scores = answer.matches.map(({ score }) => score);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });

  test('has the article of the other type too', async () => {
    const answer = await ask(coded('icd-10-cm', 'E11.9', 'Type I diabetes, poorly controlled'), CLINICIAN);
    expect(idsOf(answer)[0]).toBe('topic-diabetestype2');
    expect(idsOf(answer).at(-1)).toBe('topic-diabetestype1');
    expect(answer.conflict).toMatchObject({ kind: 'marked', mark: 'type 1' });
    expect(answer.conflict?.named).toContain('topic-diabetestype1');
  });

  test.each([
    ['Morphine sulfate 15 mg oral tablet', ['drug-a692051', 'drug-a682133']],
    // Its pages are by route.
    ['morphine', ['drug-a692051']],
    ['Glucophage', ['drug-a692051', 'drug-a696005']],
    ['hydrocortisone 1 % cream', ['drug-a692051', 'drug-a682793']],
  ])('has the page of the drug that the title names, by its route: %s', async (display, ids) => {
    expect(idsOf(await ask(coded('rxnorm', '314076', display), CLINICIAN))).toEqual(ids);
  });

  test('has the page of the code, marked, where the title denies it', async () => {
    const answer = await ask(coded('icd-10-cm', 'R07.9', 'denies chest pain'), CLINICIAN);
    expect(idsOf(answer)).toContain('topic-chestpain');
    expect(answer.conflict).toEqual({ kind: 'stated', statement: 'negated', named: [] });
  });

  test.each([
    ['icd-10-cm', 'I10', ['topic-highbloodpressure']],
    ['snomed-ct', '28196006', ['topic-kidneyfailure']],
  ] as const)('has no page for those who expect a child by a title of a loss: %s %s', async (system, code, ids) => {
    const answer = await ask(coded(system, code, 'Uremia following molar AND/OR ectopic pregnancy'), CLINICIAN);
    expect(idsOf(answer).slice(0, 1)).toEqual(ids);
    expect(idsOf(answer)).not.toContain('topic-pregnancy');
  });

  test.each<[string, Partial<RequestContext>, boolean]>([
    ['performs', { performer: 'PROV', recipient: 'PAT' }, true],
    ['receives', { recipient: 'PROV' }, true],
    ['receives what a patient sees', { performer: 'PAT', recipient: 'PROV' }, false],
    ['is not there', {}, false],
    ['is not there, but a payer', { recipient: 'PAYOR' }, false],
  ])('%s', async (_, context, isShown) => {
    const answer = await ask(coded('icd-10-cm', 'E11.9', 'Type 1 diabetes'), { ...ANYONE, ...context });
    expect(answer.matches.length > 0).toBe(isShown);
  });

  test('is never given more articles than were asked for', async () => {
    const answer = await ask(coded('icd-10-cm', 'E11.9', 'Type 1 diabetes'), CLINICIAN, 1);
    expect(idsOf(answer)).toEqual(['topic-diabetestype2']);
  });
});

test.each(['Asthma', 'Unspecified asthma, uncomplicated'])(
  'a free text beside the title %s is read for what it states',
  async (title) => {
    const coding = { ...coded('icd-10-cm', 'J45.909', title), originalText: 'Family history of asthma' };
    expect((await ask(coding)).miss?.reason).toBe('title-conflict');
  },
);

test('a title in conflict keeps nothing from the other facts of a chart', async () => {
  const question = (input: number, display: string, code: string) => ({
    ...{ input, kind: 'problem' as const, notedAt: undefined },
    codings: [coded('icd-10-cm', code, display)],
  });
  const chart = [question(0, 'no asthma', 'J45.909'), question(1, 'Essential (primary) hypertension', 'I10')];
  const situation = { now: 0, setting: 'ambulatory' as const, thresholds: DEFAULT_THRESHOLDS, perQuestion: 3 };
  const forPatient = await answerChart(chart, ANYONE, situation, library);
  expect(forPatient.articles[0]?.article.id).toBe('topic-highbloodpressure');
  expect(forPatient.misses.map(({ answer }) => answer.miss?.reason)).toEqual(['title-conflict']);
  const forClinician = await answerChart(chart, CLINICIAN, situation, library);
  expect(forClinician.held.map(({ question: { input } }) => input)).toEqual([0]);
});

test('a title of any length is read in about as many steps as one of the length that is read', async () => {
  const countOf = (times: number): Promise<number> =>
    countSteps(() => ask(coded('icd-10-cm', 'J45.909', `no ${'fracture of neck of femur '.repeat(times)}`)));
  // All that is looked up once and kept is kept before anything is counted.
  await countOf(100);
  expect(await countOf(40_000)).toBeLessThan(1.5 * (await countOf(100)));
});

describe('a title that helps where a code fails', () => {
  test.each<[string, RequestCoding, string]>([
    ['a local problem', coded('snomed-ct', '900000000000207008', 'Costochondritis'), 'ency-000164'],
    ['a topic before the encyclopedia', coded('snomed-ct', '900000000000207008', 'Gout'), 'topic-gout'],
    ['a finding', coded('snomed-ct', '900000000000207008', 'Chest pain'), 'topic-chestpain'],
    ['a test', { ...coded('cpt', '83036', 'HbA1c'), subject: 'test' }, 'test-hemoglobin-a1c-hba1c-test'],
    ['an impossible code', coded('snomed-ct', '123', 'Gout'), 'topic-gout'],
    [
      'a number as terminologies write it',
      coded('snomed-ct', '900000000000207008', 'Type II diabetes'),
      'topic-diabetestype2',
    ],
    ['a drug in SNOMED CT', coded('snomed-ct', '900000000000207008', 'Sertraline 100mg tablets'), 'drug-a697048'],
    [
      'a medicinal product',
      coded('snomed-ct', '900000000000207008', 'Product containing metformin (medicinal product)'),
      'drug-a696005',
    ],
    ['a place', coded('snomed-ct', '900000000000207008', 'Actinic keratosis of face (disorder)'), 'ency-000827'],
    ['a side and a remark', coded('snomed-ct', '900000000000207008', '[D] Left frozen shoulder NOS'), 'ency-000455'],
    [
      'a system that is unknown here',
      { ...coded('snomed-ct', 'X1', 'Asthma'), system: undefined, systemSent: 'urn:local' },
      'topic-asthma',
    ],
    ['a problem with SNOMED CT\u2019s tag', coded('snomed-ct', '900000000000207008', 'Gout (disorder)'), 'topic-gout'],
  ])('%s is found by its title, marked and with a low score', async (_, coding, id) => {
    const { matches, miss } = await ask(coding);
    expect(miss).toBeUndefined();
    expect(matches.map(({ article }) => article.id)).toEqual([id]);
    expect(matches[0]?.score).toBeLessThanOrEqual(0.3);
    expect(matches[0]?.origin).toBe('title');
  });

  test.each<[string, RequestCoding]>([
    ['a sensitive article', coded('snomed-ct', '900000000000207008', 'Suicide')],
    ['an article of another kind', { ...coded('snomed-ct', '900000000000207008', 'Gout'), subject: 'test' }],
    ['a drug for a problem', { ...coded('snomed-ct', '900000000000207008', 'Metformin'), subject: 'diagnosis' }],
    ['a title that says no', coded('snomed-ct', '900000000000207008', 'no gout')],
    ['a title that doubts', coded('snomed-ct', '900000000000207008', 'Gout?')],
    ['an abbreviation with several meanings', coded('snomed-ct', '900000000000207008', 'MS')],
    ['a short word with several meanings', coded('snomed-ct', '900000000000207008', 'Mass')],
    ['a thing that is another one elsewhere', coded('snomed-ct', '900000000000207008', 'Edema of optic disc')],
    ['a diet of a disease', coded('snomed-ct', '900000000000207008', 'Low protein diet education')],
    ['a kind of pregnancy', coded('snomed-ct', '900000000000207008', 'Combined pregnancy')],
    ['a substance', coded('snomed-ct', '900000000000207008', 'Molds (substance)')],
    ['a title that is only like one', coded('snomed-ct', '900000000000207008', 'Fever of gout')],
    ['a cancer for a code that is none', coded('icd-10-cm', 'N99.999', 'Breast cancer')],
    ['a disease for a finding', coded('icd-10-cm', 'R99', 'Gout')],
    ['screening', coded('icd-10-cm', 'Z11.9', 'Gout')],
  ])('%s is not found', async (_, coding) => {
    const { matches } = await ask(coding);
    expect(matches.filter(({ path }) => path.some(({ kind }) => kind === 'title'))).toEqual([]);
  });
});

test.each([
  ['icd-10', 'J45.0', 'topic-asthma', 'broader'],
  ['icd-10', 'J45', 'topic-asthma', 'equivalent'],
  // Codes of the two editions that differ below their category.
  ['icd-10', 'I84.1', undefined, undefined],
  ['icd-10', 'W19', undefined, undefined],
] as const)(
  'a code of WHO’s ICD-10 has the page of its category in ICD-10-CM: %s %s',
  async (system, code, article, relationship) => {
    const [match] = (await ask(coded(system, code, ''))).matches;
    expect([match?.article.id, match?.relationship]).toEqual([article, relationship]);
    if (match) expect(match.path.at(-1)).toEqual({ kind: 'crosswalk', system: 'icd-10-cm', code: 'J45' });
  },
);

test.each([
  ['E11.9', 'Family history of type 2 diabetes'],
  ['I21.9', 'mother had MI'],
])(
  'a family history on a code of the disease leads a clinician to pages on family history: %s %s',
  async (code, display) => {
    const { matches } = await ask(coded('icd-10-cm', code, display), CLINICIAN);
    expect(matches.filter(isByTitle).map(({ article }) => article.id)).toEqual(['topic-familyhistory']);
  },
);

describe('a code of an unknown system, by its title', () => {
  const unknown = (display: string): RequestCoding => ({
    ...{ system: undefined, systemSent: 'urn:oid:2.16.840.1.113883.6.277', code: 'X1', display, userSelected: false },
  });

  test.each([
    ['Asthma', 'topic-asthma'],
    ['Sertraline 100mg tablets', 'drug-a697048'],
    // Nothing but a drug and its dosing.
    ['insulin lispro sliding scale', 'drug-a697021'],
    ['methylprednisolone dose pack', 'drug-a682795'],
    ['metformin BID', 'drug-a696005'],
  ])('"%s" leads a patient to %s, by its title', async (display, id) => {
    const { matches } = await ask(unknown(display));
    expect(matches.map(({ article }) => article.id)).toContain(id);
    expect(matches.every(isByTitle)).toBe(true);
  });

  test.each([
    ['CT HEAD W/O CONTRAST', 'ency-003786'],
    ['XR CHEST 2 VW', 'ency-003804'],
    ['COMP METABOLIC PANEL', 'ency-003468'],
    ['INFLUENZA A/B PCR', 'test-flu-influenza-test'],
    ['URINALYSIS W REFLEX CULTURE', 'topic-urinalysis'],
  ])('an order is read as the test or picture that it is for: %s', async (display, id) => {
    const { matches } = await ask(unknown(display), CLINICIAN);
    expect(matches[0]?.article.id).toBe(id);
  });

  test.each([
    ['LIPASE', 'test-lipase-tests'],
    ['AFP, TUMOR MARKER', 'test-alpha-fetoprotein-afp-tumor-marker-test'],
    ['ESTRADIOL, SERUM', 'test-estrogen-levels-test'],
    ['ESR (SED RATE)', 'test-erythrocyte-sedimentation-rate-esr'],
    ['VANCOMYCIN TROUGH', 'test-therapeutic-drug-monitoring'],
    ['CT ABD/PELVIS W CONTRAST', 'topic-ctscans'],
  ])('an order of a laboratory is a test though it may be a drug as well: %s', async (display, id) => {
    const { matches } = await ask({ ...unknown(display), subject: 'test' });
    expect(matches.map(({ article }) => article.id)).toEqual([id]);
    const byTask = await ask(unknown(display), { ...ANYONE, task: 'LABRREV' });
    expect(byTask.matches.map(({ article }) => article.id)).toEqual([id]);
  });

  test.each([
    ['AV fistula creation', 'ency-007641'],
    ['Rotator cuff repair, arthroscopic', 'ency-007207'],
  ])('what is done leads a clinician to the page of its kind without a tag in its title: %s', async (display, id) => {
    const { matches } = await ask({ ...unknown(display), subject: 'procedure' }, CLINICIAN);
    expect(matches[0]?.article.id).toBe(id);
  });

  test.each(['Breast cancer', 'Miscarriage', 'Child abuse', 'Opioid overdose'])(
    'no patient reaches a page on %s by a title alone, a clinician does',
    async (display) => {
      expect((await ask(unknown(display))).matches).toEqual([]);
      expect((await ask(unknown(display), CLINICIAN)).matches).toHaveLength(1);
    },
  );
});

describe('a title that names what the code is about in other words', () => {
  test.each<[string, RequestCoding]>([
    ['an injury of any part', coded('icd-10-cm', 'T14.8XXA', 'Muscle strain')],
    ['the same kind and part', coded('icd-10-cm', 'S83.91XA', 'Knee sprain')],
    ['a class of things on the same part', coded('snomed-ct', '699253003', 'Surgical manipulation of joint of knee')],
  ])('%s agrees', async (_, coding) => {
    expect((await ask(coding)).miss).toBeUndefined();
  });

  test('another kind of injury does not', async () => {
    expect((await ask(coded('icd-10-cm', 'S83.91XA', 'Ankle fracture'))).miss?.reason).toBe('title-conflict');
  });
});
