import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Language } from '../../../src/core/model/language.js';
import type { Understanding } from '../../../src/core/words/understanding.js';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

const vocabulary = readVocabulary('resources');
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const understand = (query: string, language: Language = 'en'): Promise<Understanding> =>
  understandWords({ query, language, kind: undefined, count: 3 }, connector.library, vocabulary);

const idsOf = ({ hits }: Understanding): string[] =>
  hits.map((hit) => (hit.kind === 'article' ? hit.article.id : hit.concept.code));

describe('all words of a line count, units and forms do not', () => {
  test.each([
    ['banana 500 mg tablet', undefined],
    ['banana', undefined],
    ['diabetes banana', 'topic-diabetes'],
    ['500 mg tablet', undefined],
    ['banana 7/7/7', undefined],
    ['total knee arthroplasty', 'topic-kneereplacement'],
    ['total ankle arthroplasty', 'ency-007254'],
    ['low sodium diet', 'topic-sodium'],
    ['low sodium', 'ency-000394'],
    ['oral cancer', 'topic-oralcancer'],
    ['COPD exacerbation', 'encypi-000698'],
    ['CHF exacerbation', 'topic-heartfailure'],
    ['DM2 diet', 'ency-007429'],
    ['what is gout', 'topic-gout'],
    ['vitamin d 1000 iu', 'topic-vitamind'],
    ['pink eye in my child', 'topic-pinkeye'],
    ['URI sx', 'topic-commoncold'],
    ['CKD stage 3a', 'topic-chronickidneydisease'],
    ['bipolar d/o', 'topic-bipolardisorder'],
    ['UTI in children', 'ency-000505'],
    // Behind is no blindness misspelt.
    ['pain behind ear', 'ency-003046'],
    ['pain behind the eyes', 'ency-003032'],
    ['heart burn', 'topic-heartburn'],
    ['LX', undefined],
  ])('%s → %s', async (query, first) => {
    expect(idsOf(await understand(query))[0]).toBe(first);
  });
});

describe('what denies, rules out, or is of another is held', () => {
  test.each<[query: string, kind: string, language: Language]>([
    ['denies chest pain', 'negated', 'en'],
    ['h/o stroke', 'history', 'en'],
    ['antecedentes familiares de diabetes', 'family-history', 'es'],
  ])('%s: %s', async (query, kind, language) => {
    const understood = await understand(query, language);
    expect(understood).toMatchObject({ kind: 'held', hits: [], statement: { kind } });
  });

  test.each<[query: string, first: string, language: Language]>([
    ['no appetite', 'ency-003121', 'en'],
    ['no period', 'ency-001219', 'en'],
    ['Sweating - absent', 'ency-003219', 'en'],
    ['Family history', 'topic-familyhistory', 'en'],
    ['quit smoking', 'topic-quittingsmoking', 'en'],
    ['non-Hodgkin lymphoma', 'ency-000581', 'en'],
    ['HIV screening test', 'test-hiv-screening-test', 'en'],
    ['no puedo dormir', 'topic-insomnia', 'es'],
    ['sin aliento', 'topic-breathingproblems', 'es'],
    ['Linfoma no Hodgkin', 'ency-000581', 'es'],
  ])('%s holds nothing back: %s', async (query, first, language) => {
    expect(idsOf(await understand(query, language))[0]).toBe(first);
  });
});

