import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { cellsOfLine } from '../../../src/build/shipped-table.js';
import { foldText } from '../../../src/core/search/text-tokens.js';
import { readStatement } from '../../../src/core/titles/statements/stated-otherwise.js';
import type { Language } from '../../../src/core/model/language.js';
import type { KnownWordRow } from '../../../src/core/words/known-word.js';
import { abbreviationKey } from '../../../src/core/words/known-words.js';
import type { Understanding } from '../../../src/core/words/understanding.js';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { readVocabulary, readWordRows } from '../../../src/read-vocabulary.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

const RESOURCES = 'resources';
const abbreviations = readWordRows(RESOURCES, 'abbreviations');
const layWords = readWordRows(RESOURCES, 'lay-words');
const vocabulary = readVocabulary(RESOURCES);

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const understand = (query: string, language: Language): Promise<Understanding> =>
  understandWords({ query, language, kind: 'article', count: 5 }, connector.library, vocabulary);

const textsOf = (rows: readonly KnownWordRow[], language: Language): Set<string> =>
  new Set(rows.filter((row) => row.language === language).map(({ text }) => text.toLowerCase()));

/** How many rows have a key. */
function countRows(rows: readonly KnownWordRow[], buildKey: (row: KnownWordRow) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of rows.map(buildKey)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

describe('the files of abbreviations and lay words', () => {
  test('there are enough of each', () => {
    expect(textsOf(abbreviations, 'en').size).toBeGreaterThan(200);
    expect(textsOf(abbreviations, 'es').size).toBeGreaterThan(100);
    expect(textsOf(layWords, 'en').size).toBeGreaterThan(150);
    expect(textsOf(layWords, 'es').size).toBeGreaterThan(150);
  });

  test('every row that is not error-prone names an article, unless it is one meaning of several or denies something', () => {
    const bare = [...abbreviations, ...layWords].filter(
      ({ articles, isErrorProne, means }) =>
        articles.length === 0 && !isErrorProne && readStatement(means)?.kind !== 'negated',
    );
    const keyOf = ({ text, language }: KnownWordRow): string => `${language} ${abbreviationKey(text)}`;
    const counts = countRows([...abbreviations, ...layWords], keyOf);
    const alone = bare.filter((row) => counts.get(keyOf(row)) === 1);
    expect(alone.map(({ text }) => text)).toEqual([]);
  });

  test('every article that a row names is there', () => {
    const ids = [...new Set([...abbreviations, ...layWords].flatMap(({ articles }) => articles))];
    const found = new Set(connector.library.findArticles(ids).map(({ id }) => id));
    expect(ids.filter((id) => !found.has(id))).toEqual([]);
  });

  test('no row is there twice, and a meaning is written out', () => {
    const counts = countRows(
      [...abbreviations, ...layWords],
      ({ text, language, means, isAbbreviation }) =>
        `${language} ${isAbbreviation ? abbreviationKey(text) : text.toLowerCase()} ${means}`,
    );
    expect([...counts].filter(([, count]) => count > 1)).toEqual([]);
    expect(abbreviations.filter(({ means }) => means === '')).toEqual([]);
  });
});

test('lay words have several meanings only where their rows say so, not by other words of one key', () => {
  const keyOf = ({ text, language }: KnownWordRow): string => `${language} ${text}`;
  const counts = countRows(layWords, keyOf);
  const ambiguous = layWords.filter(
    (row) => counts.get(keyOf(row)) === 1 && (vocabulary.known.find(row.text, row.language)?.meanings.length ?? 0) > 1,
  );
  expect(ambiguous.map(({ text }) => text)).toEqual([]);
});

/** The articles offered first: of the hits, or of each reading. */
const firstOf = (understood: Understanding): (string | undefined)[] =>
  understood.kind === 'abbreviation'
    ? understood.readings.map(({ articles }) => articles[0]?.article.id)
    : understood.hits.slice(0, 1).map((hit) => (hit.kind === 'article' ? hit.article.id : undefined));

/** True if the first hit is the article of exactly the line as its title: it precedes what people judged right for the line. */
const isTitled = ({ hits: [first] }: Understanding, line: string): boolean =>
  first?.kind === 'article' && foldText(first.text.title) === foldText(line);

test('every row leads to its article, an abbreviation in any case; before it stands only an article of that title', async () => {
  const wrong: string[] = [];
  for (const { text, language, articles, isAbbreviation } of [...abbreviations, ...layWords]) {
    const [first] = articles;
    if (first === undefined) continue;
    for (const typed of new Set(isAbbreviation ? [text, text.toLowerCase(), text.toUpperCase()] : [text])) {
      const understood = await understand(typed, language);
      const hits = isTitled(understood, typed) ? understood.hits : understood.hits.slice(0, 1);
      const isThere = hits.some((hit) => hit.kind === 'article' && hit.article.id === first);
      if (!isThere && !firstOf(understood).includes(first)) wrong.push(`${typed} → ${first}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('what is ambiguous or error-prone selects nothing', async () => {
  for (const text of [
    'MS',
    'ms',
    'M.S.',
    'PE',
    'RA',
    'CP',
    'MSO4',
    'MgSO4',
    'AZT',
    'HCT',
    'D/C',
    'DC',
    'OD',
    'T3',
    'QD',
    'U',
    'SC',
  ]) {
    const understood = await understand(text, 'en');
    expect([text, understood.kind, understood.hits]).toEqual([text, 'abbreviation', []]);
  }
});

test('the frequent meaning is offered first', async () => {
  const first = async (text: string): Promise<string | undefined> => firstOf(await understand(text, 'en'))[0];
  expect(await first('MS')).toBe('topic-multiplesclerosis');
  expect(await first('PE')).toBe('topic-pulmonaryembolism');
  expect(await first('RA')).toBe('topic-rheumatoidarthritis');
  expect(await first('CP')).toBe('topic-chestpain');
});

test('a word that is right by itself is doubted where the line finds next to nothing', async () => {
  const first = async (text: string): Promise<string | undefined> => firstOf(await understand(text, 'en'))[0];
  expect(await first('carpal tunel')).toBe('topic-carpaltunnelsyndrome');
  expect(await first('high colesterol')).toBe('topic-cholesterol');
  for (const nonsense of ['blue moon', 'hello world', 'lunch menu']) expect(await first(nonsense)).toBeUndefined();
});

test.each([
  ['en', 'gout diet', 'topic-gout'],
  ['en', 'my throat hurts when I swallow', 'topic-sorethroat'],
  ['en', 'exercise after heart attack', 'topic-cardiacrehabilitation'],
  ['en', 'foods to avoid with warfarin', 'drug-a682277'],
  ['en', 'stepped on a rusty nail', 'ency-000043'],
  ['en', 'my husband drinks too much', 'topic-alcoholusedisorderaud'],
  ['en', 'end of life', 'topic-endoflifeissues'],
  ['en', 'hearing aid batteries', 'topic-hearingaids'],
  ['en', 'arthritis in my hands', 'topic-arthritis'],
  ['en', 'cataracs', 'topic-cataract'],
  ['en', 'ovarian ca', 'topic-ovariancancer'],
  ['en', 'L TKA', 'topic-kneereplacement'],
  ['en', 'troponin results', 'test-troponin-test'],
  ['en', 'my strep test was negative', 'test-strep-a-test'],
  ['en', 'nitro under the tongue', 'drug-a601086'],
  ['en', 'numb fingers in the morning', 'ency-003206'],
  ['en', 'I hear voices', 'ency-003258'],
  ['en', 'after your heart attack', 'encypi-000093'],
  ['en', 'low potassium foods', 'ency-002442'],
  ['en', 'cutting myself', 'topic-selfharm'],
  // `home` is no OME, the middle ear's effusion.
  ['en', 'vaccine at home', 'topic-vaccines'],
  ['en', 'ca of the breast', 'topic-breastcancer'],
  ['en', 'post-op hysterectomy', 'topic-hysterectomy'],
  ['es', 'ca de mama', 'topic-breastcancer'],
  ['es', 'me van a hacer una resonancia', 'topic-mriscans'],
  ['es', 'RM de rodilla', 'ency-007361'],
  ['es', 'mi esposo me pega', 'topic-intimatepartnerviolence'],
  ['es', 'artritis y gota', 'topic-arthritis'],
  ['es', 'mi hijo se hace pipí en la cama', 'encypi-000703'],
  ['es', 'me duele la rodilla al caminar', 'ency-003187'],
  ['en', '20 weeks pregnant', 'topic-pregnancy'],
  ['es', 'comida para bebé de 6 meses', 'topic-infantandnewbornnutrition'],
] as const)('%s: what surrounds a subject counts for nothing: %s', async (language, line, article) => {
  expect(firstOf(await understand(line, language))[0]).toBe(article);
});

test.each([
  ['en', 'walnuts against gout', 'topic-gout'],
  ['en', 'epilepsy and scuba certificates', 'topic-epilepsy'],
  ['es', 'campamentos de verano y epilepsia', 'topic-epilepsy'],
] as const)('%s: a word that tells its subject is enough beside any others: %s', async (language, line, article) => {
  expect(firstOf(await understand(line, language))[0]).toBe(article);
});

test.each([
  ['suicidal ideation', 'topic-suicide'],
  ['autonomic dysreflexia', 'ency-001431'],
  ['opioid dependence', 'topic-opioidsandopioidusedisorderoud'],
  ["an article's name suits as well: concussion", 'topic-concussion'],
])('%s: the pages of the code that a line names lead where no article has that name', async (line, article) => {
  const query = line.replace(/.*: /, '');
  for (const kind of ['article', undefined] as const) {
    const request = { query, language: 'en', kind, count: 3 } as const;
    expect(firstOf(await understandWords(request, connector.library, vocabulary))[0]).toBe(article);
  }
});

test.each([
  ['en', 'low fat diet pancreatitis', 'topic-pancreatitis'],
  ['en', 'low salt diet for heart failure', 'topic-heartfailure'],
  ['en', 'ringing in ears after concert', 'topic-tinnitus'],
  ['es', 'ojos amarillos y orina oscura', 'topic-jaundice'],
  ['es', 'niño con fiebre y manchas', 'topic-rashes'],
  ['es', 'uña enterrada con pus', 'ency-001237'],
  ['en', 'spider bite turning black', 'topic-spiderbites'],
  ['en', 'feeling sick after chemo', 'topic-cancerchemotherapy'],
  ['en', 'spotting at 8 weeks pregnant', 'ency-003264'],
  ['es', 'bebé de dos meses con mocos', 'ency-003051'],
] as const)('%s: of a line of several things the most telling leads: %s', async (language, line, article) => {
  expect(firstOf(await understand(line, language))[0]).toBe(article);
});

test.each([
  // A part of a code's name, the beginning of a word, a word of a longer title.
  ...(['apparel', 'affect', 'agree', 'amen', 'append', 'high heels'] as const).map((line) => ['en', line] as const),
  // Slang for a street drug is an everyday word in all other lines.
  ...(['ice', 'glass', 'speed', 'grass stains', 'pot roast'] as const).map((line) => ['en', line] as const),
  // Words of everyday speech that are parts of names: a lung's failure, a tick, unstable angina, a lost limb, an order not to resuscitate.
  ...(['hard lump', 'thick skin', 'new', 'part', 'no', 'right', 'mother', 'sick', 'treatment'] as const).map(
    (line) => ['en', line] as const,
  ),
  ['es', 'pasta'],
  ['es', 'nieve'],
  ['es', 'síntomas'],
  ['es', 'tratamiento'],
  ['es', 'sí'],
  ['es', 'mi vecino me amenaza'],
] as const)('%s: an everyday word is no part of a name: %s', async (language, line) => {
  expect(firstOf(await understand(line, language))).toEqual([]);
});

test.each([
  ['cholera', 'topic-cholera'],
  ['smoking weed', 'topic-marijuana'],
  ['weed', 'topic-marijuana'],
  ['crest', 'topic-scleroderma'],
  ["my son od'd", 'ency-007287'],
] as const)('a word that is all of a name, or judged, is one: %s', async (line, article) => {
  expect(firstOf(await understand(line, 'en'))[0]).toBe(article);
});

test.each([
  ['en', 'LLE swelling', 'ency-003104'],
  ['en', 'metmorfin', 'drug-a696005'],
  ['es', 'lorsatan', 'drug-a695008'],
  ['en', 'pneumococcal vaccine', 'vis-pneumococcal-conjugate'],
  ['en', 'neumonia shot', 'vis-pneumococcal-conjugate'],
  ['en', 'OneTouch Ultra test strips', 'topic-bloodglucose'],
  ['en', 'blood pressure too high today', 'topic-highbloodpressure'],
  ['en', 'my boss is a pain in the neck', 'encypi-000884'],
  // In Spanish a cough, in English an abbreviation.
  ['es', 'tos', 'topic-cough'],
  ['en', 'TOS', 'topic-thoracicoutletsyndrome'],
  // A bed is no breast cancer, a big toe no obesity, a tongue has no vitiligo.
  ['es', 'cama', undefined],
  ['es', 'uñero en el dedo gordo', 'topic-toeinjuriesanddisorders'],
  ['es', 'mancha blanca en la lengua', 'topic-tonguedisorders'],
  // A page's own title, and what has a letter or a word in common with another.
  ['en', 'heart block', 'ency-007658'],
  ['en', 'increased appetite', 'ency-003134'],
  ['en', 'rubeola', 'topic-measles'],
  ['es', 'rubéola', 'topic-rubella'],
  ['en', 'type II diabetes', 'topic-diabetestype2'],
  ['es', 'gripe y su bebé', 'ency-007444'],
  ['es', 'derechos del paciente', 'topic-patientrights'],
  ['es', 'rayos', 'topic-xrays'],
  ['es', 'insulina lantuz', 'drug-a600027'],
  ['en', 'men', 'topic-menshealth'],
  ['en', 'MEN 1', 'ency-000398'],
  ['en', 'kids', 'topic-childrenshealth'],
] as const)('%s: a judged row leads: %s', async (language, line, article) => {
  expect(firstOf(await understand(line, language))[0]).toBe(article);
});

test('thin blood is an anemia or what a medicine does: both are offered', async () => {
  const understood = await understand('thin blood', 'en');
  expect([understood.kind, firstOf(understood)]).toEqual(['abbreviation', ['topic-anemia', 'topic-bloodthinners']]);
});

test('a number that people call is offered beside the category of ICD-9-CM', async () => {
  const understood = await understand('988', 'en');
  expect([understood.kind, firstOf(understood)]).toEqual(['abbreviation', ['topic-suicide', 'topic-poisoning']]);
  expect((await understand('250', 'en')).kind).toBe('code');
});

test.each([
  ['retained placenta', 'topic-childbirthproblems'],
  ['hep b carrier', 'topic-hepatitisb'],
  // Its own page comes before those of a code that has these words too.
  ['hepatitis b', 'topic-hepatitisb'],
] as const)('a line that is the name of a code leads to the articles of the code: %s', async (line, article) => {
  expect(firstOf(await understand(line, 'en'))[0]).toBe(article);
});

test.each([
  ['en', 'cat food'],
  ['en', 'new shoes'],
  ['en', 'cold war'],
  ['en', 'change my password'],
  // Two drugs: neither page is the line's.
  ['en', 'can you take ibuprofen together with warfarin at home'],
  ['en', 'on and off since yesterday'],
  ['en', 'blood diamond'],
  ['es', 'zapatos nuevos'],
  ['es', 'otra vez'],
  // No beginning of mesothelioma.
  ['es', 'un mes'],
] as const)('%s: nonsense finds nothing by what surrounds it: %s', async (language, line) => {
  expect(firstOf(await understand(line, language))).toEqual([]);
});

test.each([
  ['en', 'I want to end my life'],
  ['en', 'my son wants to kill himself'],
  ['en', 'I do not want to live'],
  ['es', 'mi hija dice que se quiere morir'],
  ['es', 'mi hijo se quiere matar'],
] as const)('%s: who speaks of dying by their own hand is answered so: %s', async (language, line) => {
  expect(firstOf(await understand(line, language))[0]).toBe('topic-suicide');
});

test('an abbreviation is no part of another name, and one that denies something holds the line', async () => {
  // `ST` is a part of a brand of aspirin, `BID` the beginning of a rare syndrome's other name.
  for (const text of ['ST', 'BID']) expect([text, firstOf(await understand(text, 'en'))]).toEqual([text, []]);
  for (const text of ['NKDA', 'nka']) expect([text, (await understand(text, 'en')).kind]).toEqual([text, 'held']);
});

test.each([
  ['es', '¿qué es la diabetes?', 'topic-diabetes'],
  ['es', 'cómo bajar la presión alta', 'topic-highbloodpressure'],
  ['es', 'cuánto dura la gripe', 'topic-flu'],
  ['es', 'qué hacer si tengo fiebre', 'topic-fever'],
  ['es', 'puedo tomar ibuprofeno en el embarazo', 'drug-a682159'],
  ['en', 'what is a heart attack', 'topic-heartattack'],
  ['en', 'how to use an inhaler', 'encypi-000041'],
  ['en', 'how long does the flu last', 'topic-flu'],
  ['en', 'what to do for a nosebleed', 'ency-003106'],
  ['en', 'how do you get hepatitis C', 'topic-hepatitisc'],
  ['en', 'vitamin A', 'topic-vitamina'],
] as const)('%s: the words of a question weigh nothing: %s', async (language, question, article) => {
  expect(firstOf(await understand(question, language))[0]).toBe(article);
});

test.each([
  ['butalbital-APAP-caffeine 50-325-40', 'drug-a601009'],
  ['pip-tazo 3.375 g IV', 'drug-a694003'],
  ['heparin drip', 'drug-a682826'],
  ['Imodium AD', 'drug-a682280'],
  // Sold for the skin too, which is measured in per cent.
  ['terbinafine 250 mg', 'drug-a699061'],
  // A name in brackets is another of the same drug, though no row has both.
  ['ondansetron (ZOFRAN) injection 4 mg', 'drug-a606022'],
  ['buPROPion XL (WELLBUTRIN XL) 300 MG 24 hr tablet', 'drug-a695033'],
  ['fluticasone-salmeterol (ADVAIR DISKUS) 250-50 mcg/dose diskus inhaler', 'drug-a699063'],
  // The fluid that it is mixed with states that it is infused.
  ['vancomycin (VANCOCIN) 1,250 mg in NS 250 mL', 'drug-a601167'],
  ['niacin ER 500', 'drug-a682518'],
  // Sold for the mouth and the needle: drops are swallowed.
  ['haloperidol drops', 'drug-a682180'],
  ['haloperidol gtts PO', 'drug-a682180'],
  ['ofloxacin 5 gtts AU bid', 'drug-a607011'],
  ['prednisolone gtts OS qid', 'drug-a682794'],
  // A dose without its unit, and words of an order.
  ['carvedilol 6.25 c/12', 'drug-a697042'],
  ['norco 5 q6prn #20', 'drug-a601006'],
  ['Ventolin 2p q4-6h prn', 'drug-a682145'],
  ['hold metoprolol for HR<60', 'drug-a682864'],
  ['Flovent 110 2 puffs bid rinse mouth', 'drug-a601056'],
  ['carboplatin AUC 5', 'drug-a695017'],
  ['Pen G benzathine 2.4 million units IM', 'drug-a615051'],
  ['Bactrim DS (sulfamethoxazole-trimethoprim)', 'drug-a684026'],
  // A brand that is sold no more has the ingredients of its page.
  ['Toradol 30 mg IV', 'drug-a614011'],
  ['5-FU 400 mg/m2 bolus', 'drug-a682708'],
  ['methylprednisolone 125 mg IV q6h', 'drug-a601157'],
  ['interferon beta-1a 30 mcg IM weekly', 'drug-a693040'],
  ['clindamycin-benzoyl peroxide 1-5%', 'drug-a603021'],
  ['lidocaine 2% viscous', 'drug-a682701'],
  ['metolazone 2.5 mg 30 min before lasix', 'drug-a682345'],
  ['hydrocortisone 10 mg AM and 5 mg PM', 'drug-a682206'],
  ['estradiol 1 MG / norethindrone acetate 0.5 MG Oral Tablet', 'drug-a601041'],
  ['diclofenac sodium 0.03 MG/MG Topical Gel', 'drug-a611041'],
  ['norethindrone 0.35', 'drug-a602008'],
  ['estradiol 10 mcg vaginal insert', 'drug-a606005'],
  // Misspelt, without a unit, or as it sounds.
  ['losarten 25', 'drug-a695008'],
  ['lasics 20 mg', 'drug-a682858'],
  ['hydrocodon/acetaminophen 10-325', 'drug-a601006'],
  // The salt, the measure, or the brand tells the route.
  ['haloperidol decanoate 50 mg', 'drug-a615023'],
  ['testosterone cyp 200 mg', 'drug-a614041'],
  ['paliperidone palmitate 156 mg', 'drug-a615032'],
  ['gent 5 mg/kg', 'drug-a682275'],
  ['vanc 1g', 'drug-a601167'],
  ['clinda 300 tid', 'drug-a682399'],
  ['ondansetron 2 mg/mL', 'drug-a606022'],
  ['imitrex 12 mg/mL', 'drug-a696023'],
  ['fentanyl 25 mcg/hr', 'drug-a601202'],
  ['rivastigmine 9.5 mg/24 hr', 'drug-a607078'],
  ['fluticasone 110 mcg/actuation', 'drug-a601056'],
  ['tacrolimus 1 mg/g', 'drug-a602020'],
  ['albuterol 4 mg', 'drug-a607004'],
  ['Uzedy 125 mg', 'drug-a615012'],
  ['bicillin LA 2.4 MU', 'drug-a615051'],
  ['doxy 100 bid', 'drug-a682063'],
  ['gotas oftálmicas de ciprofloxacino', 'drug-a605005'],
] as const)('%s is read as its drug', async (line, article) => {
  const { kind, hits } = await understand(line, 'en');
  expect([kind, hits.map((hit) => hit.kind === 'article' && hit.article.id)]).toEqual(['drug', [article]]);
});

test.each([
  'tylenol (ibuprofen)',
  'Advil Cold and Sinus',
  // Bound to albumin, in the eye, inhaled, in a joint: not the page of the ingredient's name.
  'Abraxane',
  'estradiol 50 mg drug implant',
  'azasite',
  'Cayston 75 mg',
  'depo-medrol 80 mg/mL',
  'promethazine 25 mg/mL',
  'Kesimpta',
  // A brand without a row is no misspelt word.
  'coricidin hbp',
  'valtoco 10 mg',
  'systane',
  'methylene blue 1 %',
  // A nutrient or a laboratory's value is an ingredient where it is measured beside another.
  'glucosamine sulfate 500 MG / methylsulfonylmethane 400 MG Oral Capsule',
  'biotin 2 MG/ML / minoxidil 50 MG/ML Topical Solution',
  // An infusion is not the tablet.
  'diltiazem gtt 5 mg/hr',
  'nicardipine gtt',
  'D5 1/2 NS with 20 KCl @ 75 ml/hr',
])('a product without a page finds none of a part or of another route: %s', async (line) => {
  expect(await understand(line, 'en')).toMatchObject({ kind: 'drug', hits: [] });
});

test.each([
  ['en', 'missed abortion', 'topic-miscarriage'],
  ['en', 'inevitable abortion', 'topic-miscarriage'],
  ['es', 'aborto retenido', 'topic-miscarriage'],
  ['en', 'intrauterine fetal demise', 'topic-stillbirth'],
  ['es', 'óbito fetal', 'topic-stillbirth'],
] as const)(
  '%s: a pregnancy that was lost finds neither the page on abortion nor none: %s',
  async (language, line, article) => {
    const found = (await understand(line, language)).hits.flatMap((hit) =>
      hit.kind === 'article' ? hit.article.id : [],
    );
    expect([found[0], found.includes('topic-abortion')]).toEqual([article, false]);
  },
);

test('a line of two drugs that are not sold as one offers each', async () => {
  const line = await understand('cont ASA 81, plavix 75', 'en');
  expect([line.kind, line.kind === 'abbreviation' && line.readings.map(({ query }) => query)]).toEqual([
    'abbreviation',
    ['aspirin', 'plavix'],
  ]);
});

test('the only page of a drug that is injected or sprayed too is offered, not selected', async () => {
  for (const line of ['naloxone 0.4 mg', 'epinephrine 1 mg/10 mL']) {
    expect([line, (await understand(line, 'en')).kind]).toEqual([line, 'abbreviation']);
  }
});

test('what is denied tells the page, not the denial', async () => {
  expect(firstOf(await understand('mi hija no come', 'es'))).not.toContain('encypi-000473');
  expect((await understand('no DM', 'en')).kind).toBe('held');
});

test.each([
  ...['abbreviations', 'lay-words', 'everyday-words', 'context-words', 'list-headings'].map((name) => `search/${name}`),
  'drugs/strength-routes',
])('%s.csv is read line by line as a CSV parser reads it', (name) => {
  const content = readFileSync(`resources/${name}.csv`, 'utf8');
  const lines = content.split('\n').filter((line) => line !== '');
  expect(lines.map(cellsOfLine)).toEqual(parse(content));
});
