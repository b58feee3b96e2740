import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { RequestError } from '../../../src/core/errors.js';
import { createChartReader } from '../../../src/create-chart-reader.js';
import { isClinicalDocument, readClinicalDocument } from '../../../src/protocols/ccda/read-document.js';
import {
  allergy,
  clinicalDocument,
  drug,
  encounter,
  icd,
  problem,
  problemObservation,
  procedure,
  result,
  section,
  substance,
  vaccine,
  vital,
} from './document.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const read = createChartReader('UTC');

/** Reading of a document's sections by a chart's rules: a line for each fact with its question, or why it has none. */
const tell = (...sections: string[]): Promise<string[]> => tellDocument(clinicalDocument({ sections }));
async function tellDocument(text: string): Promise<string[]> {
  const { inputs, questions } = await read(text, { includeInactive: false, now: NOW });
  return inputs.map(({ type, coding, reading }, index) => {
    const asked = questions.filter(({ input }) => input === index);
    const codes = asked.map(({ codings }) =>
      codings
        .map((one) => [`${one.system ?? one.systemSent}|${one.code || one.display}`, one.route ?? ''].join(' ').trim())
        .join('+'),
    );
    const kinds = [...new Set(asked.map(({ kind }) => kind))].join(' ');
    const what = reading.state === 'take' ? `${kinds} ${codes.join(' ')}` : `${reading.reason} ${reading.status}`;
    return `${type} ${coding?.code ?? ''}: ${reading.state} ${what}`.trim();
  });
}

describe('problems', () => {
  test.each([
    ['an active one', problem({ value: icd('I10') }), 'Condition I10: take problem icd-10-cm|I10'],
    [
      'one with an end',
      problem({ value: icd('I10'), high: '20260101' }),
      'Condition I10: skip past clinicalStatus resolved',
    ],
    [
      'one with an end that nobody knows',
      problem({ value: icd('I10'), high: '' }),
      'Condition I10: skip past clinicalStatus resolved',
    ],
    [
      'one of a concern that is done',
      problem({ value: icd('I10'), act: 'completed' }),
      'Condition I10: skip past clinicalStatus inactive',
    ],
    [
      'one whose own status is resolved',
      problem({ value: icd('I10'), ownStatus: '413322009' }),
      'Condition I10: skip past clinicalStatus resolved',
    ],
    [
      'one whose own status says active beside a done concern',
      problem({ value: icd('I10'), act: 'completed', ownStatus: '55561003' }),
      'Condition I10: take problem icd-10-cm|I10',
    ],
    [
      'one of a status that nobody knows',
      problem({ value: icd('I10'), ownStatus: '1' }),
      'Condition I10: hold unknown-status',
    ],
    [
      'one that is denied',
      problem({ value: icd('I10'), negated: true }),
      'Condition I10: skip status verificationStatus refuted',
    ],
    [
      'one entered in error',
      problem({ value: icd('I10'), act: 'nullified' }),
      'Condition I10: skip status verificationStatus entered-in-error',
    ],
    [
      'one whose code is a translation',
      problem({
        value: `<value xsi:type="CD" nullFlavor="OTH"><translation code="I10" codeSystem="2.16.840.1.113883.6.90"/></value>`,
      }),
      'Condition I10: take problem icd-10-cm|I10',
    ],
    [
      'one whose ICD-9-CM has the OID of its procedures',
      problem({
        value: `<value xsi:type="CD" nullFlavor="OTH"><translation code="434.91" codeSystem="2.16.840.1.113883.6.104"/></value>`,
      }),
      'Condition 434.91: take problem icd-9-cm|434.91',
    ],
    [
      'one whose ICD-9-CM has the OID of the whole',
      problem({ value: `<value xsi:type="CD" code="185" codeSystem="2.16.840.1.113883.6.2"/>` }),
      'Condition 185: take problem icd-9-cm|185',
    ],
    ['one without a code', problem({ value: '<value xsi:type="CD" nullFlavor="UNK"/>' }), 'Condition : skip no-code'],
  ])('%s', async (_name, entry, expected) => {
    expect(await tell(section('11450-4', entry))).toEqual([expected]);
  });

  test('of the past are past, unless they say that they are active', async () => {
    const past = (facts: object) => `<entry>${problemObservation({ value: icd('I10'), ...facts })}</entry>`;
    expect(await tell(section('11348-0', past({}) + past({ ownStatus: '55561003' })))).toEqual([
      'Condition I10: skip past clinicalStatus inactive',
      'Condition I10: take problem icd-10-cm|I10',
    ]);
  });

  test("a family's history and sections that are not known ask nothing, and are reported", async () => {
    const family = section('10157-6', problem({ value: icd('C50.919') }));
    const unknown = section('10154-3', '') + section('1-8', problem({ value: icd('I10') }));
    expect(await tell(family + unknown)).toEqual([
      'FamilyHistory : skip type-not-read',
      'OtherSection : skip type-not-read',
    ]);
  });

  test('words that an entry refers to stand in for its title', () => {
    const value = `<value xsi:type="CD" nullFlavor="UNK"><originalText><reference value="#p1"/></originalText></value>`;
    const text = '<list><item><content ID="p1">Gout of <b>foot</b></content></item></list>';
    const [, condition] = readClinicalDocument(
      clinicalDocument({ sections: [section('11450-4', problem({ value }), text)] }),
      '2026-11-24',
    );
    expect(condition).toMatchObject({ resourceType: 'Condition', code: { text: 'Gout of foot' } });
  });
});