describe('a misspelt line is understood as it was meant', () => {
  test.each<[typed: string, meant: string, language: Language]>([
    // By ear.
    ['diabetis', 'diabetes', 'en'],
    ['anxeity attacks', 'anxiety attacks', 'en'],
    ['glocoma', 'glaucoma', 'en'],
    ['hart attack', 'heart attack', 'en'],
    ['enbarazo', 'embarazo', 'es'],
    ['besicula viliar', 'vesícula biliar', 'es'],
    ['brazo kebrado', 'brazo quebrado', 'es'],
    // By finger.
    ['kidney stoens', 'kidney stones', 'en'],
    ['cant keep anyting down', 'cant keep anything down', 'en'],
    ['cuerpo cortdo', 'cuerpo cortado', 'es'],
    // A space too many, or one too few.
    ['bloodpressure', 'blood pressure', 'en'],
    ['sleepapnea', 'sleep apnea', 'en'],
    ['downsyndrome', 'down syndrome', 'en'],
    ['obe sidad', 'obesidad', 'es'],
    ['espuma en laorina', 'espuma en la orina', 'es'],
    // The everyday word is not meant where the rest tells another.
    ['planter fasciitis', 'plantar fasciitis', 'en'],
    // Drugs.
    ['metforman', 'metformin', 'en'],
    ['tilenol', 'tylenol', 'en'],
    ['guarfarina', 'warfarina', 'es'],
  ])('%s: %s', async (typed, meant, language) => {
    const [found] = idsOf(await understand(typed, language));
    expect(found).toBeDefined();
    expect(found).toBe(idsOf(await understand(meant, language))[0]);
  });

  test('it denies what it was meant to deny', async () => {
    expect((await understand('wihtout chest pain')).kind).toBe('held');
    expect((await understand('denies diabetis')).kind).toBe('held');
  });

  test.each<[typed: string, language: Language]>([
    ['camisa', 'es'],
    ['avion', 'es'],
    ['piano', 'en'],
    ['butter', 'en'],
    ['qqqqqqqqqq', 'en'],
    // As near to one drug as to another.
    ['amoxilina', 'es'],
  ])('%s finds nothing', async (typed, language) => {
    expect(idsOf(await understand(typed, language))).toEqual([]);
  });

  test.each([
    'hydralazine',
    'hydroxyzine',
    'celebrex',
    'celexa',
    'lamictal',
    'lamisil',
    'tramadol',
    'trazodone',
    'clonidine',
  ])('no slip makes another drug of %s', async (name) => {
    const right = idsOf(await understand(name));
    for (let at = 1; at < name.length; at += 1) {
      const typed = name.slice(0, at) + name.slice(at + 1);
      const [found] = (await understand(typed)).hits;
      if (found?.kind !== 'article' || found.article.kind !== 'drug') continue;
      expect([typed, right.includes(found.article.id)]).toEqual([typed, true]);
    }
  });
});

describe('abbreviations', () => {
  test('one with a dose is read without it', async () => {
    for (const query of ['MSO4 10 mg IV', 'HCT 25 mg', 'AZT 300 mg tablet', 'T3 25 mcg']) {
      expect([query, (await understand(query)).kind]).toEqual([query, 'abbreviation']);
    }
  });

  test('one of several meanings within a line offers the line with each', async () => {
    const understood = await understand('RA flare');
    expect(understood.kind === 'abbreviation' && understood.readings[0]?.query).toBe('rheumatoid arthritis flare');
  });

  test('one is not completed, and no beginning of a word', async () => {
    expect(idsOf(await understand('sob'))).toContain('topic-breathingproblems');
    expect(idsOf(await understand('zzchf'))).toEqual([]);
  });

  test('everyday words that are written like one are words within a line', async () => {
    expect(idsOf(await understand('mi bebe no come', 'es'))).not.toContain('topic-heartattack');
    expect(idsOf(await understand('hearing aids'))[0]).toBe('topic-hearingaids');
  });

  test("the reader's language decides between two", async () => {
    expect((await understand('TAC', 'en')).kind).toBe('abbreviation');
    expect(idsOf(await understand('TAC', 'es'))[0]).toBe('topic-ctscans');
    expect(idsOf(await understand('HTA', 'en'))[0]).toBe('topic-highbloodpressure');
  });
});

