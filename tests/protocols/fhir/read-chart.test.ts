import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseYaml } from '../../../src/core/read-data-file.js';
import type { ChartSetting } from '../../../src/core/charts/chart-settings.js';
import { CHART_RULES, listCodesOfCause } from '../../../src/protocols/fhir/knowledge-request/chart-rules.js';
import { findAgeGroupsOfBirth } from '../../../src/protocols/fhir/knowledge-request/chart-dates.js';
import { readScene } from '../../../src/protocols/fhir/knowledge-request/chart-scene.js';
import { readChartResource } from '../../../src/protocols/fhir/knowledge-request/read-chart.js';
import { TEST_TIME } from '../../support/connector.js';

type Fields = Record<string, unknown>;
interface ChartCase {
  readonly type: string;
  readonly rows: readonly (readonly [fields: Fields, becomes: string, wish?: 'wish'])[];
}

const FILE = join(import.meta.dirname, '../../cases/fhir/charts.yaml');
const cases = parseYaml(readFileSync(FILE, 'utf8')) as ChartCase[];

const CODE = { coding: [{ system: 'http://snomed.info/sct', code: '44054006' }] };

/** A resource with a code; clinical and verification status are concepts, as R4 has them. */
function toResource(type: string, fields: Fields): Fields {
  const concepts = ['clinicalStatus', 'verificationStatus'].flatMap((name) =>
    name in fields ? [[name, { coding: [{ code: fields[name] }] }] as const] : [],
  );
  const codes = { code: CODE, vaccineCode: CODE, medicationCodeableConcept: CODE };
  return { resourceType: type, ...codes, ...fields, ...Object.fromEntries(concepts) };
}

interface Around {
  readonly includeInactive?: boolean;
  readonly setting?: ChartSetting;
  /** Other resources of the chart. */
  readonly others?: readonly Fields[];
  readonly encounter?: string;
  readonly server?: string;
}

function read(
  resource: Fields,
  { includeInactive = false, setting = 'ambulatory', others = [], encounter, server }: Around = {},
) {
  const placed = [resource, ...others].map((one) => ({ resource: one, fullUrl: '' }));
  const asking = { encounter, findSetting: () => setting, now: TEST_TIME, isAsked: false, server };
  const scene = readScene(placed, asking);
  const options = { includeInactive, now: TEST_TIME, findMedication: () => undefined, scene };
  return readChartResource(resource, options);
}

