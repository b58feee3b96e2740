import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Language } from '../../../src/core/model/language.js';
import type { ManagedLibrary } from '../../../src/core/model/library.js';
import { readEntry } from '../../../src/core/list/list-entry.js';
import type { ListLine } from '../../../src/core/list/list-lines.js';
import { readListLines } from '../../../src/core/list/list-lines.js';
import type { ListItem } from '../../../src/core/list/read-list.js';
import { readList } from '../../../src/core/list/read-list.js';
import { isByName } from '../../../src/core/list/word-reader.js';
import type { Vocabulary } from '../../../src/core/words/vocabulary.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../../support/connector.js';

const folder = temporaryFolder();
let library: ManagedLibrary;
let vocabulary: Vocabulary;
beforeAll(async () => {
  const config = testConfig(folder.path);
  library = (await openTestLibrary(config)).library;
  vocabulary = readVocabulary(config.resourcesDir);
});
afterAll(async () => {
  await library.close();
  folder.remove();
});

const linesOf = (text: string): ListLine[] => readListLines(text, vocabulary.headings);

function itemsOf(text: string, language: Language = 'en', mostSearches = 300): Promise<ListItem[]> {
  const context = { language, library, vocabulary, mostSearches, maxQueryChars: 200 };
  return readList(text, linesOf(text), () => undefined, context);
}

/** Reading of an entry: `system code title`, the systems of a code, or words with what they name. */
function tell({ text, title, reading, under }: ListItem): string {
  const section = under && under.section !== 'plain' ? `${under.section}: ` : '';
  switch (reading.kind) {
    case 'code':
      return section + [reading.coding.system, reading.coding.code, title].join(' ').trim();
    case 'ambiguous-code':
      return `${section}${reading.isKnown ? 'ambiguous' : 'unknown'} ${text}: ${reading.possible.join(' ')}`;
    case 'words': {
      const { understood } = reading;
      const [hit] = understood?.hits ?? [];
      const found =
        hit?.kind === 'article'
          ? `${understood && isByName(understood, text) ? '=' : '~'} ${hit.text.title}`
          : understood?.kind;
      return `${section}${text} ${String(found)}`;
    }
  }
}

const read = async (text: string, language?: Language): Promise<string[]> => (await itemsOf(text, language)).map(tell);
/** The entries alone. */
const divide = async (text: string, language?: Language): Promise<string[]> =>
  (await itemsOf(text, language)).map((item) => item.text);

// Patterns that end at the end of the text took minutes for these.
test.each(['J45.20', 'J45.20, x', 'asthma'])(
  '%s with nothing but blanks and marks behind it is read at once',
  (start) => {
    for (const filler of [' ', ':', '.', '-', '(']) {
      const text = `${start}${filler.repeat(200_000)}x`;
      expect(linesOf(text)).toHaveLength(1);
      expect(readEntry(text.slice(0, 500)).text.startsWith(start)).toBe(true);
    }
  },
);

test.each(['D50W 25 g IV push', 'd10w', 'start D20W', 'D10NS 500 mL'])('a fluid is no code: %s', (text) => {
  expect(readEntry(text)).toMatchObject({ text, code: '', systems: [] });
});

test.each([
  '120 ACTUAT fluticasone 0.11 MG/ACTUAT Metered Dose Inhaler',
  '24 HR metformin 500 MG Extended Release Oral Tablet',
])('a number of doses or hours is no code: %s', (text) => {
  expect(readEntry(text)).toMatchObject({ text, code: '', systems: [] });
});

test('a billing code of a list is read as one, and as no diagnosis', () => {
  expect(readEntry('H0001')).toMatchObject({ code: 'H0001', systems: ['hcpcs'] });
  expect(readEntry('HCPCS J0696 ceftriaxone')).toMatchObject({ code: 'J0696', systems: ['hcpcs'], isNamed: true });
});

