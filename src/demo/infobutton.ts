import { findCodeSystem } from '../core/codes/code-systems.js';
import { asText } from '../protocols/json-object.js';
import type { FactView, PatientView } from './chart-view.js';

const SEXES = new Map([
  ['female', 'F'],
  ['male', 'M'],
]);

/** Builds the query of an infobutton beside a fact of a chart (HL7 Infobutton, URL-based implementation guide). */
export function buildInfobuttonQuery({ coding, text }: FactView, patient: PatientView): URLSearchParams {
  const [oid = ''] = findCodeSystem(asText(coding.system))?.oids ?? [];
  const pairs: Readonly<Record<string, string>> = {
    'mainSearchCriteria.v.cs': oid,
    'mainSearchCriteria.v.c': asText(coding.code),
    'mainSearchCriteria.v.dn': text,
    'patientPerson.administrativeGenderCode.c': SEXES.get(patient.gender) ?? '',
    'age.v.v': String(patient.age),
    'age.v.u': 'a',
    informationRecipient: 'PAT',
    performer: 'PROV',
    'informationRecipient.languageCode.c': patient.language,
  };
  return new URLSearchParams(Object.entries(pairs).filter(([, value]) => value !== ''));
}
