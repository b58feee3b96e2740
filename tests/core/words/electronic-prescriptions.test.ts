import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

const understand = (query: string): Promise<Understanding> =>
  understandWords({ query, language: 'en', kind: undefined, count: 3 }, connector.library, vocabulary);

const idsOf = ({ hits }: Understanding): string[] =>
  hits.map((hit) => (hit.kind === 'article' ? hit.article.id : hit.concept.code));

describe('codes of routes in electronic prescriptions', () => {
  test.each([
    ['CLINDAMYCIN PHOSPHATE 2 % VA CREA', 'drug-a609006'],
    ['ESTRADIOL 0.1 MG/GM VA CREA', 'drug-a606005'],
    ['ESTRADIOL 10 MCG VA TABS', 'drug-a606005'],
    ['ESTRADIOL 10 MCG VA INST', 'drug-a606005'],
    ['OFLOXACIN 0.3 % OT SOLN', 'drug-a607011'],
    ['OFLOXACIN 0.3 % OP SOLN', 'drug-a602029'],
    ['ERYTHROMYCIN 5 MG/GM OP OINT', 'drug-a613018'],
    ['AZELASTINE HCL 0.1 % NA SOLN', 'drug-a697014'],
    ['FLUTICASONE PROPIONATE 50 MCG/ACT NA SUSP', 'drug-a695002'],
    ['CROMOLYN SODIUM 5.2 MG/ACT NA AERS', 'drug-a682713'],
    ['IPRATROPIUM BROMIDE 0.02 % IN SOLN', 'drug-a695021'],
    ['EPINEPHRINE 0.3 MG/0.3ML IJ SOAJ', 'drug-a603002'],
    ['EPINEPHRINE 1 MG/ML IJ SOLN', 'drug-a603002'],
    ['CYANOCOBALAMIN 1000 MCG/ML IJ SOLN', 'drug-a605007'],
    ['DIAZEPAM 10 MG RE GEL', 'drug-a605033'],
    // The brand's page is that of its salt.
    ['24 HR divalproex sodium 500 MG [Depakote]', 'drug-a682412'],
    ['sennosides-docusate sodium (SENOKOT-S) 8.6-50 mg tablet', 'drug-a601113'],
    // A gel or an ointment is no patch.
    ['TESTOSTERONE 1.62 % TD GEL', 'drug-a605020'],
    ['NITROGLYCERIN 2 % TD OINT', 'drug-a682346'],
    ['NITROGLYCERIN 0.2 MG/HR TD PT24', 'drug-a601085'],
    ['Nitro-Bid 2 % transdermal ointment', 'drug-a682346'],
    ['testosterone (ANDROGEL) 1 % transdermal gel packet', 'drug-a605020'],
    ['nicotine 2 mg lozenge buccal', 'drug-a606019'],
    // Without preservatives, and no plantar fasciitis.
    ['Fluzone High-Dose 2023-24 (PF) IM syringe', 'vis-influenza-inactivated'],
    // A brand is for one route, whatever else has its strength.
    ['QVAR RediHaler 80 mcg', 'drug-a681050'],
    ['QNASL 80 mcg', 'drug-a681047'],
    ['nitrofurantoin monohyd/m-cryst (MACROBID) 100 mg', 'drug-a682291'],
    ['losartan potácico', 'drug-a695008'],
    // There it is sodium, or a word.
    ['diclofenac na 75 mg', 'drug-a689002'],
    ['naproxen 220 mg na tabs', 'drug-a681029'],
    ['prednisone 5 mg in soln', 'drug-a601102'],
  ])('%s → %s', async (query, first) => {
    const understood = await understand(query);
    expect([understood.kind, idsOf(understood)[0]]).toEqual(['drug', first]);
  });

  test.each([
    'METRONIDAZOLE 0.75 % VA GEL 1 APPLICATORFUL QHS X5',
    'HYDROCORTISONE 2.5 % RE CREA',
    'LORAZEPAM 2 MG/ML IJ SOLN',
    'TRIAMCINOLONE ACETONIDE 0.1 % MT PSTE',
    'compounded progesterone 100 mg vaginal suppository',
  ])('without a page for that route there is none: %s', async (query) => {
    expect(await understand(query)).toMatchObject({ kind: 'drug', hits: [], isInOtherForm: true });
  });
});