test("a procedure's code is never read as a diagnosis of ICD-9-CM", async () => {
  const colonoscopy = `<entry><procedure classCode="PROC" moodCode="EVN"><code code="045.2" codeSystem="2.16.840.1.113883.6.104"/>
    <statusCode code="completed"/><effectiveTime value="20260110"/></procedure></entry>`;
  const facts = await tell(section('47519-4', colonoscopy));
  expect(facts).toHaveLength(1);
  expect(facts.join()).not.toContain('icd-9-cm');
});

describe('medications', () => {
  const metformin = drug('860975', '<translation code="00093-1048-01" codeSystem="2.16.840.1.113883.6.69"/>');
  const asked = 'medication rxnorm|860975+ndc|00093-1048-01';
  test.each([
    ['taken', {}, `MedicationStatement 860975: take ${asked}`],
    ['ordered', { mood: 'INT' }, `MedicationRequest 860975: take ${asked}`],
    [
      'ended',
      { time: '<effectiveTime xsi:type="IVL_TS"><low value="2025"/><high value="20260101"/></effectiveTime>' },
      'MedicationStatement 860975: skip past status completed',
    ],
    [
      'that will end',
      { time: '<effectiveTime xsi:type="IVL_TS"><low value="2025"/><high value="20270101"/></effectiveTime>' },
      `MedicationStatement 860975: take ${asked}`,
    ],
    [
      'completed, in a document of R1.1',
      { statusCode: 'completed' },
      'MedicationStatement 860975: hold unknown-status',
    ],
    [
      'ordered and completed, in a document of R1.1',
      { statusCode: 'completed', mood: 'INT' },
      `MedicationRequest 860975: take ${asked}`,
    ],
    [
      'ordered, in a word that CDA lacks',
      { statusCode: 'ordered', mood: 'INT' },
      `MedicationRequest 860975: take ${asked}`,
    ],
    ['prescribed without a status', { statusCode: '', mood: 'INT' }, `MedicationRequest 860975: take ${asked}`],
    [
      'prescribed until last year',
      {
        statusCode: 'ordered',
        mood: 'INT',
        time: '<effectiveTime xsi:type="IVL_TS"><low value="2024"/><high value="20251101"/></effectiveTime>',
      },
      'MedicationRequest 860975: skip past status completed',
    ],
    [
      'prescribed and stopped',
      { statusCode: 'aborted', mood: 'INT' },
      'MedicationRequest 860975: skip status status stopped',
    ],
    ['stopped', { statusCode: 'aborted' }, 'MedicationStatement 860975: skip status status stopped'],
    ['on hold', { statusCode: 'suspended' }, 'MedicationStatement 860975: hold unconfirmed status on-hold'],
    ['of no status', { statusCode: '' }, 'MedicationStatement 860975: hold unknown-status'],
    ['not taken', { negated: true }, 'MedicationStatement 860975: skip status status not-taken'],
    ['proposed', { mood: 'PRP' }, 'MedicationRequest 860975: skip status intent proposal'],
  ])('%s', async (_name, facts, expected) => {
    expect(await tell(section('10160-0', substance({ material: metformin, ...facts })))).toEqual([expected]);
  });

  test('a drug that has a name alone is asked by it', async () => {
    const named = substance({ material: '<code nullFlavor="UNK"/><name>metformin 500 mg</name>' });
    expect(await tell(section('10160-0', named))).toEqual([
      'MedicationStatement : take medication rxnorm|metformin 500 mg',
    ]);
  });

  test.each([
    ['EVN', 'MedicationStatement'],
    ['INT', 'MedicationRequest'],
  ])('a drug has the route of its administration: mood %s', async (mood, type) => {
    const time = '<routeCode code="C38299" codeSystem="2.16.840.1.113883.3.26.1.1"/>';
    const injected = substance({ material: '<code nullFlavor="UNK"/><name>methotrexate</name>', time, mood });
    expect(await tell(section('10160-0', injected))).toEqual([
      `${type} : take medication rxnorm|methotrexate injection`,
    ]);
  });
});

