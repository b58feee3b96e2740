import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { takeAllSteps } from '../../../src/core/give-way.js';
import { ageGroupsOfBirth } from '../../../src/protocols/fhir/knowledge-request/chart-dates.js';
import { readChartResource } from '../../../src/protocols/fhir/knowledge-request/read-chart.js';
import { TEST_TIME } from '../../support/connector.js';

type Fields = Record<string, unknown>;
interface ChartCase {
  readonly type: string;
  readonly rows: readonly (readonly [fields: Fields, becomes: string, wish?: 'wish'])[];
}

const FILE = join(import.meta.dirname, '../../cases/fhir/charts.yaml');
const cases = parse(readFileSync(FILE, 'utf8')) as ChartCase[];

const CODE = { coding: [{ system: 'http://snomed.info/sct', code: '44054006' }] };

/** A resource with a code; clinical and verification status are concepts, as R4 has them. */
function toResource(type: string, fields: Fields): Fields {
  const concepts = ['clinicalStatus', 'verificationStatus'].flatMap((name) =>
    name in fields ? [[name, { coding: [{ code: fields[name] }] }] as const] : [],
  );
  const codes = { code: CODE, vaccineCode: CODE, medicationCodeableConcept: CODE };
  return { resourceType: type, ...codes, ...fields, ...Object.fromEntries(concepts) };
}

function read(resource: Fields, includeInactive = false) {
  return takeAllSteps(
    readChartResource(resource, { includeInactive, now: TEST_TIME, findMedication: () => undefined }),
  );
}

function becomes(resource: Fields, includeInactive?: boolean): string {
  const reading = read(resource, includeInactive);
  return `${reading.state} ${reading.state === 'take' ? (reading.questions[0]?.kind ?? '') : reading.reason}`;
}

describe.each(cases)('$type', ({ type, rows }) => {
  test.each(rows.map((row) => [JSON.stringify(row), row] as const))('%s', (_name, [fields, expected, wish]) => {
    expect(becomes(toResource(type, fields), wish === 'wish')).toBe(expected);
  });
});

test.each<[string, unknown]>([
  ['a number for a concept', { code: 5, clinicalStatus: [], verificationStatus: 'x' }],
  ['texts for lists', { code: { coding: 'x', text: 7 }, contained: 'y' }],
  ['nulls in lists', { code: { coding: [null, 3] } }],
])('elements of any type are read as if they were not there: %s', (_name, fields) => {
  for (const resourceType of ['Condition', 'AllergyIntolerance', 'MedicationRequest']) {
    expect(read({ resourceType, ...(fields as Fields) }).state).not.toBe('take');
  }
});

test('a panel asks about itself and its components, each test once', () => {
  const loinc = (code: string) => ({ code: { coding: [{ system: 'http://loinc.org', code }] } });
  const component = [loinc('8480-6'), loinc('8462-4'), loinc('8480-6'), loinc('85354-9'), null, { code: 5 }];
  const reading = read({ resourceType: 'Observation', status: 'final', ...loinc('85354-9'), component });
  const asked = reading.state === 'take' ? reading.questions : [];
  expect(asked.map(({ kind, codings }) => [kind, codings[0]?.code])).toEqual([
    ['test', '85354-9'],
    ['test', '8480-6'],
    ['test', '8462-4'],
  ]);
});

describe('an allergy is asked as', () => {
  const rxnorm = { coding: [{ system: 'urn:oid:2.16.840.1.113883.6.88', code: '7980' }] };
  test.each<[string, Fields, string[]]>([
    ['a drug, by its category', { code: { text: 'Something' }, category: ['medication'] }, ['Z88.9', 'T78.40']],
    ['a drug, by its code system', { code: rxnorm }, ['Z88.9', 'T78.40']],
    ['a drug, by its name', { code: { text: 'Amoxicillin' } }, ['Z88.9', 'T78.40']],
    ['a food', { code: { text: 'Something' }, category: ['food'] }, ['Z91.018', 'T78.40']],
    ['latex, whatever its category', { code: { text: 'Latex' }, category: ['environment'] }, ['Z91.040', 'T78.40']],
    ['an allergy', { code: { text: 'House dust' }, category: ['environment'] }, ['T78.40']],
    ['what its finding is, first', { code: CODE, category: ['food'] }, ['44054006', 'Z91.018', 'T78.40']],
  ])('%s', (_name, fields, codes) => {
    const reading = read({ resourceType: 'AllergyIntolerance', ...fields });
    const asked = reading.state === 'take' ? reading.questions.flatMap(({ codings }) => codings) : [];
    expect(asked.map(({ code }) => code)).toEqual(codes);
  });
});

test.each([
  ['2026-11-20', ['newborn']],
  ['2025-06-01', ['infant']],
  ['2019-11-25', ['child']],
  ['2020-11-24', ['child']],
  ['2020-11-25', ['preschool']],
  ['2020', ['child', 'preschool']],
  ['1961-03', ['aged']],
  ['2027-01-01', undefined],
  ['1800-01-01', undefined],
  ['2020-13-01', undefined],
  ['yesterday', undefined],
])('somebody born on %s is of the age groups %j', (birthDate, groups) => {
  expect(ageGroupsOfBirth(birthDate, '2026-11-24')).toEqual(groups);
});