describe('codes of a list', () => {
  test.each([
    ['I10', ['icd-10-cm I10']],
    ['e119', ['icd-10-cm e119']],
    [
      'E11.9 Type 2 diabetes mellitus, without complications',
      ['icd-10-cm E11.9 Type 2 diabetes mellitus, without complications'],
    ],
    [
      'Type 2 diabetes mellitus without complication (HCC) [E11.9]',
      ['icd-10-cm E11.9 Type 2 diabetes mellitus without complication (HCC)'],
    ],
    ['Essential hypertension - I10', ['icd-10-cm I10 Essential hypertension']],
    ['• J45.909', ['icd-10-cm J45.909']],
    ['1. J45.909 - Asthma', ['icd-10-cm J45.909 Asthma']],
    ['#2. J45.909', ['icd-10-cm J45.909']],
    ['[x] J45.909', ['icd-10-cm J45.909']],
    ['ICD-10: I10', ['icd-10-cm I10']],
    ['ICD-10-CM code: I10', ['icd-10-cm I10']],
    ['ICD9 250', ['icd-9-cm 250']],
    ['250.00', ['icd-9-cm 250.00']],
    ['I10, E11.9; 250.00\tJ45.909', ['icd-10-cm I10', 'icd-10-cm E11.9', 'icd-9-cm 250.00', 'icd-10-cm J45.909']],
    ['I10 E11.9 J45.909', ['icd-10-cm I10', 'icd-10-cm E11.9', 'icd-10-cm J45.909']],
    ['SNOMED 38341003', ['snomed-ct 38341003']],
    ['73211009', ['snomed-ct 73211009']],
    ['195967001', ['snomed-ct 195967001']],
    ['LOINC 4548-4', ['loinc 4548-4']],
    ['4548-4 Hemoglobin A1c', ['loinc 4548-4 Hemoglobin A1c']],
    ['RxCUI: 860975 Metformin', ['rxnorm 860975 Metformin']],
    ['NDC 00093-1048-01', ['ndc 00093-1048-01']],
    ['http://snomed.info/sct|38341003', ['snomed-ct 38341003']],
    ['icd-10-cm|E11.9', ['icd-10-cm E11.9']],
    ['CVX 141', ['cvx 141']],
    // Tongue cancer in ICD-9-CM, influenza vaccine in CVX: nobody guesses.
    ['141', ['ambiguous 141: icd-9-cm cvx']],
    ['E11.9, type 2 diabetes', ['icd-10-cm E11.9 type 2 diabetes']],
    ['E11.9, asthma', ['icd-10-cm E11.9', 'asthma = Asthma']],
    ['E11.9,asthma,HTN', ['icd-10-cm E11.9', 'asthma = Asthma', 'HTN = High Blood Pressure']],
    ['I10,\n,E11.9,, type 2,;', ['icd-10-cm I10', 'icd-10-cm E11.9 type 2']],
    ['', []],
    [' \n ,;\n', []],
    ['- \n1. \n', []],
  ])('%s', async (text, expected) => {
    expect(await read(text)).toEqual(expected);
  });

  test.each([
    ['Vitamin B12', 'Vitamin B12 = Vitamin B12'],
    ['B12', 'B12 ~ Vitamin B12'],
    ['A1C', 'A1C = A1C'],
    ['COVID-19', 'COVID-19 = COVID-19 (Coronavirus Disease 2019)'],
    ['Vitamin B12 deficiency', 'Vitamin B12 deficiency = Vitamin B12'],
    ['lisinopril 10 mg', 'lisinopril 10 mg = Lisinopril'],
  ])('what looks like a code and is none is words: %s', async (text, expected) => {
    const [first = '', ...more] = await read(text);
    expect(first).toBe(expected);
    expect(more).toEqual([]);
  });
});

