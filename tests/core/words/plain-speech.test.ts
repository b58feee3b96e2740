import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Language } from '../../../src/core/model/language.js';
import type { Understanding } from '../../../src/core/words/understanding.js';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { addFromSummaries } from '../../../src/core/words/find-in-summaries.js';
import { writeOut } from '../../../src/core/words/word-weights.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { listReadings } from '../../../src/core/words/understanding.js';

const vocabulary = readVocabulary('resources');

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const understand = (query: string, language: Language): Promise<Understanding> =>
  understandWords({ query, language, kind: 'article', count: 3 }, connector.library, vocabulary);

const listIds = ({ hits }: Understanding): string[] =>
  hits.flatMap((hit) => (hit.kind === 'article' ? [hit.article.id] : []));

test.each([
  ['en', 'my grandfather died of colon cancer'],
  ['en', 'dad died from lung cancer'],
  ['en', 'grandmother passed away from a stroke'],
  ['en', 'my brother died of an overdose'],
  ['en', 'my aunt had ovarian cancer'],
  ['en', 'my mother had breast cancer'],
  ['en', 'breast cancer runs in my family'],
  ['en', 'colon cancer in my family'],
  ['es', 'mi abuelo murió de cáncer de colon'],
  ['es', 'mi abuela falleció de un derrame'],
  ['es', 'murió mi tío de cirrosis'],
  ['es', 'mi tía tuvo cáncer de mama'],
  ['es', 'mi mamá tuvo cáncer'],
  ['es', 'madre con cáncer de mama'],
  ['es', 'tía materna con cáncer de colon'],
  ['en', 'mother with breast cancer'],
] as const)('%s: what a relative had or died of is family history: %s', async (language, line) => {
  const understood = await understand(line, language);
  expect(understood).toMatchObject({ kind: 'held', statement: { kind: 'family-history' } });
});

test.each([
  ['family history of breast cancer', 'Z80.3', 'topic-familyhistory'],
  ['FHx diabetes', 'Z83.3', 'topic-familyhistory'],
  ['diabetes runs in my family', 'Z83.3', 'topic-familyhistory'],
])('a family history leads to its own pages, which a person chooses: %s', async (line, code, article) => {
  const readings = listReadings(await understand(line, 'en')) ?? [];
  expect(readings.map(({ query, articles }) => [query, articles[0]?.article.id])).toEqual([[code, article]]);
});

test.each([
  // Who has something now may be cared for, and a death is mourned.
  ['en', 'my mother has diabetes', 'topic-diabetes'],
  ['en', 'my mom has breast cancer', 'topic-breastcancer'],
  ['en', 'my husband has dementia', 'topic-dementia'],
  ['en', 'my dad had a heart attack', 'topic-heartattack'],
  ['en', 'my son has asthma', 'topic-asthma'],
  ['en', 'my baby died', 'topic-bereavement'],
  ['en', 'my grandmother passed away', 'topic-bereavement'],
  ['es', 'mi bebé murió', 'topic-bereavement'],
  ['es', 'mi abuela falleció', 'topic-bereavement'],
  ['en', 'my brother died by suicide', 'topic-suicide'],
] as const)('%s: a relative who is ill or mourned is no family history: %s', async (language, line, article) => {
  const understood = await understand(line, language);
  expect([understood.kind, listIds(understood)[0]]).toEqual(['words', article]);
});

test.each(['no ride to appointment', 'no money for food', 'no place to sleep', 'sin dinero para comer'])(
  'who lacks what people need denies nothing: %s',
  async (line) => {
    expect((await understand(line, line.startsWith('sin') ? 'es' : 'en')).kind).not.toBe('held');
  },
);

test.each(['no food allergies', 'no car accident'])('what is denied stays held: %s', async (line) => {
  expect((await understand(line, 'en')).kind).toBe('held');
});

