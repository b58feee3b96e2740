import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { readDrugLine } from '../../../src/core/drugs/drug-line.js';
import { readDrugNames } from '../../../src/build/read-drug-facts.js';

const names = readDrugNames(fileURLToPath(new URL('../../../resources', import.meta.url)));
const candidatesOf = (text: string): readonly string[] | undefined => readDrugLine(text, names)?.candidates;

describe('a medication line is looked up as', () => {
  test.each([
    ['metformin 500 mg tablet', 'metformin'],
    ['Lantus 100 units/mL', 'lantus'],
    ['albuterol 90 mcg inhaler', 'albuterol inhalation'],
    ['HCTZ 25 mg', 'hydrochlorothiazide'],
    ['amox-clav 875', 'amoxicillin / clavulanate'],
    ['hydrocodone/apap 5/325 1 tab q6h prn pain', 'acetaminophen / hydrocodone'],
    ['lisinopril-HCTZ 20-12.5 mg', 'hydrochlorothiazide / lisinopril'],
    ['losartan HCT 100-25', 'hydrochlorothiazide / losartan'],
    ['metoprolol succ ER 25mg po daily', 'metoprolol succinate er'],
    ['metoprolol succ ER 25mg po daily', 'metoprolol'],
    ['metformina 850 mg', 'metformin'],
    ['insulina glargina', 'insulin glargine'],
    ['paracetamol', 'acetaminophen'],
    ['ácido acetilsalicílico 100 mg', 'aspirin'],
    ['losartán 50mg 1 tableta cada 12 horas', 'losartan'],
    ['Dipirona 500 mg', 'dipyrone'],
    ['metforman 500 mg', 'metformin'],
    ['Norvasc (amlodipine) 5 mg', 'norvasc'],
    ['fluticasone 50 mcg spray', 'fluticasone nasal'],
    ['timolol 0.5% 1 gtt OU bid', 'timolol ophthalmic'],
    ['ketoconazole 2%', 'ketoconazole topical'],
    ['vitamin B-12 1000 mcg/ml injection', 'vitamin b 12 injection'],
    ['norethindrone 0.35 mg tablet', 'norethindrone 0.35 mg'],
    ['doxy 100 mg po bid', 'doxycycline'],
    ['norethindrone ac-eth estradiol 1-5 mg-mcg tab', 'ethinyl estradiol / norethindrone'],
    ['ethinyl estradiol-norethindrone 0.005-1 mg', 'ethinyl estradiol / norethindrone 0.005 mg'],
    ['calcium carbonate-vitamin D3 600 mg-400 unit tab', 'calcium carbonate / cholecalciferol'],
    ['ketorolac tromethamine 15 mg/ml injection', 'ketorolac injection'],
    ['doxorubicin HCl liposome 2 mg/ml injection', 'doxorubicin liposome injection'],
    ['morphine sulfate ER 30 mg', 'morphine oral'],
    ['dimethyl fumarate 120 mg DR capsule', 'dimethyl fumarate'],
    ['hydromorphone 2 mg tab prn pain', 'hydromorphone oral'],
    ['powder for oral suspension amoxicillin 400 mg/5 mL', 'amoxicillin'],
    ['NovoLog FlexPen 100 unit/mL inject 10 units subq tid', 'novolog flexpen'],
    // Makers, and forms of other countries.
    ['Apo-Metformin 500 mg', 'metformin'],
    ['Bisoprolol-ratiopharm 5 mg', 'bisoprolol'],
    ['Adrenaline (base) 150micrograms/0.3ml auto-injector', 'epinephrine injection'],
    ['Timolol 0,5 % Augentropfen', 'timolol ophthalmic'],
    ['Betnovate', 'betamethasone topical'],
    ['Mucinex DM', 'dextromethorphan / guaifenesin'],
    ['etonogestrel-ethin.estradiol 0.12-0.015 mg/24 hr vaginal ring', 'ethinyl estradiol / etonogestrel vaginal'],
    ['calcitriol 0.25', 'calcitriol'],
    // Several ways of taking it, and a patch by its system.
    ['morphine concentrate 20 mg/mL 0.25 mL PO/SL q2h prn', 'morphine oral'],
    ['prochlorperazine 10 mg IV/PO q6h prn', 'prochlorperazine'],
    ['clonidine TTS-2 weekly', 'clonidine transdermal'],
  ])('%s: %s', (text, name) => {
    expect(candidatesOf(text)).toContain(name);
  });
});