describe('other sections', () => {
  const PQ = '<value xsi:type="PQ" value="7.1" unit="%"/><interpretationCode code="H"/>';
  test.each([
    ['a result', '30954-2', result('4548-4', PQ), ['Observation 4548-4: take test loinc|4548-4']],
    [
      'a result without a value',
      '30954-2',
      result('4548-4', '<value xsi:type="PQ" nullFlavor="NI"/>'),
      ['Observation 4548-4: skip no-result'],
    ],
    [
      'a result that was cancelled',
      '30954-2',
      result('4548-4', PQ, 'aborted'),
      ['Observation 4548-4: skip status status cancelled'],
    ],
    ['a vital sign', '8716-3', vital('8302-2'), ['Observation 8302-2: skip vital-sign']],
    [
      'a vaccine',
      '11369-6',
      substance({ material: vaccine('141'), statusCode: 'completed', template: '52' }),
      ['Immunization 141: take immunization cvx|141'],
    ],
    [
      'a vaccine that was not given',
      '11369-6',
      substance({ material: vaccine('141'), statusCode: 'completed', negated: true }),
      ['Immunization 141: skip status status not-done'],
    ],
    [
      'a vaccine that is planned',
      '11369-6',
      substance({ material: vaccine('141'), mood: 'INT' }),
      ['ImmunizationRecommendation 141: take immunization cvx|141'],
    ],
    [
      'a drug allergy',
      '48765-2',
      allergy('419511003', drug('70618')),
      ['AllergyIntolerance 70618: take allergy icd-10-cm|Z88.9 icd-10-cm|T78.40'],
    ],
    [
      'a food allergy',
      '48765-2',
      allergy('414285001', '<code nullFlavor="UNK"/><name>Peanut</name>'),
      ['AllergyIntolerance : take allergy icd-10-cm|Z91.018 icd-10-cm|T78.40'],
    ],
    [
      'an allergy that is over',
      '48765-2',
      allergy('419511003', drug('70618'), false, 'completed'),
      ['AllergyIntolerance 70618: skip past clinicalStatus inactive'],
    ],
    [
      'no known allergies',
      '48765-2',
      allergy('419199007', '<code nullFlavor="NA"/>', true),
      ['AllergyIntolerance 716186003: skip nothing-known'],
    ],
    [
      'a procedure',
      '47519-4',
      procedure('80146002', 'EVN', 'completed', '14'),
      ['Procedure 80146002: take procedure snomed-ct|80146002'],
    ],
    [
      'a procedure that is planned',
      '18776-5',
      procedure('80146002', 'RQO', 'active', '41'),
      ['ServiceRequest 80146002: take procedure snomed-ct|80146002'],
    ],
    [
      'a diagnosis of an encounter',
      '46240-8',
      encounter('EMER', icd('J45.909')),
      ['Condition J45.909: take problem icd-10-cm|J45.909'],
    ],
  ])('%s', async (_name, loinc, entry, expected) => {
    expect(await tell(section(loinc, entry))).toEqual(expected);
  });

  test('a section that says it has no information is not read', async () => {
    const none = section('11450-4', problem({ value: icd('I10') })).replace('<section>', '<section nullFlavor="NI">');
    expect(await tell(none)).toEqual([]);
  });
});