test.each([
  ['pt c/o HA x3 days', 'HA'],
  ['c/o of chest pain', 'chest pain'],
  ['34 yo f c/o abd pain', 'abd pain'],
  ['6 yo with fever', 'fever'],
  ['masculino 45 años con dolor de pecho', 'dolor de pecho'],
  ['reports no chest pain', 'no chest pain'],
  ['n/v x3 d, unable to eat', 'n/v, unable to eat'],
  // A measure stays, and so does what is no note.
  ['prednisone 40 mg x 5 days', 'prednisone 40 mg x 5 days'],
  ['cough with fever', 'cough with fever'],
  ['6 months old', '6 months old'],
  ['appendectomy d/c', 'appendectomy discharge'],
  ['UA w/ reflex culture', 'UA with reflex culture'],
])('of a triage note what the patient comes for is read: %s', (line, what) => {
  expect(writeOut(line)).toBe(what);
});

test.each([
  ['en', 'c/o ha', 'topic-headache'],
  ['en', 'c/o sob', 'topic-breathingproblems'],
  ['en', 'f/u for BP recheck', 'topic-highbloodpressure'],
  ['en', 'n/v x3 d, unable to keep fluids down', 'topic-nauseaandvomiting'],
  ['en', 'pt c/o itching all over after new detergent', 'topic-itching'],
  ['en', 'SI with plan', 'topic-suicide'],
  ['en', 'ingested bleach', 'topic-poisoning'],
  ['en', 'my test results say high TSH what does that mean', 'test-tsh-thyroid-stimulating-hormone-test'],
  ['en', 'tell me in your own words what heart failure is', 'topic-heartfailure'],
  ['en', 'can I get a refill of my water pill', 'topic-bloodpressuremedicines'],
  ['en', 'my ankle is swollen after I twisted it', 'encypi-000574'],
  ['en', 'UA with ketones', 'test-ketones-in-urine'],
  ['en', 'back to work after knee surgery', 'topic-kneereplacement'],
  // A rare word tells what nothing else of the line does, and in whom something is comes behind it.
  ['en', 'blepharitis lid scrubs', 'ency-001619'],
  ['en', 'cubital tunnel release', 'ency-000789'],
  ['en', 'foot drop brace', 'topic-footinjuriesanddisorders'],
  ['en', 'fifth disease pregnant teacher', 'topic-fifthdisease'],
  ['en', 'lead level 12', 'ency-003360'],
  // Two words that mean another thing together are neither read nor left out alone.
  ['en', 'belly button discharge', 'topic-skininfections'],
  // A week of a pregnancy is told from one of an illness.
  ['en', 'spotting at 7 weeks', 'ency-003264'],
  ['en', 'light bleeding at 12 wks', 'ency-003264'],
  ['es', 'manchado a las 6 semanas', 'ency-003264'],
  // The page on the same for those of a line leads.
  ['en', 'baby yellow skin', 'ency-001559'],
  ['en', 'UTI in boys', 'ency-000505'],
  ['en', 'newborn weight loss', 'topic-infantandnewbornnutrition'],
  ['en', 'newborn not pooping', 'topic-commoninfantandnewbornproblems'],
  ['en', 'belly button bleeding', 'topic-bleeding'],
  ['es', 'se me durmió la mano', 'ency-003206'],
  ['es', 'mi bebé tiene asientos', 'topic-diarrhea'],
  ['es', 'le salió sangre de la nariz', 'ency-003106'],
  // The verb is no eating disorder.
  ['es', 'me pica la garganta', 'topic-throatdisorders'],
] as const)('%s: notes, messages and what people repeat in their own words: %s', async (language, line, article) => {
  const understood = await understand(line, language);
  expect([understood.kind, listIds(understood)[0]]).toEqual(['words', article]);
});

