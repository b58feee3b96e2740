import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { takeAllSteps } from '../../src/core/give-way.js';
import type { Library } from '../../src/core/library.js';
import type { ListEntry } from '../../src/core/pasted-list.js';
import { readPastedList, resolveList } from '../../src/core/pasted-list.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';

const folder = temporaryFolder();
let library: Library;
beforeAll(async () => {
  library = (await openTestLibrary(testConfig(folder.path))).library;
});
afterAll(async () => {
  await library.close();
  folder.remove();
});

const listOf = (text: string): ListEntry[] => [...readPastedList(text)].filter((entry) => entry !== undefined);

/** What becomes of each entry: `system code title`, or its fault. */
function read(text: string): string[] {
  const entries = takeAllSteps(resolveList(listOf(text), library));
  return entries.map(({ coding, fault, entry, possible }) => {
    if (coding) return [coding.system, coding.code, coding.display].join(' ').trim();
    return [`${String(fault)}: ${entry.text}`, ...possible].join(' ');
  });
}

// Patterns that end at the end of the text took minutes for these.
test.each(['J45.20', 'J45.20, x', 'asthma'])(
  '%s with nothing but blanks and marks behind it is read at once',
  (start) => {
    for (const filler of [' ', ';', ':', '.', '-', '(']) {
      const [entry, ...more] = listOf(`${start}${filler.repeat(200_000)}x`);
      expect([entry?.text.startsWith(start), more.length]).toEqual([true, 0]);
    }
  },
);

describe('a pasted list', () => {
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
    ['ICD-10: I10', ['icd-10-cm I10']],
    ['ICD-10-CM code: I10', ['icd-10-cm I10']],
    ['ICD9 250', ['icd-9-cm 250']],
    ['250.00', ['icd-9-cm 250.00']],
    ['I10, E11.9; 250.00\tJ45.909', ['icd-10-cm I10', 'icd-10-cm E11.9', 'icd-9-cm 250.00', 'icd-10-cm J45.909']],
    ['SNOMED 38341003', ['snomed-ct 38341003']],
    ['73211009', ['snomed-ct 73211009']],
    ['LOINC 4548-4', ['loinc 4548-4']],
    ['4548-4 Hemoglobin A1c', ['loinc 4548-4 Hemoglobin A1c']],
    ['RxCUI: 860975 Metformin', ['rxnorm 860975 Metformin']],
    ['NDC 00093-1048-01', ['ndc 00093-1048-01']],
    ['http://snomed.info/sct|38341003', ['snomed-ct 38341003']],
    ['icd-10-cm|E11.9', ['icd-10-cm E11.9']],
    ['CVX 141', ['cvx 141']],
    // No code is read into words: a vitamin's number, a dose, a year.
    ['Vitamin B12 deficiency', ['no-code: Vitamin B12 deficiency']],
    ['lisinopril 10 mg', ['no-code: lisinopril 10 mg']],
    ['Fracture 2019', ['no-code: Fracture 2019']],
    ['asthma', ['no-code: asthma']],
    ['', []],
    [' \n ,;\n', []],
    ['- \n1. \n', []],
    ['I10,\n,E11.9,, type 2,;', ['icd-10-cm I10', 'icd-10-cm E11.9 type 2']],
    [`E11.9 ${'x'.repeat(600)}, I10`, [`icd-10-cm E11.9 ${'x'.repeat(494)}`, 'icd-10-cm I10']],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test('does not guess a number that several systems could have written', () => {
    // Tongue cancer in ICD-9-CM, influenza vaccine in CVX.
    expect(read('141')).toEqual(['ambiguous: 141 icd-9-cm cvx']);
    expect(read('CVX 141')).toEqual(['cvx 141']);
  });

  test('reads any text at all, each entry shorter than the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        for (const entry of listOf(text)) expect(entry.text.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test('is read no further than it is asked to, and each step is short', () => {
    for (const piece of ['I10,', 'a,', 'a;b\n', '\n', ' \n', '1. ', '\t']) {
      const steps = readPastedList(piece.repeat(1_000_000));
      const read = Array.from({ length: 100 }, () => steps.next().value as ListEntry | undefined);
      for (const entry of read) expect(entry?.text.length ?? 0).toBeLessThanOrEqual(500);
    }
  });

  test('is read in time that grows with its length', () => {
    for (const piece of ['(', 'I10,', 'a ', '[E11', 'ICD-10 ', '|x']) {
      expect(listOf(piece.repeat(20_000)).length).toBeLessThanOrEqual(20_000);
    }
  });
});
