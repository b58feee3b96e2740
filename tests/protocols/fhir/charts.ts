/** Eight synthetic charts: what a patient's `$everything` would bring. Every one names a person, who must not come back. */
export const WHO = ['Zebediah', 'Quillfeather', 'MRN-77341', 'zq-patient-1', 'Blankenship'] as const;

const SYSTEMS = {
  icd: 'http://hl7.org/fhir/sid/icd-10-cm',
  sct: 'http://snomed.info/sct',
  rx: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  loinc: 'http://loinc.org',
  cvx: 'http://hl7.org/fhir/sid/cvx',
} as const;

type Resource = Record<string, unknown>;

export const concept = (system: keyof typeof SYSTEMS, code: string, text?: string): Resource => ({
  coding: [{ system: SYSTEMS[system], code, ...(text ? { display: text } : {}) }],
  ...(text ? { text } : {}),
});
const subject = { reference: 'Patient/zq-patient-1', display: 'Zebediah Quillfeather' };
const status = (element: string, code: string): Resource => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/condition-${element}`, code }],
});

export const patient = (gender: string, birthDate: string): Resource => ({
  resourceType: 'Patient',
  id: 'zq-patient-1',
  identifier: [{ value: 'MRN-77341' }],
  name: [{ family: 'Quillfeather', given: ['Zebediah'] }],
  gender,
  birthDate,
});

export const condition = (code: Resource, fields: Resource = {}): Resource => ({
  resourceType: 'Condition',
  clinicalStatus: status('clinical', 'active'),
  verificationStatus: status('ver-status', 'confirmed'),
  code,
  subject,
  note: [{ text: 'Dr Blankenship spoke with Zebediah' }],
  ...fields,
});
const over = { clinicalStatus: status('clinical', 'resolved') };
const unconfirmed = { verificationStatus: status('ver-status', 'provisional') };
const refuted = { verificationStatus: status('ver-status', 'refuted') };

export const medication = (concepts: Resource, fields: Resource = {}): Resource => ({
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: concepts,
  subject,
  ...fields,
});
const observation = (code: Resource, fields: Resource = {}): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code,
  subject,
  ...fields,
});
const allergy = (code: Resource, fields: Resource = {}): Resource => ({
  resourceType: 'AllergyIntolerance',
  code,
  patient: subject,
  ...fields,
});
const immunization = (code: string, fields: Resource = {}): Resource => ({
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: concept('cvx', code),
  patient: subject,
  occurrenceDateTime: '2026-11-24',
  ...fields,
});
const procedure = (code: Resource, fields: Resource = {}): Resource => ({
  resourceType: 'Procedure',
  status: 'completed',
  code,
  subject,
  ...fields,
});

export const bundle = (...resources: Resource[]): Resource => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource, index) => ({ fullUrl: `http://ehr.example/r/${index}`, resource })),
});

export const parameters = (chart: Resource, ...more: Resource[]): Resource => ({
  resourceType: 'Parameters',
  parameter: [{ name: 'resource', resource: chart }, ...more],
});

export interface Chart {
  readonly name: string;
  readonly body: Resource;
  /** Articles that must be there. */
  readonly has: readonly string[];
  /** Articles and kinds that must not. */
  readonly hasNot: readonly string[];
  /** The first article. */
  readonly first?: string;
  /** Words that remarks must have. */
  readonly says: readonly string[];
}

export const CHARTS: readonly Chart[] = [
  {
    name: 'diabetic',
    body: parameters(
      bundle(
        patient('male', '1961-03-04'),
        observation(concept('loinc', '4548-4')),
        medication(concept('rx', '6809', 'metformin')),
        condition(concept('icd', 'E11.9')),
        condition(concept('sct', '44054006')),
        condition(concept('icd', 'I10'), over),
      ),
    ),
    has: ['topic-diabetestype2', 'drug-a696005', 'test-hemoglobin-a1c-hba1c-test'],
    hasNot: ['topic-highbloodpressure'],
    first: 'topic-diabetestype2',
    says: ['resource[0].entry[5] Condition http://hl7.org/fhir/sid/icd-10-cm|I10: left out, no longer active'],
  },
  {
    name: 'pregnancy loss',
    body: parameters(bundle(patient('female', '1992-01-01'), condition(concept('icd', 'O03.9')))),
    has: ['topic-miscarriage'],
    hasNot: ['topic-pregnancy', 'topic-childbirth', 'topic-prenatalcare'],
    says: [],
  },
  {
    name: 'child with asthma',
    body: parameters(
      bundle(
        patient('female', '2019-06-01'),
        condition(concept('icd', 'J45.909'), { recordedDate: '2026-11-24' }),
        medication({ text: 'albuterol inhaler' }),
        immunization('08'),
      ),
    ),
    has: ['topic-asthmainchildren', 'vis-hepatitis-b'],
    // Another publisher's copy of the same statement.
    hasNot: ['ency-007613'],
    first: 'topic-asthmainchildren',
    says: [],
  },
  {
    name: 'oncology',
    body: parameters(
      bundle(
        patient('female', '1958-08-15'),
        condition(concept('icd', 'C50.911')),
        condition(concept('icd', 'C34.90'), unconfirmed),
        condition(concept('icd', 'C43.9'), refuted),
        procedure(concept('sct', '399999999'), { status: 'not-done' }),
      ),
    ),
    has: ['topic-breastcancer'],
    hasNot: ['topic-lungcancer', 'topic-melanoma'],
    first: 'topic-breastcancer',
    says: [
      'held for the clinician, unconfirmed: verificationStatus provisional',
      'left out: status not-done',
      'verificationStatus refuted',
    ],
  },
  {
    name: 'mental health with abuse, at a screen that a patient works',
    body: parameters(
      bundle(
        patient('female', '1990-02-02'),
        condition(concept('icd', 'F32.9')),
        condition(concept('icd', 'T74.11XA')),
      ),
      { name: 'performer', valueCode: 'PAT' },
    ),
    has: ['topic-depression'],
    hasNot: ['topic-intimatepartnerviolence', 'topic-domesticviolence', 'encypi-000816'],
    says: [],
  },
  {
    name: 'allergy to penicillin',
    body: parameters(
      bundle(
        patient('male', '1980-01-01'),
        allergy(concept('rx', '7980', 'penicillin G'), { category: ['medication'] }),
        allergy(concept('sct', '716186003')),
        allergy(concept('sct', '91935009'), { category: ['food'] }),
      ),
    ),
    has: ['ency-000819', 'topic-foodallergy'],
    hasNot: ['drug-'],
    says: ['left out: nothing is known, or nothing is there'],
  },
  {
    name: 'discharge',
    body: parameters(
      bundle(patient('male', '1950-05-05'), condition(concept('icd', 'I50.9')), condition(concept('icd', 'E11.9'))),
      { name: 'taskContext', valueCode: 'DISCHINSTE' },
    ),
    has: ['topic-heartfailure'],
    hasNot: [],
    first: 'encypi-',
    says: [],
  },
  {
    name: 'immunisation',
    body: parameters(
      bundle(
        patient('male', '2026-08-01'),
        immunization('10'),
        immunization('03', { status: 'not-done' }),
        immunization('08', { status: 'entered-in-error' }),
      ),
      { name: 'informationRecipientLanguage', valueCode: 'es' },
    ),
    has: ['vis-polio'],
    hasNot: ['vis-mmr', 'vis-hepatitis-b'],
    says: ['left out: status not-done', 'left out: status entered-in-error'],
  },
];