function becomes(resource: Fields, includeInactive?: boolean): string {
  const reading = read(resource, { includeInactive: includeInactive ?? false });
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

test('a panel asks about itself and its components with a result, each test once, and no vital sign', () => {
  const loinc = (code: string) => ({ code: { coding: [{ system: 'http://loinc.org', code }] } });
  const absent = { ...loinc('2028-9'), dataAbsentReason: { text: 'error' } };
  const component = [loinc('2345-7'), loinc('2951-2'), loinc('2345-7'), loinc('24323-8'), null, { code: 5 }, absent];
  const panel = { resourceType: 'Observation', status: 'final', ...loinc('24323-8') };
  const reading = read({ ...panel, component: [...component, loinc('8480-6')] });
  const asked = reading.state === 'take' ? reading.questions : [];
  expect(asked.map(({ kind, codings }) => [kind, codings[0]?.code])).toEqual([
    ['test', '24323-8'],
    ['test', '2345-7'],
    ['test', '2951-2'],
  ]);
});

describe('what the rest of the chart says of a fact', () => {
  const encounter = (id: string, start: string, more: Fields = {}) => ({
    ...{ resourceType: 'Encounter', id, status: 'finished', class: { code: 'AMB' }, period: { start } },
    ...more,
  });
  const today = encounter('today', '2026-11-24T08:00:00Z');
  const before = encounter('before', '2026-03-01T08:00:00Z');
  const of = (id: string) => ({ encounter: { reference: `http://ehr.example/fhir/Encounter/${id}` } });
  const problem = (fields: Fields) => ({ resourceType: 'Condition', id: 'c1', code: CODE, ...fields });
  const standingOf = (resource: Fields, around: Around) => {
    const reading = read(resource, around);
    return reading.questions[0];
  };

  test.each<[string, Fields, Around, boolean | undefined]>([
    ['of the newest encounter', of('today'), { others: [today, before] }, true],
    ['of an earlier one', of('before'), { others: [today, before] }, false],
    [
      'of the one that the request names',
      of('before'),
      { others: [today, before], encounter: 'Encounter/before' },
      true,
    ],
    [
      'of one of this server, by its address',
      of('today'),
      { others: [today, before], server: 'http://ehr.example/fhir/' },
      true,
    ],
    [
      'of another server’s with the same id',
      of('today'),
      { others: [today, before], server: 'http://other.example/fhir' },
      false,
    ],
    [
      'of another server’s, where the request names this one',
      of('today'),
      { others: [today, before], server: 'http://other.example/fhir', encounter: 'Encounter/today' },
      false,
    ],
    [
      'of one that was cancelled',
      of('x'),
      { others: [today, encounter('x', '2026-11-24', { status: 'cancelled' })] },
      false,
    ],
    [
      'named as its diagnosis',
      {},
      { others: [{ ...today, diagnosis: [{ condition: { reference: 'Condition/c1' } }] }] },
      true,
    ],
    ['noted on its day, without a reference', { recordedDate: '2026-11-24' }, { others: [today] }, true],
    ['noted before it, without a reference', { recordedDate: '2026-11-01' }, { others: [today] }, false],
    [
      'of the latest encounter that facts refer to',
      { ...of('a'), recordedDate: '2026-11-20' },
      { others: [problem({ ...of('b'), recordedDate: '2026-01-01' })] },
      true,
    ],
    ['in a chart without any', { recordedDate: '2026-11-24' }, {}, undefined],
  ])('a problem %s', (_name, fields, around, expected) => {
    expect(standingOf(problem(fields), around)?.isOfEncounter).toBe(expected);
  });

  test('a drug that was ordered before is renewed; one of another strength is changed', () => {
    const order = (code: string, authoredOn: string) => ({
      ...{ resourceType: 'MedicationRequest', status: 'active', authoredOn },
      medicationCodeableConcept: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code }] },
    });
    const earlier = { ...order('860975', '2025-01-01'), status: 'stopped' };
    const isRenewal = (code: string) =>
      standingOf(order(code, '2026-11-24'), { others: [earlier] })?.isRenewal ?? false;
    expect([isRenewal('860975'), isRenewal('861004')]).toEqual([true, false]);
  });

  test('a drug that was completed is asked about where it is of this encounter', () => {
    const order = { resourceType: 'MedicationRequest', status: 'completed', medicationCodeableConcept: CODE };
    const around = { others: [today, before] };
    expect(read({ ...order, ...of('today') }, around).state).toBe('take');
    expect(read({ ...order, ...of('before') }, around).state).toBe('skip');
  });

  test.each<[string, Fields, ChartSetting, string]>([
    ['for home', { category: [{ coding: [{ code: 'discharge' }] }] }, 'discharge', 'take'],
    ['for the ward', { category: [{ coding: [{ code: 'inpatient' }] }] }, 'discharge', 'skip'],
    ['for the ward, at a clinic', { category: [{ coding: [{ code: 'inpatient' }] }] }, 'ambulatory', 'take'],
    ['a flush', { medicationCodeableConcept: { text: 'Heparin lock flush 10 units/mL' } }, 'discharge', 'skip'],
    ['given once', { dosageInstruction: [{ timing: { repeat: { count: 1 } } }] }, 'discharge', 'skip'],
    ['given daily', { dosageInstruction: [{ timing: { repeat: { frequency: 1 } } }] }, 'discharge', 'take'],
  ])('a drug %s', (_name, fields, setting, state) => {
    const order = { resourceType: 'MedicationRequest', status: 'active', medicationCodeableConcept: CODE };
    expect(read({ ...order, ...fields }, { setting }).state).toBe(state);
  });
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
  expect(findAgeGroupsOfBirth(birthDate, '2026-11-24')).toEqual(groups);
});

