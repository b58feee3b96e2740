import { groupBy } from '../../src/core/group-by.js';
import { read } from './shared-data.js';

type Resource = Record<string, unknown>;
type Row = Record<string, string>;

const concept = (system: string, { CODE = '', DESCRIPTION = '' }: Row): Resource => ({
  coding: [{ system, code: CODE, display: DESCRIPTION }],
  text: DESCRIPTION,
});
const encounterOf = ({ ENCOUNTER = '' }: Row): Resource => ({ encounter: { reference: `urn:uuid:${ENCOUNTER}` } });
const status = (code: string): Resource => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }],
});

const toCondition = (row: Row): Resource => ({
  ...{ resourceType: 'Condition', clinicalStatus: status(row['STOP'] ? 'resolved' : 'active') },
  ...{ code: concept('http://snomed.info/sct', row), recordedDate: row['START'], ...encounterOf(row) },
});
const toOrder = (row: Row): Resource => ({
  ...{ resourceType: 'MedicationRequest', status: row['STOP'] ? 'completed' : 'active', intent: 'order' },
  medicationCodeableConcept: concept('http://www.nlm.nih.gov/research/umls/rxnorm', row),
  ...{ authoredOn: row['START'], ...encounterOf(row) },
});
const toObservation = (row: Row): Resource => ({
  ...{ resourceType: 'Observation', status: 'final', category: [{ coding: [{ code: row['CATEGORY'] }] }] },
  ...{ code: concept('http://loinc.org', row), effectiveDateTime: row['DATE'], ...encounterOf(row) },
  valueString: row['VALUE'],
});
const toProcedure = (row: Row): Resource => ({
  ...{ resourceType: 'Procedure', status: 'completed', code: concept('http://snomed.info/sct', row) },
  ...{ performedPeriod: { start: row['START'], end: row['STOP'] }, ...encounterOf(row) },
});

/** The charts of a synthetic hospital (sample-codes), each patient's as FHIR's JSON. */
export function readSyntheticCharts(): string[] {
  const files = [
    ['conditions', toCondition],
    ['medications', toOrder],
    ['observations', toObservation],
    ['procedures', toProcedure],
  ] as const;
  const facts = files.flatMap(([file, toResource]) =>
    read(`sample-codes/${file}.csv`).map((row) => ({ patient: row['PATIENT'] ?? '', resource: toResource(row) })),
  );
  const patient = { resourceType: 'Patient', gender: 'female', birthDate: '1960-01-01' };
  return [...groupBy(facts, (fact) => fact.patient).values()].map((ofOne) =>
    JSON.stringify({
      ...{ resourceType: 'Bundle', type: 'collection' },
      entry: [{ resource: patient }, ...ofOne.map(({ resource }) => ({ resource }))],
    }),
  );
}