test.each([
  ['b12 shot 1000 mcg monthly', 'drug-a605007'],
  ['testosterone 200 mg shot q2wk', 'drug-a614041'],
  ['EPINEPHRINE 0.3MG/0.3ML AUTO-INJ 2PK INJECT IM FOR ANAPHYLAXIS CALL 911', 'drug-a603002'],
  ['NITROFURANTOIN MONO-MCR 100MG CAPS 1 C PO BID X5D FOR UTI', 'drug-a682291'],
  ['NITROFURANTOIN MONO/MAC 100 MG CAPS', 'drug-a682291'],
  ['xeralto 20mg w/ dinner', 'drug-a611049'],
  ['hydroxychloroquine 200 mg tab, yearly eye exam', 'drug-a601240'],
  ['metformina 500 mg, examen de los ojos', 'drug-a696005'],
  ['nicotine 21 mg/24 hr patch x 6 wks then 14 mg', 'drug-a601084'],
  ['influenza vaccine (Seqirus) 0.5 mL IM', 'vis-influenza-inactivated'],
])('as labels and people write a drug: %s → %s', async (query, first) => {
  const understood = await understand(query);
  expect([understood.kind, idsOf(understood)[0]]).toEqual(['drug', first]);
});

test.each([
  ['O2', 'topic-oxygentherapy'],
  ['B1', 'ency-002401'],
  ['B6', 'ency-002402'],
  ['CH50', 'test-complement-blood-test'],
  ['H1N1', 'topic-flu'],
  ['B12', 'ency-002403'],
  ['K2', 'topic-vitamink'],
  ['D3', 'topic-vitamind'],
  ['w/', undefined],
  ['pen needle, diabetic 32 gauge x 5/32" needle', 'encypi-000660'],
  ['insulin syringe-needle U-100 0.5 mL 31 gauge x 5/16"', 'encypi-000660'],
  ['lancets 33 gauge misc', 'topic-bloodglucose'],
  ['nebulizer and compressor, use as directed with albuterol', 'encypi-000006'],
  ['inhalational spacing device (AEROCHAMBER) w/ mask', 'encypi-000042'],
  ['front wheeled walker DME', 'encypi-000342'],
  ['oxygen 2 L/min via nasal cannula continuous', 'topic-oxygentherapy'],
  ['TPN adult, continuous via PICC', 'topic-nutritionalsupport'],
  ['COVID-19 mRNA vac (Pfizer) 30 mcg/0.3 mL 12y+ 2024-25', 'vis-covid-19'],
  // A maker's name is no misspelt brand.
  ['Pfizer', undefined],
  ['compression stockings 20-30 mmHg knee high', 'encypi-000597'],
])('what looks like a code, or orders a device, is what people mean by it: %s → %s', async (query, first) => {
  const understood = await understand(query);
  expect([understood.kind, idsOf(understood)[0]]).toEqual(['words', first]);
});

test.each(['C3', 'C4', 'C5'])('the complement has a page, and no cancer: %s', async (query) => {
  const understood = await understand(query);
  const readings = understood.kind === 'abbreviation' ? understood.readings : [];
  expect(readings.map(({ articles }) => articles.map(({ article }) => article.id))).toEqual([
    ['test-complement-blood-test'],
    [],
  ]);
});

// Names of veterinary products are everyday words: a mastitis is treated with ToDAY and ToMORROW.
test.each([
  ['azithromycin 250 mg tablet Take 2 tablets today then 1 tablet daily for 4 days', 'drug-a697037'],
  ['lisinopril 10 mg tablet take 1 tablet tomorrow', 'drug-a692051'],
  ['NyQuil Cold & Flu liquid', undefined],
  ['DayQuil Cold & Flu liquicaps', undefined],
  ['Vicks DayQuil Severe Cold & Flu', undefined],
  ['Robitussin cough and cold', undefined],
  ['Coricidin HBP Cough & Cold', undefined],
  ['Dimetapp Cold and Allergy', undefined],
  ['senna and docusate', 'drug-a601113'],
  ['dextrose 50 % in water (D50W) syringe 25 g prn hypoglycemia', undefined],
  ['GLUCAGON EMERGENCY 1 MG IJ KIT', 'drug-a682480'],
  ['prenatal vit-iron fum-folic ac 27-0.8 mg tab', 'topic-vitamins'],
  ['amlopidine', 'drug-a692044'],
  ["d/c'd lisinopril 10, now on losartan 50", 'drug-a695008'],
])('a drug or none, and no disease: %s → %s', async (query, first) => {
  const understood = await understand(query);
  expect([understood.kind, idsOf(understood)[0]]).toEqual(['drug', first]);
});