test('sex, age, language, death and setting of the patient are known, and nothing else of theirs', async () => {
  const sections = [section('46240-8', encounter('EMER', icd('J45.909')))];
  const chart = await read(clinicalDocument({ sections }), { includeInactive: false, now: NOW });
  expect([chart.patient.sex, chart.patient.language, chart.setting]).toEqual(['female', 'es', 'emergency']);
  expect(chart.patient.ageGroups.length).toBeGreaterThan(0);
  expect(chart.questions[0]).toMatchObject({ isOfEncounter: true });
  expect(JSON.stringify(chart)).not.toContain('Secret');
  const dead = '<patient><sdtc:deceasedInd value="true"/></patient>';
  expect(
    (await read(clinicalDocument({ patient: dead }), { includeInactive: false, now: NOW })).patient.isDeceased,
  ).toBe(true);
});

describe('what is no document', () => {
  const readAll = (text: string) => readClinicalDocument(text, '2026-11-24');
  const ROOT = '<ClinicalDocument xmlns="urn:hl7-org:v3">';
  test.each([
    [
      'entities that grow',
      `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${ROOT}&b;</ClinicalDocument>`,
      'DOCTYPE',
    ],
    [
      'a file of the server',
      `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${ROOT}&a;</ClinicalDocument>`,
      'DOCTYPE',
    ],
    ['an entity without a declaration', `${ROOT}&a;</ClinicalDocument>`, 'not well-formed'],
    ['an end that is missing', ROOT, 'not well-formed'],
    ['elements too deep', ROOT + '<a>'.repeat(200), 'levels deep'],
    ['foreign elements too deep', ROOT + '<a xmlns="x">'.repeat(200), 'levels deep'],
    ['too many elements', ROOT + '<a/>'.repeat(500_001), 'more than 500000'],
    [
      'an unstructured document',
      `${ROOT}<component><nonXMLBody/></component></ClinicalDocument>`,
      'without coded sections',
    ],
    ['another root', '<other xmlns="urn:hl7-org:v3"/>', 'no CDA document'],
    ['another namespace', '<ClinicalDocument/>', 'no CDA document'],
  ])('%s is rejected', (_name, text, expected) => {
    expect(() => readAll(text)).toThrow(RequestError);
    try {
      readAll(text);
    } catch (error) {
      expect((error as RequestError).values.reason).toContain(expected);
    }
  });

  test('too many facts, in one entry or in all, are rejected before they are read further', () => {
    const many = (count: number) => `<entry>${problemObservation({ value: icd('I10') }).repeat(count)}</entry>`;
    const read = (entries: string) => readAll(clinicalDocument({ sections: [section('11450-4', entries)] }));
    expect(read(many(500))).toHaveLength(501);
    expect(() => read(many(501))).toThrow(RequestError);
    expect(() => read(many(500).repeat(11))).toThrow(RequestError);
  });

  test('is told from a document by its first element', () => {
    expect(isClinicalDocument(clinicalDocument({}))).toBe(true);
    expect(isClinicalDocument('<cda:ClinicalDocument xmlns:cda="urn:hl7-org:v3">')).toBe(true);
    expect(isClinicalDocument('<Bundle xmlns="http://hl7.org/fhir"><ClinicalDocument/></Bundle>')).toBe(false);
    expect(isClinicalDocument('asthma <ClinicalDocument>')).toBe(false);
  });
});