describe('a line is never looked up as', () => {
  test.each([
    ['Tylenol PM', 'tylenol'],
    ['Tylenol PM', 'acetaminophen'],
    ['ibuprofen PM', 'ibuprofen'],
    ['loratadine D 24 hour', 'loratadine'],
    ['Mucinex DM', 'mucinex'],
    ['Wegovy 25 mg oral tablet', 'wegovy'],
    ['Habitrol 4 mg lozenge', 'habitrol'],
    ['fluticasone 50 mcg nasal spray', 'fluticasone inhalation'],
    ['ketoconazole 2%', 'ketoconazole'],
    ['methotrexate 25 mg/ml inj', 'methotrexate'],
    ['amoxicillin/somethingelse 500 mg', 'amoxicillin'],
    ['loratadine 10 mg tablet for nasal congestion', 'loratadine nasal'],
    ['doxy 100 mg po bid', 'doxy 100'],
    ['gabapentin enacarbil 600 mg ER tab', 'gabapentin'],
    ['acetaminophen-caffeine 500-65 mg tab', 'acetaminophen'],
    ['lidocaine-menthol 4-1 % patch', 'lidocaine transdermal'],
    ['diphenhydramine-naproxen 25-220 mg tab', 'diphenhydramine'],
    ['prabotulinumtoxinA-xvfs 100 units injection', 'onabotulinumtoxina injection'],
    ['warfarin 5 mg tablet, avoid vitamin k', 'vitamin k'],
  ])('%s: %s', (text, wrong) => {
    expect(candidatesOf(text)).toBeDefined();
    expect(candidatesOf(text)).not.toContain(wrong);
  });
});

describe('no drug line', () => {
  test.each([
    'banana 500 mg tablet',
    // No misspelt metformin, which is swallowed.
    'metforman 500 mg rectal suppository',
    'iron',
    'insulin',
    'lithium',
    'vitamin d 25-hydroxy',
    'calcium 8.6 mg/dl',
    'water pill',
    'birth control pills',
    'insulin pump',
    'digoxin level',
    'amoxicillin allergy',
    'warfarin and vitamin k',
    'metformin side effects',
    'cough drops',
    'high blood pressure',
    'tablet',
    '500 mg',
    '',
    '///',
    ' - ',
  ])('%j', (text) => {
    expect(readDrugLine(text, names)).toBeUndefined();
  });
});

test.each(['iron 325 mg tablet', 'lithium 300 mg', 'insulin 10 units', 'melatonin 3 mg'])(
  'an everyday word is a drug with its strength: %s',
  (text) => {
    expect(candidatesOf(text)?.length).toBeGreaterThan(0);
  },
);

test.each([
  ['MSO4 10 mg IV', 'morphine', 'magnesium sulfate'],
  ['MgSO4', 'magnesium sulfate', 'morphine'],
  ['AZT 300 mg', 'zidovudine', 'azathioprine'],
  ['MTX 2.5 mg weekly', 'methotrexate', 'mitoxantrone'],
])('a dangerous abbreviation selects nothing and shows its readings: %s', (text, ...readings) => {
  const line = readDrugLine(text, names);
  expect(line?.candidates).toEqual([]);
  expect(line?.readings).toEqual(expect.arrayContaining(readings));
});

test('the parts of a line', () => {
  const line = readDrugLine('metoprolol succ ER 25mg tab 1 po daily for blood pressure', names);
  expect(line).toMatchObject({
    ingredients: ['metoprolol'],
    brand: undefined,
    salt: 'succinate',
    strengths: ['25 mg'],
    forms: ['er', 'tab', 'po'],
    route: { route: 'oral', isByMouth: true },
    rest: ['daily', 'for', 'blood', 'pressure'],
  });
  expect(readDrugLine('Percocet 5-325', names)).toMatchObject({
    ingredients: ['acetaminophen', 'oxycodone'],
    brand: 'percocet',
  });
  expect(readDrugLine('metforman 500 mg', names)?.corrected).toEqual({ from: 'metforman', to: 'metformin' });
});

test('a comma before one or two figures, or behind a nought, is a decimal one', () => {
  const strengthsOf = (text: string): readonly string[] | undefined => readDrugLine(text, names)?.strengths;
  expect(strengthsOf('Metoprolol 47,5 mg')).toEqual(['47.5 mg']);
  expect(strengthsOf('digoxina 0,125 mg')).toEqual(['0.125 mg']);
  expect(strengthsOf('amoxicilina 1,000 mg')).toEqual(['1000 mg']);
});

test('a line of any length is read in time', () => {
  const long = 'metformin 500 mg / '.repeat(2000);
  expect(readDrugLine(long, names)).toBeDefined();
});
