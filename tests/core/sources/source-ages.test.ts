import { describe, expect, test } from '@jest/globals';
import type { LibraryStatus } from '../../../src/core/model/library.js';
import { OFFICIAL_SOURCES } from '../../../src/core/sources/official-sources.js';
import { findFiscalYear, findNewestDue, listSourceAges, nameEdition } from '../../../src/core/sources/source-ages.js';
import { IMPORT_SOURCES } from '../../../src/import/sources.js';

type Status = Pick<LibraryStatus, 'releases' | 'tables' | 'texts'>;

const SHIPPED: Status = {
  releases: [{ layer: 'starter', source: 'starter', name: 'starter-1', builtOn: '2026-12-01' }],
  tables: [
    { system: 'rxnorm', date: '2026-07-01', codes: 1 },
    { system: 'ndc', date: '2025-10-06', codes: 1 },
  ],
  texts: [
    { day: '2026-01-30', count: 1 },
    { day: '2026-04-24', count: 9 },
  ],
};

const imported = (source: string, builtOn: string): Status => ({
  ...SHIPPED,
  releases: [...SHIPPED.releases, { layer: 'imported', source, name: `${source}-1`, builtOn }],
});

const findAge = (id: string, today: string, status = SHIPPED) =>
  listSourceAges(status, today).find(({ source }) => source.id === id);
const isLate = (id: string, today: string, status = SHIPPED) => findAge(id, today, status)?.isLate;

test('every source has an importer of its name', () => {
  const importers = new Set(IMPORT_SOURCES.map(({ name }) => name));
  expect(OFFICIAL_SOURCES.filter(({ id }) => !importers.has(id))).toEqual([]);
});

describe('what is in use', () => {
  test('is what ships: by its tables, its texts, or as the file of sources has it', () => {
    expect(
      ['icd-10-cm', 'rxnorm', 'ndc', 'medlineplus', 'snomed-ct'].map((id) => findAge(id, '2026-12-01')?.date),
    ).toEqual(['2026-10-01', '2026-07-01', '2025-10-06', '2026-04-24', undefined]);
  });

  test('is an import, once there is one', () => {
    const status = imported('icd-10-cm', '2025-10-01');
    expect(findAge('icd-10-cm', '2026-12-01', status)).toMatchObject({
      date: '2025-10-01',
      release: 'icd-10-cm-1',
      isLate: true,
    });
  });
});

describe('by the calendar', () => {
  test('ICD-10-CM is late on the day on which the fiscal year turns', () => {
    expect(isLate('icd-10-cm', '2027-09-30')).toBe(false);
    expect(isLate('icd-10-cm', '2027-10-01')).toBe(true);
    expect(isLate('icd-10-cm', '2027-10-01', imported('icd-10-cm', '2027-10-01'))).toBe(false);
    // An update of April is of the same fiscal year.
    expect(isLate('icd-10-cm', '2027-10-01', imported('icd-10-cm', '2027-04-01'))).toBe(true);
  });

  test('the others are late six months after the next edition was due', () => {
    expect(isLate('rxnorm', '2027-01-31')).toBe(false);
    expect(isLate('rxnorm', '2027-02-01')).toBe(true);
    expect(isLate('snomed-ct', '2027-02-28', imported('snomed-ct', '2026-03-01'))).toBe(false);
    expect(isLate('snomed-ct', '2027-03-01', imported('snomed-ct', '2026-03-01'))).toBe(true);
    expect(isLate('loinc', '2030-01-01')).toBe(false);
  });

  test.each([
    ['icd-10-cm', '2026-12-01', '2026-10-01'],
    ['icd-10-cm', '2027-09-30', '2026-10-01'],
    ['snomed-ct', '2027-02-28', '2026-09-01'],
    ['loinc', '2027-02-01', '2027-02-01'],
    ['ndc', '2027-01-15', '2027-01-01'],
  ])('the newest of %s on %s was due on %s', (id, today, due) => {
    const source = OFFICIAL_SOURCES.find((one) => one.id === id);
    expect(source && findNewestDue(source, today)).toBe(due);
  });

  test('a fiscal year begins in October', () => {
    expect(['2026-09-30', '2026-10-01', '2027-04-01'].map(findFiscalYear)).toEqual([2026, 2027, 2027]);
    expect(OFFICIAL_SOURCES.slice(0, 2).map((source) => nameEdition(source, '2027-04-01'))).toEqual([
      'FY2027',
      '2027-04-01',
    ]);
  });
});