test.each([
  ['en', 'how are you today'],
  ['en', "knock knock who's there"],
  ['en', 'wrong number sorry'],
  ['en', 'foot of the bed'],
  ['en', 'what is your name'],
  ['en', 'good morning'],
  ['en', 'when can I go back to work'],
  // Words that share a term or one slip with a disease's name.
  ['en', 'grip'],
  ['en', 'stokes'],
  ['es', 'gracias doctora'],
] as const)('%s: small talk finds nothing, and names no drug: %s', async (language, line) => {
  expect(await understand(line, language)).toMatchObject({ kind: 'words', hits: [] });
});

test.each(['may thurner', 'empty nose', 'radial tunnel', 'sweet'])(
  'an unknown syndrome is none that shares a word or most letters with it: %s syndrome',
  async (name) => {
    expect(listIds(await understand(`${name} syndrome`, 'en'))).toEqual([]);
  },
);

test.each(['Tolosa-Hunt', 'stiff person', 'mint tea'])(
  'neither one of two names, nor an inherited form, nor a short word of another language is the line: %s',
  async (line) => {
    expect(listIds(await understand(line, 'en'))).toEqual([]);
  },
);

test.each([
  ['wallenberg syndrome', 'topic-stroke'],
  ["sever's disease", 'topic-footinjuriesanddisorders'],
])('a name that only ICD has leads to the page of its code: %s', async (line, id) => {
  expect(listIds(await understand(line, 'en'))[0]).toBe(id);
});

test('who is not pregnant needs no birth control', async () => {
  expect(await understand('not pregnant', 'en')).toMatchObject({ kind: 'held', statement: { kind: 'negated' } });
});

test('a word in capitals that is no known abbreviation is not corrected', async () => {
  expect(listIds(await understand('FOSHP', 'en'))).toEqual([]);
});

test.each([
  ['en', 'gaul bladder pain', 'topic-gallbladderdiseases'],
  ['en', 'FOOSH', 'topic-wristinjuriesanddisorders'],
  ['en', 'cirosis of the liver', 'topic-cirrhosis'],
  ['en', 'SI w plan', 'topic-suicide'],
  ['es', 'TVP pierna izq', 'topic-deepveinthrombosis'],
  ['es', 'guatita hinchada', 'ency-003123'],
] as const)('%s: what notes and messages write is found: %s', async (language, line, article) => {
  expect(listIds(await understand(line, language))[0]).toBe(article);
});

test.each([
  ['en', 'diabetes and high blood pressure', ['topic-diabetes', 'topic-highbloodpressure']],
  ['en', 'kidney disease and gout', ['topic-gout', 'topic-kidneydiseases']],
  ['en', 'hypertension, hyperlipidemia, diabetes', ['topic-highbloodpressure', 'topic-cholesterol', 'topic-diabetes']],
  ['en', 'cold and flu', ['topic-flu', 'topic-commoncold']],
  ['es', 'gota y diabetes', ['topic-gout', 'topic-diabetes']],
  // A part of the body alone is none, and a name that has all words is one.
  ['en', 'foot and ankle pain', ['ency-003167']],
  ['en', 'head and neck cancer', ['topic-headandneckcancer']],
  ['en', 'fracture, hip', ['encypi-000168']],
] as const)(
  '%s: a line that tells of several things finds the page of each first, the most telling before others: %s',
  async (language, line, ids) => {
    expect(listIds(await understand(line, language)).slice(0, ids.length)).toEqual(ids);
  },
);

test('what only stands before a disease finds none', async () => {
  for (const line of ['s/p', 'status post']) expect([line, listIds(await understand(line, 'en'))]).toEqual([line, []]);
  expect(listIds(await understand('s/p MI', 'en'))[0]).toBe('topic-heartattack');
});

