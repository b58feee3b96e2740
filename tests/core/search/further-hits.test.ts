import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Language } from '../../../src/core/model/language.js';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { readVocabulary, readWordRows } from '../../../src/read-vocabulary.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

const vocabulary = readVocabulary('resources');

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

/** The titles that a line finds, in the language of the request; those of codes in brackets. */
async function findTitles(query: string, language: Language, count = 30): Promise<string[]> {
  const { hits } = await understandWords({ query, language, kind: undefined, count }, connector.library, vocabulary);
  return hits.map((hit) => (hit.kind === 'article' ? hit.text.title : `[${hit.concept.title}]`));
}

test.each([
  ['en', 'UTI in men', 'Urinary Tract Infections', /child|girl|infant/i],
  // A page found by another meaning of a word, or by one word of two, or for the young, is none behind it.
  ['en', 'spit up blood after nursing', 'Coughing up blood', /home/i],
  ['en', 'asma inhaler', 'Asthma', /children|occupational/i],
  ['en', 'chest pain after flying', 'Chest Pain', /children/i],
  ['en', 'UTI in girls', 'Urinary tract infection - children', /adult|women/i],
  ['en', 'UTI in boys', 'Urinary tract infection - children', /adult|women/i],
  ['en', 'ble edema', 'Foot, leg, and ankle swelling', /pulmonary|cerebral|facial/i],
  ['en', 'I&D abscess', 'Abscess', /brain/i],
  ['en', 'lower my blood sugar', 'Managing your blood sugar', /newborn/i],
  ['en', 'charley horse', 'Charley horse', /angiopathy|Period/],
  ['es', 'calentura', 'Fiebre', /hemorr|valle|escarlatina|labial/i],
  ['es', 'tiroydes', 'Enfermedades de la tiroides', /cáncer/i],
  ['en', 'swollen ankles', 'Foot, leg, and ankle swelling', /pulmonary|cerebral|scrot/i],
  ['en', 'bump on the head', 'Head Injuries', /brain/i],
  ['en', 'blood in my pee', 'Urine - bloody', /Alport/],
  ['en', 'pinched nerve', 'Peripheral Nerve Disorders', /anxiety|phobia/i],
  ['en', 'hot flashes', 'Menopause', /D and C/],
  ['en', 'lap chole', 'Gallbladder removal - laparoscopic', /spleen/i],
  ['en', 'HTN', 'High Blood Pressure', /malignant|infants|pregnancy|renovascular/i],
  ['en', 'pink eye', 'Pink Eye', /neonatal/i],
  ['en', 'hypoglicemia', 'Hypoglycemia', /newborn|induced/i],
  ['en', 'chlamidia', 'Chlamydia', /psittaci/],
  ['es', 'ganas de vomitar', 'Náusea y vómitos', /embarazo|\[/],
  ['en', 'mdd', 'Major depression', /psychotic/],
  ['es', 'gripa', 'Gripe', /aviar/],
  ['en', 'AAA', 'Abdominal aortic aneurysm', /ruptured/i],
  ['en', 'water on the knee', 'Knee Injuries and Disorders', /crushing/i],
  ['es', 'calentura en el niño', 'Fiebre', /hemorr|valle/i],
  ['es', 'diavetes', 'Diabetes', /insípida/i],
  ['en', 'anemea', 'Anemia', /aplastic|fanconi|sickle/i],
  ['en', 'IUGR', 'Intrauterine growth restriction', /metaphyseal/],
  ['en', 'osteoperosis', 'Osteoporosis', /pseudoglioma/],
  ['en', 'brochitis', 'Acute Bronchitis', /COPD/],
  ['en', 'got burned', 'Burns', /Glossitis/],
  ['en', 'patient rights', 'Patient Rights', /ventricular|bowel/i],
  ['en', 'bug bite', 'Insect Bites and Stings', /marine/i],
  ['es', 'falta de aire', 'Problemas respiratorios', /sincitial|patógenos/],
  // Of a nutrient no drug, of an operation no complication that a code is for.
  ['en', 'what foods have a lot of salt', 'Sodium', /oxybate|phosphate/i],
  ['en', 'vbac', 'Vaginal birth after C-section', /failed/i],
  ['en', 'CABG', 'Coronary Artery Bypass Surgery', /complication|transplanted/i],
  // Of a disease no imitation, no other animal's bite, no organ's own cause.
  ['en', 'SBO', 'Intestinal Obstruction', /pseudo/i],
  ['en', 'dog bite', 'Animal Bites', /marine/i],
  // Of what is acute nothing chronic.
  ['en', 'CLL', 'Chronic Lymphocytic Leukemia', /acute/i],
  ['en', 'AML', 'Acute Myeloid Leukemia', /chronic/i],
  ['en', 'AKI', 'Acute kidney failure', /injury/i],
  ['es', 'IRC', 'Enfermedad renal crónica', /aguda/],
  ['es', 'tos con flemas', 'Tos', /torácica|sangre|ferina/],
  ['es', 'mi hijo moja la cama', 'Orinarse en la cama', /seno/],
  // A page for the young stays behind one for everybody only where the line has a word for them.
  ['en', 'AUD', 'Alcohol Use Disorder (AUD)', /fetal|underage/i],
  ['es', 'depreción', 'Depresión', /adolescente/i],
  ['en', 'tobacco abuse', 'Smoking', /youth/i],
  // A title without the line's word has none that is news behind it; another name alone is no reason that a reader sees.
  ['en', 'keto diet', 'Diets', /calcium|potassium/i],
  ['en', 'night sweats', 'Sweat', /cystic|electrolytes/i],
  ['en', 'goiter', 'Goiter - simple', /Pendred/],
  ['en', 'bloating and gas', 'Abdominal bloating', /gangrene/i],
  ['en', 'what is a living will', 'Advance Directives', /endometriosis/i],
  ['es', 'garganta inflamada', 'Dolor de garganta', /articular/],
  // Nor is a code that denies the line's word, or says how something happened.
  ['en', 'ascites', 'Ascites', /without ascites/],
  ['en', 'thallium', 'Nuclear stress test', /self-harm/],
] as const)('%s: behind what is meant by %s stands no other subject', async (language, line, first, other) => {
  const [title, ...further] = await findTitles(line, language);
  expect(title).toBe(first);
  expect(further.filter((one) => other.test(one))).toEqual([]);
});

test.each([
  ['en', 'fever', 'Hemorrhagic Fevers'],
  ['en', 'hemorrhagic fever', 'Hemorrhagic Fevers'],
  ['en', 'thyroid cancer', 'Thyroid Cancer'],
  ['en', 'pulmonary edema', 'Pulmonary edema'],
  ['en', 'aplastic anemia', 'Aplastic Anemia'],
  ['es', 'cáncer de tiroides', 'Cáncer de tiroides'],
] as const)('%s: what frightens is found where the line says so: %s', async (language, line, title) => {
  const titles = await findTitles(line, language);
  expect(titles.includes(title)).toBe(line !== 'fever');
});

test.each([
  ['en', 'diarrhea', 'Diarrhea', 'When you have diarrhea'],
  ['en', 'copd', 'COPD', 'COPD flare-ups'],
  ['en', 'breast cancer', 'Breast Cancer', 'Breast cancer screenings'],
  ['es', 'gripa', 'Gripe', 'Gripe y su hijo'],
  ['es', 'gripe en niños', 'Gripe', 'Gripe y su hijo'],
  ['en', 'child UTI', 'Urinary tract infection - children', 'Urinary Tract Infections'],
  ['en', 'UTI', 'Urinary Tract Infections', 'Urinary tract infection - adults'],
  ['en', 'asthma', 'Asthma', '[Asthma]'],
  ['en', 'asthma', 'Asthma', 'Occupational asthma'],
  ['en', 'shaky hands', 'Tremor', 'Tremor - self-care'],
] as const)('%s: more on the same subject stays behind it: %s', async (language, line, first, other) => {
  const titles = await findTitles(line, language);
  expect([titles[0], titles.includes(other)]).toEqual([first, true]);
});

test.each([
  ['en', 'pneumonia and headache', ['Pneumonia', 'Headache']],
  ['en', 'post-op day 3 nausea and fever', ['Nausea and Vomiting', 'Fever']],
  ['en', 'astma inhaler', ['Asthma', 'How to use an inhaler - with spacer']],
] as const)('%s: a line of two subjects shows both first: %s', async (language, line, wanted) => {
  const titles = await findTitles(line, language, 3);
  expect(wanted.filter((title) => !titles.includes(title))).toEqual([]);
});

test('the name of a code in several systems stands there once', async () => {
  const titles = await findTitles('tinnitus', 'en');
  expect(titles.filter((title) => title === '[Tinnitus]')).toHaveLength(1);
});

test('a search for codes alone is for all of them', async () => {
  const request = { query: 'hypertension', language: 'en', kind: 'concept', count: 50 } as const;
  const { hits } = await understandWords(request, connector.library, vocabulary);
  const titles = hits.map((hit) => (hit.kind === 'concept' ? hit.concept.title : ''));
  expect(titles.filter((title) => /pulmonary/i.test(title))).not.toEqual([]);
});

/** Words of titles that frighten, and what a line or its first page has where they are meant. */
const FRIGHTENING = /cancer|tumor|leukemia|lymphoma|amputation|hemorrhagic|suicide/i;
const MEANT = /cancer|tumor|leuk|oma\b|oncol|chemo|amputat|limb|hemorr|bleed|stroke|suicid/i;

test('behind no abbreviation of one meaning stands a cancer, an amputation or a bleeding that it does not name', async () => {
  const wrong: string[] = [];
  for (const { text, language, means } of readWordRows('resources', 'abbreviations')) {
    if (language !== 'en') continue;
    const [first, ...further] = await findTitles(text, language, 8);
    if (first === undefined || MEANT.test(`${first} ${means} ${text}`)) continue;
    wrong.push(...further.filter((title) => FRIGHTENING.test(title)).map((title) => `${text} → ${title}`));
  }
  // A name of this test is the abbreviation itself.
  expect(wrong).toEqual(['AFP → Alpha Fetoprotein (AFP) Tumor Marker Test']);
});