test('every status of the rules has a verdict, every rule a kind', () => {
  const rules = Object.values(CHART_RULES);
  const verdicts = rules.flatMap(({ statuses }) => statuses.flatMap(({ codes }) => Object.values(codes)));
  expect(new Set(verdicts)).toEqual(new Set(['take', 'skip', 'hold', 'past', 'completed', 'remission']));
  expect(new Set(rules.flatMap(({ statuses }) => statuses.map(({ absent }) => absent)))).toEqual(
    new Set(['take', 'hold']),
  );
  expect(new Set(rules.map(({ kind }) => kind))).toEqual(
    new Set(['problem', 'medication', 'test', 'procedure', 'immunization', 'allergy']),
  );
  expect(['drug', 'food', 'latex', 'other'].map((cause) => listCodesOfCause(cause as 'drug')[0])).toEqual([
    ...['Z88.9', 'Z91.018', 'Z91.040', 'T78.40'],
  ]);
});

describe('a drug has the route of its doses', () => {
  const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';
  const order = { resourceType: 'MedicationRequest', status: 'active', intent: 'order' };
  const coded = (code: string): Fields => ({ route: { coding: [{ code }] } });
  const unit = (text: string): Fields => ({ doseAndRate: [{ doseQuantity: { value: 1, unit: text } }] });
  const routeOf = (dosageInstruction: readonly Fields[]): string | undefined => {
    const medicationCodeableConcept = { coding: [{ system: rxnorm, code: '6851' }] };
    return read({ ...order, medicationCodeableConcept, dosageInstruction }).questions[0]?.codings[0]?.route;
  };

  test.each<[string | undefined, ...Fields[]]>([
    ['injection', coded('34206005')],
    ['injection', coded('C38274')],
    ['otic', coded('OT')],
    ['oral', { route: { text: 'PO' } }],
    ['oral', { route: { text: 'Per G Tube' } }],
    ['nasal', { route: { text: 'each nare' } }],
    ['ophthalmic', { text: 'Instill 1 drop into both eyes twice daily' }],
    ['ophthalmic', { text: '1 gtt OS BID' }],
    ['nasal', { patientInstruction: '2 sprays in each nostril' }],
    ['inhalation', { text: 'Take 2 puffs by mouth every 6 hours' }],
    ['patch', { text: 'Apply 1 patch every 72 hours. Take off the old one first.' }],
    ['vaginal', { site: { text: 'Vagina' } }],
    ['inhalation', unit('puff')],
    ['drops', unit('drop(s)')],
    // Only the first sentence tells how it is taken, and not for what.
    ['oral', { text: 'Take 1 tablet by mouth for itchy eyes' }],
    // The route goes before the text.
    ['injection', { ...coded('47625008'), text: 'by mouth' }],
    // Doses of two routes, and none.
    [undefined, coded('47625008'), coded('26643006')],
    [undefined, { text: 'as directed' }],
  ])('%s: %j', (route, ...doses) => {
    expect(routeOf(doses)).toBe(route);
  });

  test.each([
    ['furosemide', '47625008', 'injection'],
    // Of two drugs none alone.
    ['sofosbuvir-velpatasvir 400-100 mg tablet', '26643006', 'oral'],
  ])('and the name %s stays as it was sent', (text, code, kept) => {
    const drug = { medicationCodeableConcept: { text }, dosageInstruction: [coded(code)] };
    const [question] = read({ ...order, ...drug }).questions;
    const named = [...(question?.codings ?? []), ...(question?.fallbacks ?? [])];
    expect(named.map(({ display, route }) => [display, route])).toEqual([[text, kept]]);
  });
});