test.each([
  ['en', 'DM type 2, uncontrolled', 'topic-diabetestype2'],
  ['en', 'stroke discharge instructions', 'encypi-000132'],
  ['en', 'fever child', 'topic-fever'],
  ['en', 'hay fever', 'topic-hayfever'],
  // A word that another one begins with is not that one: no facelift.
  ['en', 'psoriasis on face', 'topic-psoriasis'],
  ['en', 'what should my blood sugar be', 'topic-bloodglucose'],
  // A page without the word that tells the subject is not it, though it has the other one.
  ['en', 'sciatica exercises', 'topic-sciatica'],
  ['en', 'hearing test child', 'test-hearing-tests-for-children'],
  ['en', 'A&E', 'topic-emergencymedicalservices'],
  // To lower something is no low state of it; and of the old nothing is for children.
  ['es', 'cómo bajar el azúcar', 'topic-hyperglycemia'],
  ['es', 'azúcar baja', 'topic-hypoglycemia'],
  ['en', 'home safety elderly', undefined],
  ['en', 'full code', undefined],
] as const)('%s: the first page of %s is the one that is meant', async (language, line, page) => {
  const [first] = listIds(await understand(line, language));
  expect(first).toBe(page);
});

test('no fever stands behind hay fever', async () => {
  expect(listIds(await understand('hay fever', 'en'))).not.toContain('topic-fever');
});

test.each([
  // A value, and what stands behind it.
  ['en', 'bp 190/110 headache', ['topic-highbloodpressure', 'topic-headache', 'test-measuring-blood-pressure']],
  ['en', 'inr 4.5 what to do', ['test-prothrombin-time-test-and-inr-ptinr']],
  ['es', 'azúcar en 45', ['test-blood-glucose-test', 'topic-hypoglycemia']],
  // A state that is told with the complaint, and what it is compared with.
  ['es', 'sin regla y no embarazada', ['ency-001219']],
  ['es', 'uso del inhalador con espaciador', ['encypi-000042']],
  ['en', 'inhaler without spacer', ['encypi-000041']],
  ['en', 'pee smells like ammonia', ['topic-urineandurination']],
  ['en', 'no driving after cataract surgery', ['ency-002957', 'topic-cataract']],
  ['en', 'fainted in the ER', ['topic-fainting', 'ency-003092']],
  // A name of several words beside others.
  ['en', 'renal diet snacks', ['ency-002442', 'topic-chronickidneydisease']],
  ['en', 'dexcom sensor fell off', []],
  ['en', 'vertago exercises', ['topic-dizzinessandvertigo']],
  ['en', 'foods with potassium', ['topic-potassium', 'drug-a601099']],
  ['en', 'zoloft brain zaps', ['drug-a697048']],
  ['en', 'pulse 130', ['ency-003399']],
  ['es', 'mi hija se hace daño', ['topic-selfharm']],
  ['en', 'potassium 2.8 weak', ['test-potassium-blood-test', 'ency-000479']],
  ['en', 'tetanus after nail', ['topic-tetanus']],
  ['en', 'heimlich baby', ['topic-choking']],
  ['en', 'ileostomy blockage', ['encypi-000071']],
  ['en', "can't move left side", []],
  ['en', 'blue lips baby', []],
  ['es', 'no me baja la fiebre', ['topic-fever', 'ency-003090']],
  ['en', 'daughter depressed', ['topic-depression', 'ency-003213', 'test-depression-screening']],
  ['en', 'my son is gay', []],
  ['es', 'cómo bañar al recién nacido', ['topic-infantandnewborncare']],
  // Blue fingers are no blues; a leaf that is green and a tea are no green tea.
  ['en', 'my fingers are blue', ['topic-raynaudphenomenon']],
  ['en', 'green tea', []],
  ['en', 'can i crush my pills', []],
  ['en', 'black tar poop', ['ency-003130']],
  ['en', 'superior canal dehiscence', []],
  ['en', 'calorie count toddler', []],
] as const)('%s: the words of a line carry its pages: %s', async (language, query, pages) => {
  const request = { query, language, kind: 'article', count: 3 } as const;
  const understood = await understandWords(request, connector.library, vocabulary);
  expect(listIds(addFromSummaries(understood, request, connector.library, vocabulary))).toEqual(pages);
});