describe('a drug', () => {
  test.each<[query: string, first: string | undefined, language: Language]>([
    ['metformin 500 mg tablet', 'drug-a696005', 'en'],
    ['metformin side effects', 'drug-a696005', 'en'],
    ['Contrave', undefined, 'en'],
    ['Contrave side effects', undefined, 'en'],
    ['fentanyl sublingual spray', 'drug-a613041', 'en'],
    ['nitroglycerin sublingual 0.4 mg', 'drug-a601086', 'en'],
    ['Nicorette gum 2 mg', 'drug-a684056', 'en'],
    ['cleocin vaginal cream', 'drug-a609006', 'en'],
    ['dipirona', undefined, 'es'],
    ['metamizol 500 mg', undefined, 'es'],
    ['para que sirve el omeprazol', 'drug-a693050', 'es'],
  ])('%s → %s, and no words', async (query, first, language) => {
    const understood = await understand(query, language);
    expect([understood.kind, idsOf(understood)[0]]).toEqual(['drug', first]);
  });

  test.each([
    ['fluticasone', ['drug-a601056', 'drug-a695002', 'drug-a601057']],
    ['fentanyl 25 mcg', ['drug-a605043', 'drug-a612015', 'drug-a613041', 'drug-a601202']],
    ['naloxone', ['drug-a612022', 'drug-a616003']],
  ])('%s has pages for several routes: they are offered, none is selected', async (query, pages) => {
    const understood = await understand(query);
    if (understood.kind !== 'abbreviation') throw new Error(understood.kind);
    const offered = understood.readings.map(({ articles }) => articles[0]?.article.id);
    expect([understood.isErrorProne, [...offered].sort()]).toEqual([false, [...pages].sort()]);
    for (const reading of understood.readings) {
      expect(idsOf(await understand(reading.query))[0]).toBe(reading.articles[0]?.article.id);
    }
  });

  test.each([
    ['ketorolac 10 mg', 'drug-a693001'],
    ['ketorolac tromethamine 30 mg/ml', 'drug-a614011'],
    // By its label no dose by mouth is so large.
    ['ketorolac 30 mg', 'drug-a614011'],
    ['ketorolac 15 mg IV', 'drug-a614011'],
    ['ketorolac 0.5%', 'drug-a601241'],
    ['brimonidine 0.2%', 'drug-a601232'],
    ['semaglutide 7 mg', 'drug-a619057'],
    ['semaglutide 1 mg', 'drug-a618008'],
    ['Ozempic 0.5 mg weekly', 'drug-a618008'],
    ['Dilaudid 2 mg', 'drug-a682013'],
    ['methotrexate 25 mg/ml', 'drug-a682018'],
    ['2 ML methotrexate 25 MG/ML', 'drug-a682018'],
    ['risperidone 12.5 mg', 'drug-a615012'],
    ['norethindrone 0.35 mg', 'drug-a602008'],
    ['norethindrone acetate 5 mg', 'drug-a604034'],
    // Only the vial has it, and it has no page.
    ['promethazine 25 mg/ml', undefined],
    ['potassium chloride 20 mEq/50 mL', undefined],
    ['fluconazole 200 mg/100 mL', 'drug-a601143'],
    // A salt that is swallowed: no decanoate.
    ['testosterone undecanoate 158 mg', undefined],
    // A gel for the skin has no page.
    ['brimonidine 0.33%', undefined],
  ])('a strength that RxNorm has for one route alone tells it: %s → %s', async (query, first) => {
    const understood = await understand(query);
    expect([understood.kind, idsOf(understood)[0]]).toEqual(['drug', first]);
  });

  test.each(['ketorolac 20 mg', 'fluticasone 50 mcg', 'furosemide 10 mg/ml', 'estradiol 1 mg', 'Dilaudid 1 mg/ml'])(
    'a strength that several routes have, or a dose that may be several tablets, tells none: %s',
    async (query) => {
      expect((await understand(query)).kind).toBe('abbreviation');
    },
  );

  test.each([
    ['epinephrine 0.1 MG/ML Injection', undefined],
    ['epinephrine 1 mg/10 mL syringe', undefined],
    ['epinephrine 1 MG/ML Injection', 'drug-a603002'],
    ['0.5 ML interferon beta-1a 0.088 MG/ML Prefilled Syringe', 'drug-a604005'],
    ['interferon beta-1a 0.03 MG Injection', 'drug-a693040'],
  ])('a strength of another use has a row of its own, however it is written: %s → %s', async (query, first) => {
    const understood = await understand(query);
    expect([understood.kind, idsOf(understood)[0]]).toEqual(['drug', first]);
  });

  test.each(['clodronic acid 800 mg', 'calcium glycerophosphate 65 mg'])(
    'a known name of two words is no other one misspelt: %s',
    async (query) => {
      expect(await understand(query)).toMatchObject({ kind: 'drug', hits: [] });
    },
  );

  test.each([
    ['INH 300', 'drug-a682401'],
    ['PZA 500', 'drug-a682402'],
    ['NaHCO3 650', 'drug-a682001'],
    ['albuterol inh 2 puffs', 'drug-a682145'],
    ['terconazole 0.4% cream', 'drug-a688022'],
    ['hydrocortisone 1% cream', 'drug-a682793'],
    // Given into a vein: no tablet.
    ['omeprazol 40 mg EV', undefined],
    ['potassium iodide 130 mg tab', 'drug-a611043'],
    // The concentrated solution is for other uses than a radiation emergency.
    ['potassium iodide 1 g/mL solution', undefined],
    ['Clavamox 125 mg chew tab', undefined],
  ])('as charts write it: %s → %s', async (query, first) => {
    const understood = await understand(query);
    expect([understood.kind, idsOf(understood)[0]]).toEqual(['drug', first]);
  });

  test.each([
    ['LR 1 L', ['topic-fluidandelectrolytebalance']],
    ['LR 5 apples', []],
  ])('a fluid with its volume is what its abbreviation means: %s', async (query, pages) => {
    expect(idsOf(await understand(query))).toEqual(pages);
  });

  test.each<[query: string, first: string | undefined, language?: Language]>([
    // Where it is injected is no ointment's place, and where a patch sticks no drop's.
    [
      'insulin glargine (LANTUS SOLOSTAR) 100 UNIT/ML (3 ML) pen Inject 22 Units under the skin nightly.',
      'drug-a600027',
    ],
    ['insulina NPH 20 U antes del desayuno, bajo la piel', 'drug-a682611', 'es'],
    ['medroxyprogesterone 150 mg inject into the muscle', 'drug-a604039'],
    ['triamcinolone cream rub into skin', 'drug-a601124'],
    ['scopolamine 1 mg over 3 days transdermal patch behind ear q72h PRN nausea', 'drug-a682509'],
    ['meclizine 25 mg TID PRN ear pressure', 'drug-a682548'],
    ['ciprofloxacino gotas para los ojos', 'drug-a605005', 'es'],
    // A second drug only states when.
    ['potassium chloride (KLOR-CON M20) 20 mEq ER tablet Take 1 tab daily with lasix', 'drug-a601099'],
    ['potassium chloride 20 mEq daily while on Lasix', 'drug-a601099'],
    ['folic acid 1 mg daily except MTX day', 'drug-a682591'],
    // The same drug twice.
    ['norgestimate-ethinyl estradiol (ORTHO TRI-CYCLEN LO) 0.18/0.215/0.25 mg-25 mcg tablet', 'drug-a601050'],
    ['drospirenone-ethinyl estradiol (YAZ)', 'drug-a601050'],
    // Forms as electronic prescriptions and labels cut them off.
    ['EPINEPHrine 0.3 MG/0.3ML SOAJ inject into thigh for anaphylaxis', 'drug-a603002'],
    ['Nitroglycerin 0.4 MG SUBL dissolve 1 under tongue q5min x3 prn CP', 'drug-a601086'],
    ['Estradiol 0.1 MG/GM CREA 1 g vaginally twice weekly', 'drug-a606005'],
    ['FLUTICASONE SPR 50MCG', 'drug-a695002'],
    ['TRIAMCINOLON 0.1% CRE APPLY THIN LAYER', 'drug-a601124'],
    ['GoLYTELY 236 GM SOLR', 'drug-a601097'],
    ['ofloxacin 5gtts ad bid', 'drug-a607011'],
    // Combinations as labels cut them off.
    ['AMOX/K CLAV 875-125MG TAB TEV', 'drug-a685024'],
    ['AMOX TR-K CLV 875-125 MG TAB', 'drug-a685024'],
    ['HYDROCO/APAP 10-325MG TAB', 'drug-a601006'],
    ['CARBIDOPA/LEVO 25-100MG TAB', 'drug-a601068'],
    ['NEO/POLY/HC OTIC SUSP 4 DROPS AFFECTED EAR QID', 'drug-a601061'],
    ['BUT/APAP/CAF 50-325-40 TAB', 'drug-a601009'],
    ['AMLODIPINE BESY-BENAZEPRIL HCL 5-10 CAP', 'drug-a601018'],
    ['OXYCOD/APAP 5-325MG TAB', 'drug-a681004'],
    ['los/hctz 50/12.5', 'drug-a601071'],
    ['lamiv/zidov 150-300', 'drug-a601066'],
    // Each part begins several ingredients, and no disease.
    ['hydro/chlor 25 mg', undefined],
    ['met/sit 50/500', undefined],
    // Combinations without a page, never that of a part.
    ['brompheniramine-pseudoephedrine-DM', undefined],
    ['acetaminophen-caffeine-dihydrocodeine', undefined],
    ['AMOX/QQQQ 875-125MG TAB', undefined],
    // Letters that a scanner reads as digits.
    ['metoprolo1 tartrate 25mg tab', 'drug-a682864'],
    ['LEV0THYROXINE 50 MCG TAB', 'drug-a682461'],
    // Words of orders and of home lists.
    ['ancef 2g preop', 'drug-a682731'],
    ['MOM 30cc po prn constip', 'drug-a601073'],
    ['tyl 650 po q4-6 prn t>101', 'drug-a681004'],
    ['Tylenol tab with codeine', undefined],
    ['POT CL MICRO 20MEQ ER TAB', 'drug-a601099'],
    ['fish oil 1000mg walmart', 'drug-a607065'],
    ['ácido fólico 1 mg prenatal', 'drug-a682591', 'es'],
    ['Alieve 1 for headache', 'drug-a681029'],
    ['nitroglicerina 0.4 mg debajo de la lengua si dolor de pecho', 'drug-a601086', 'es'],
    ['insulina 70/30 20 unidades en la mañana', 'drug-a682611', 'es'],
    ['thiamine (VITAMIN B-1) tablet 100 mg', 'drug-a682586'],
    ['fluconazole in NaCl IVPB 200 mg', 'drug-a601143'],
    ['zofran odt 4mg sl q6 prn n/v', 'drug-a601209'],
    ['nitrobid 1 inch q6h', 'drug-a682346'],
    // Brands that are sold no longer.
    ['Patanol 1 gtt bid', 'drug-a602025'],
    ['Astelin 137 mcg 1 spray bid', 'drug-a697014'],
    ['insulin NPH hum/reg insulin hm 70-30', 'drug-a682611'],
    ['insulin aspart prot/aspart 70-30', 'drug-a605013'],
    // A liquid that is measured out several times a day is swallowed.
    ['Keppra 100 mg/mL soln 5 mL BID', 'drug-a699059'],
    // Another drug, and a vial.
    ['rifamycin SV 194 MG Delayed Release Oral Tablet', undefined],
    ['furosemide 30 MG/ML Cartridge [Lasix]', undefined],
    ['methylprednisolone acetate 80 mg', undefined],
  ])('as lists and labels write it: %s → %s', async (query, first, language = 'en') => {
    expect(idsOf(await understand(query, language))[0]).toBe(first);
  });

  test.each([
    ['lisinopril 10 mg, metformin 500 mg', 'drugs', ['lisinopril', 'metformin']],
    ['estradiol 1 mg', 'routes', ['estradiol oral', 'estradiol topical']],
    ['NEO 5 mg', undefined, ['phenylephrine', 'neomycin']],
  ])('what %s offers is known: %s', async (query, of, means) => {
    const understood = await understand(query);
    if (understood.kind !== 'abbreviation') throw new Error(understood.kind);
    expect([understood.of, understood.readings.map((reading) => reading.means)]).toEqual([of, means]);
  });

  test('only the dangerous abbreviation of a line is called one', async () => {
    expect(await understand('NEO 5 mg')).toMatchObject({ abbreviation: 'neo', isErrorProne: true });
  });

  test.each([
    ['adalimumab 40 mg tablet', true],
    ['ativan 1mg IV prn sz', true],
    ['Contrave 8-90', undefined],
    ['melatonin 3 mg', undefined],
  ])('a drug without a page for its form may have one for another: %s', async (query, isInOtherForm) => {
    const understood = await understand(query);
    expect(understood).toMatchObject({ kind: 'drug', hits: [] });
    expect(understood.kind === 'drug' && understood.isInOtherForm).toBe(isInOtherForm);
  });

  test('crest names a syndrome and a toothpaste: neither is selected', async () => {
    const understood = await understand('crest');
    if (understood.kind !== 'abbreviation') throw new Error(understood.kind);
    expect(understood.readings.map(({ articles }) => articles[0]?.article.id)).toEqual([
      'topic-scleroderma',
      'drug-a682727',
    ]);
  });

  test.each([
    ['Tdap 0.5 mL IM', 'vis-tdap'],
    ['MMR II 0.5 mL SQ', 'vis-mmr'],
    ['flu shot 0.5 mL IM', 'vis-influenza-inactivated'],
    ['tetanus shot IM', 'vis-tdap'],
    ['hepatitis A 1 mL IM', 'vis-hepatitis-a'],
    ['Fluzone High-Dose 2023-24 IM x1', 'vis-influenza-inactivated'],
    ['HumaLOG KwikPen sliding scale ACHS', 'drug-a697021'],
    ['Hep B peds #3 (Engerix-B)', 'vis-hepatitis-b'],
    ['Hep B #3', 'vis-hepatitis-b'],
    ['polio #3', 'vis-polio'],
    ['varicella dose 2', 'vis-varicella'],
    ['rabies #1 IM', 'vis-rabies'],
    // The number of a list, and what is no vaccine.
    ['#1 Hepatitis B', 'topic-hepatitisb'],
    ['chest pain #2', 'topic-chestpain'],
    ['rash (amoxicillin)', 'topic-rashes'],
    ['Fluzone HD quad 0.7 mL IM', 'vis-influenza-inactivated'],
    ['Fluzone HD 65+ 0.5ml IM', 'vis-influenza-inactivated'],
    ['Afrezza 4 unit cartridge', 'drug-a615014'],
  ])('what is given is found by the name that people use for it, not as a disease: %s', async (query, article) => {
    expect(idsOf(await understand(query))[0]).toBe(article);
  });

  test.each([
    ['en', 'Rayos', 'drug-a601102'],
    ['es', 'rayos', 'topic-xrays'],
    ['en', 'Retin-A', 'drug-a682437'],
    ['en', 'Ivra', 'drug-a612019'],
    ['en', 'No Doz', 'topic-caffeine'],
    ['en', 'Gel-One', undefined],
    ['en', 'gold', undefined],
    ['en', 'xylitol', undefined],
    ['en', 'Poly Hist PD Oral Solution', undefined],
    ['en', 'Blink Tears', undefined],
    ['en', 'cat dander allergenic extract', undefined],
    ['en', 'novolog SSI', 'drug-a605013'],
    ['en', 'Briellyn 0.4-35 mg-mcg tablet', 'drug-a601050'],
    ['en', 'zorblat 20 mg tablet', undefined],
    ['en', 'water pill 25 mg tablet', undefined],
    ['en', 'cidofovir 5 ML cidofovir 75 MG/ML Injection', 'drug-a696037'],
  ] as const)('%s: what is a drug’s name ends as that drug: %s', async (language, query, article) => {
    const understood = await understand(query, language);
    expect([idsOf(understood)[0], understood.kind]).toEqual([article, language === 'es' ? 'words' : 'drug']);
  });

  test('an everyday word that is a drug’s name as well leads to what is called so or is about it', async () => {
    expect(idsOf(await understand('copper'))).toEqual(['ency-002419', 'ency-002496']);
    expect(idsOf(await understand('sodium'))[0]).toBe('topic-sodium');
  });

  test('pages for different strengths are offered where a line tells none', async () => {
    const understood = await understand('norethindrone');
    expect(understood).toMatchObject({ kind: 'abbreviation', of: 'strengths' });
    expect(understood.kind === 'abbreviation' && understood.readings.map(({ query }) => query)).toEqual([
      'norethindrone 0.35 mg',
      'norethindrone 5 mg',
    ]);
  });

  test.each([
    ['brick HCl 250 mg PO TID', 'drug'],
    ['NS 0.9% IV @ 100 mL/hr', 'drug'],
    ['asdfgh 100 mcg inhaler', 'drug'],
    ['take 1 tablet by mouth daily', 'words'],
  ])('an abbreviation, a form or a direction in a line of a drug is no disease: %s', async (query, kind) => {
    const understood = await understand(query);
    expect([understood.kind, understood.hits]).toEqual([kind, []]);
  });

  test.each([
    'kidney bean allergenic extract 100 MG/ML Injectable Solution',
    'water 1000 MG/ML',
    'pneumococcal serotype 4 diphtheria CRM197 conjugate 0.0044 MG/ML',
  ])('what is measured as a product finds no disease: %s', async (query) => {
    const { hits } = await understand(query);
    const kinds = hits.map((hit) => (hit.kind === 'article' ? hit.article.kind : hit.kind));
    expect(kinds.filter((kind) => !['drug', 'herb', 'vis'].includes(kind))).toEqual([]);
  });

  test('a route that has no page of the drug finds none of another route', async () => {
    expect(await understand('fluticasone tablet')).toMatchObject({ kind: 'drug', hits: [], isInOtherForm: true });
    expect(await understand('naloxone eye drops')).toMatchObject({ kind: 'drug', hits: [], isInOtherForm: true });
  });

  test('a brand that is a word of a title is not the title', async () => {
    expect(await understand('rayos X', 'es')).toMatchObject({ kind: 'words' });
    expect(await understand('rayos 5 mg', 'es')).toMatchObject({ kind: 'drug' });
  });

  test('a search for codes alone is one by words', async () => {
    const request = { query: 'metformin 500 mg tablet', language: 'en', kind: 'concept', count: 3 } as const;
    expect((await understandWords(request, connector.library, vocabulary)).kind).toBe('words');
  });
});

test('a code comes before everything else', async () => {
  expect(await understand('E11')).toMatchObject({ kind: 'code' });
  expect((await understand('250.00')).kind).toBe('code');
});