test('what a dangerous abbreviation may mean has the page for the route', async () => {
  const understood = await understand('MSO4 4 mg IV push');
  const readings = understood.kind === 'abbreviation' ? understood.readings : [];
  expect(readings.map(({ articles }) => articles.map(({ article }) => article.id))).toEqual([['drug-a601161'], []]);
});

describe('a fluid that looks like an ICD code', () => {
  test.each([
    ...['D50W', 'd10w', 'D20W', 'D70W', 'D12.5W', 'D5NS', 'D10NS', 'D10 NS', 'D5 1/2NS', 'D5LR', 'D5 0.45% NaCl'],
    ...['D5W', 'D5W 1 L', 'D10W 500 mL', 'D50W 25 g IV push', 'dextrose 5 % in water'],
  ])('finds no page: %s', async (query) => {
    expect(await understand(query)).toEqual({ kind: 'drug', hits: [] });
  });

  test.each([
    ['LR', 'topic-fluidandelectrolytebalance'],
    ['T20W', undefined],
  ])('an abbreviation is what it means, and no code: %s → %s', async (query, first) => {
    const understood = await understand(query);
    expect([understood.kind, idsOf(understood)[0]]).toEqual(['words', first]);
  });

  test.each([
    ['D50', 'ency-000584'],
    ['D50.9', 'ency-000584'],
    ['d12.5', 'topic-colonicpolyps'],
    ['D10', 'topic-benigntumors'],
    ['D57.1', 'topic-sicklecelldisease'],
  ])('a code is a code: %s → %s', async (query, first) => {
    const understood = await understand(query);
    expect([understood.kind, idsOf(understood)[0]]).toEqual(['code', first]);
  });
});

test.each([
  ['influenza vaccine quad 2023-24 (6 mos up)(PF) 60 mcg/0.5 mL IM syringe', 'vis-influenza-inactivated'],
  ['COVID-19 mRNA vaccine 30 mcg/0.3 mL', 'vis-covid-19'],
  ['hepatitis B vaccine (PF) 20 mcg/mL IM syringe', 'vis-hepatitis-b'],
  ['PEG 3350-KCL-NABCB-NACL-NASULF 236 G SOLR', 'drug-a601097'],
  ['PEG 3350 17 g', 'drug-a603032'],
])('an order of a vaccine, and of a bowel preparation by its salts: %s', async (query, article) => {
  expect(idsOf(await understand(query))[0]).toBe(article);
});

test('an order of a vaccine finds no other one', async () => {
  const { hits } = await understand('hepatitis B vaccine (PF) 20 mcg/mL IM syringe');
  expect(hits.filter((hit) => hit.kind === 'article' && /\bA\b/.test(hit.article.texts.en?.title ?? ''))).toEqual([]);
});

test.each([
  ['Metoprololsuccinat 47,5 mg Retardtabletten', 'drug-a682864'],
  ['Valproinsäure 300 mg Retardtabletten', 'drug-a682412'],
  ['Acide acétylsalicylique 75 mg comprimé', 'drug-a682878'],
  ['Cloreto de potássio 600 mg drágea', 'drug-a601099'],
  ['Estradiol 50micrograms/24hours transdermal patches', 'drug-a605042'],
  ['plan b', 'drug-a610021'],
  ['pen 500', undefined],
])('salts and acids of other languages, forms of dm+d, and what is cut off: %s', async (query, first) => {
  expect(idsOf(await understand(query))[0]).toBe(first);
});

test('a cut-off name that is a word for directions as well is offered, not selected', async () => {
  const understood = await understand('los 50');
  expect([understood.kind, idsOf(understood)]).toEqual(['abbreviation', []]);
});

// Sumac and testes; a drug of which there is a page on its overdose alone; a word that is guessed at twice.
test.each(['Somak 40 mg EC', 'Testas 40 mg', 'Adumbran 10 mg', 'Querto 25 mg', 'Tefta 30 mg capsules'])(
  'beside a tablet’s mass a brand of no table is no misspelt word, nor an overdose: %s',
  async (query) => {
    expect(await understand(query)).toMatchObject({ kind: 'drug', hits: [] });
  },
);
