import type { Resource } from './fhir-stand-in.js';

export const PATIENT_ID = 'sl-patient-1';
export const NAME = 'Zebediah Quillfeather';
export const OTHER_ID = 'sl-patient-2';
export const OTHER_NAME = 'Ottoline Brackenridge';
const subject = { reference: `Patient/${PATIENT_ID}` };
const active = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] };

export const condition = (id: string, code: string, category: string | undefined, of = subject): Resource => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: active,
  ...(category === undefined ? {} : { category: [{ coding: [{ code: category }] }] }),
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] },
  subject: of,
});

const patient = (id: string, name: string, fields: Resource = {}): Resource => ({
  resourceType: 'Patient',
  id,
  name: [{ use: 'official', given: [name.split(' ')[0]], family: name.split(' ')[1] }],
  gender: 'female',
  birthDate: '1970-03-04',
  ...fields,
});

/** A chart with a condition of each kind, and a drug by reference. */
export const CHART: readonly Resource[] = [
  patient(PATIENT_ID, NAME),
  patient(OTHER_ID, OTHER_NAME),
  condition('c-1', 'I10', 'problem-list-item'),
  condition('c-2', 'J45.909', 'encounter-diagnosis'),
  {
    resourceType: 'MedicationRequest',
    id: 'm-1',
    status: 'active',
    intent: 'order',
    medicationReference: { reference: 'Medication/drug-1' },
    subject,
  },
  {
    resourceType: 'Medication',
    id: 'drug-1',
    code: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '860975' }] },
  },
];

const coding = (system: string, code: string): Resource => ({ coding: [{ system, code }] });
const LOINC = 'http://loinc.org';

/** Further types that a site may have read, each with the article that explains it. */
export const FURTHER = {
  AllergyIntolerance: {
    resource: {
      clinicalStatus: coding('http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', 'active'),
      code: coding('http://snomed.info/sct', '91935009'),
      patient: subject,
    },
    part: 'allergies',
    article: 'topic-foodallergy',
  },
  ServiceRequest: {
    resource: { status: 'active', intent: 'order', code: coding(LOINC, '57021-8'), subject },
    part: 'orders',
    article: 'test-complete-blood-count-cbc',
  },
  ImmunizationRecommendation: {
    resource: {
      date: '2026-11-01',
      recommendation: [
        {
          vaccineCode: [coding('http://hl7.org/fhir/sid/cvx', '187')],
          forecastStatus: coding('http://terminology.hl7.org/CodeSystem/immunization-recommendation-status', 'due'),
        },
      ],
      patient: subject,
    },
    part: 'vaccines due',
    article: 'vis-shingles',
  },
  Observation: {
    resource: { status: 'final', category: [coding('', 'laboratory')], code: coding(LOINC, '4548-4'), subject },
    part: 'results',
    article: 'test-hemoglobin-a1c-hba1c-test',
  },
} as const;