describe('documents as vendors write them', () => {
  test.each([
    [
      'epic',
      [
        'Condition 44054006: take problem snomed-ct|44054006+icd-9-cm|250.00+icd-10-cm|E11.9',
        'Condition 10509002: skip past clinicalStatus resolved',
        'Condition M10.9: take problem icd-10-cm|M10.9',
        'MedicationRequest 861007: take medication rxnorm|861007+ndc|00093-1048-01',
        'MedicationStatement : take medication rxnorm|lisinopril 10 mg tablet',
        'DiagnosticReport 58410-2: take test loinc|58410-2',
        'Observation 718-7: take test loinc|718-7',
        'Observation 787-2: skip no-result',
        'Observation 4548-4: take test loinc|4548-4',
      ],
    ],
    [
      'cerner',
      [
        'Condition J18.9: take problem urn:oid:2.16.840.1.113883.3.247.1.1|64572+icd-10-cm|J18.9',
        'Condition 38341003: skip past clinicalStatus resolved',
        'Condition 195967001: skip status verificationStatus refuted',
        'MedicationRequest : take medication rxnorm|azithromycin 250 mg oral tablet',
        'Observation 72514-3: skip vital-sign',
      ],
    ],
    [
      'allscripts',
      [
        'Condition J45.909: take problem icd-10-cm|J45.909',
        'MedicationStatement 435: take medication rxnorm|435',
        'MedicationStatement 41126: hold unknown-status',
        'MedicationStatement 723: skip past status completed',
        'Immunization 03: skip status status not-done',
        'ImmunizationRecommendation 21: take immunization cvx|21',
        'AllergyIntolerance : take allergy icd-10-cm|Z91.018 icd-10-cm|T78.40',
      ],
    ],
    [
      'nextgen',
      [
        'Condition : skip no-code',
        'MedicationStatement : skip no-code',
        'AllergyIntolerance 716186003: skip nothing-known',
        'Condition I10: take problem icd-10-cm|I10',
        'Procedure 73761001: skip status status not-done',
        'ServiceRequest 73761001: take procedure snomed-ct|73761001',
      ],
    ],
    [
      'athena',
      [
        'Observation 72166-2: take problem icd-10-cm|Z71.6',
        'ServiceRequest 4548-4: take test loinc|4548-4',
        'ServiceRequest 24627-2: skip status status revoked',
        'ServiceRequest 409073007: skip past status completed',
        'MedicationRequest 861007: take medication rxnorm|861007',
        'MedicationStatement : skip status status not-taken',
        'DiagnosticReport 24323-8: take test loinc|24323-8',
        'Observation 2345-7: take test loinc|2345-7',
        'Observation 2951-2: skip status status entered-in-error',
      ],
    ],
  ])('%s', async (vendor, expected) => {
    const text = readFileSync(new URL(`vendors/${vendor}.xml`, import.meta.url), 'utf8');
    const lines = await tellDocument(`\uFEFF${text}`);
    expect(lines).toEqual(expected);
    expect(lines.join()).not.toContain('Secret');
  });
});

test('FHIR in XML is read by the same reader', async () => {
  const bundle = `\n<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><resource><Condition>
    <code><coding><system value="http://hl7.org/fhir/sid/icd-10-cm"/><code value="I10"/></coding></code>
    <subject><reference value="Patient/1"/></subject></Condition></resource></entry></Bundle>`;
  const { inputs } = await read(bundle, { includeInactive: false, now: NOW });
  expect(inputs.map(({ type, coding }) => [type, coding?.code])).toEqual([['Condition', 'I10']]);
});