describe('a line is divided where its parts stand by themselves', () => {
  test.each([
    ['HTN, DM2, asthma', ['HTN', 'DM2', 'asthma']],
    ['diabetes, hypertension', ['diabetes', 'hypertension']],
    ['diabtes; hypertention', ['diabtes', 'hypertention']],
    ['CHF, COPD, and CKD', ['CHF', 'COPD', 'CKD']],
    ['metformin 500 mg, lisinopril 10 mg', ['metformin 500 mg', 'lisinopril 10 mg']],
    ['lipitor, metoprolol, plavix', ['lipitor', 'metoprolol', 'plavix']],
    ['1) HTN 2) asthma 3) DM2', ['HTN', 'asthma', 'DM2']],
    ['E11.9, I10; J45.909', ['E11.9', 'I10', 'J45.909']],
    ['HTN, denies chest pain, fever', ['HTN', 'denies chest pain, fever']],
    ['fever, cough', ['fever', 'cough']],
    // One thing in several parts.
    ['Diabetes, type 2', ['Diabetes, type 2']],
    ['Pain, chest', ['Pain, chest']],
    ['Cancer, breast', ['Cancer, breast']],
    ['Anemia, iron deficiency', ['Anemia, iron deficiency']],
    ['Fracture of left femur, initial encounter', ['Fracture of left femur, initial encounter']],
    ['Pneumonia, unspecified organism', ['Pneumonia, unspecified organism']],
    ['asthma, mild persistent', ['asthma, mild persistent']],
    ['Nausea and vomiting', ['Nausea and vomiting']],
    ['Take 1 tablet, daily', ['Take 1 tablet, daily']],
    [
      'lisinopril 10 mg tablet, take 1 tablet by mouth daily',
      ['lisinopril 10 mg tablet, take 1 tablet by mouth daily'],
    ],
    ['acetaminophen and codeine', ['acetaminophen and codeine']],
    // A denial, or a relative's condition, reaches to the end.
    ['denies fever, cough', ['denies fever, cough']],
    ['denies fever and cough', ['denies fever and cough']],
    ['FHx asthma, diabetes', ['FHx asthma, diabetes']],
    ['screening for HIV, hepatitis C', ['screening for HIV, hepatitis C']],
  ])('%s', async (text, expected) => {
    expect(await divide(text)).toEqual(expected);
  });

  test('in Spanish', async () => {
    expect(await read('tos y fiebre', 'es')).toEqual(['tos = Tos', 'fiebre = Fiebre']);
    expect(await divide('HTA, asma; niega dolor de pecho, fiebre', 'es')).toEqual([
      'HTA',
      'asma',
      'niega dolor de pecho, fiebre',
    ]);
  });
});

describe('a heading holds for the lines below it', () => {
  test.each([
    [
      'Allergies: penicillin, aspirin\nmetformin',
      ['allergies: penicillin', 'allergies: aspirin', 'allergies: metformin'],
    ],
    ['Allergies\npenicillin\n\nmetformin', ['allergies: penicillin', 'metformin']],
    ['Allergies:\nlatex\nMedications:\nmetformin', ['allergies: latex', 'metformin']],
    ['FH: breast cancer', ['family-history: breast cancer']],
    ['PMH:\n- asthma', ['history: asthma']],
    ['Alergias: penicilina', ['allergies: penicilina']],
    ['Problem list:\nasthma', ['asthma']],
    // Within a list, and alone, it is what somebody asks for.
    ['asthma\nallergies\ndiabetes', ['asthma', 'allergies', 'diabetes']],
    ['Allergies', ['Allergies']],
    ['ALL\nasthma', ['ALL', 'asthma']],
  ])('%j', async (text, expected) => {
    const items = await itemsOf(text);
    const told = items.map(({ text: own, under }) =>
      under && under.section !== 'plain' ? `${under.section}: ${own}` : own,
    );
    expect(told).toEqual(expected);
  });
});

describe('any list', () => {
  test('is read whole: each line is in an entry, repeats are counted, what is cut says so', async () => {
    const [first, second] = await itemsOf(`I10\nasthma\nI10\n${'x'.repeat(600)}`);
    expect([first?.times, second?.times]).toEqual([2, 1]);
    const cut = (await itemsOf(`E11.9 ${'x'.repeat(600)}`))[0];
    expect([cut?.isCut, cut?.text.length]).toEqual([true, 500]);
  });

  test('says where each entry stands, so that it can be changed', async () => {
    const text = 'HTN, 140\r\n  - asthma';
    const items = await itemsOf(text);
    expect(items.map(({ from, to }) => text.slice(from, to).trim())).toEqual(['HTN', '140', 'asthma']);
  });

  test('searches for no more texts than it may, and says of the others that it did not', async () => {
    const items = await itemsOf('foo bar\nbar baz\nbaz foo', 'en', 2);
    expect(items.map(({ reading }) => reading.kind === 'words' && reading.understood?.kind)).toEqual([
      'words',
      'words',
      undefined,
    ]);
  });

  test('of any text at all is read, each entry within the text and in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 80 }), async (text) => {
        for (const { from, to, text: own } of await itemsOf(text)) {
          expect(text.slice(from, to)).toContain(own);
        }
      }),
      { numRuns: 60 },
    );
  });
});
