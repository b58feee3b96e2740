import { asText } from '../protocols/json-object.js';
import type { ServerCall } from './call-server.js';
import type { ChartStore } from './chart-store.js';
import { listFacts, type PatientView, type FactView } from './chart-view.js';
import { findCodeSystem } from '../core/codes/code-systems.js';

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

/** Calls that a FHIR client can make on the page. Texts are in resources/i18n under `demo.client`. */
export const API_CALLS = ['search', 'chart', 'service', 'services'] as const;
export type ApiCallName = (typeof API_CALLS)[number];

const FHIR_JSON = 'application/fhir+json';

/** Builds a call about a patient of the EHR. */
export function buildApiCall(name: ApiCallName, store: ChartStore, patient: PatientView): ServerCall {
  const [problem] = listFacts(store, patient.id, 'Condition');
  const { system, code } = problem?.coding ?? {};
  switch (name) {
    case 'search': {
      const query = new URLSearchParams({ explains: `${asText(system)}|${asText(code)}`, _count: '2' });
      return { method: 'GET', path: `/fhir/DocumentReference?${query.toString()}`, headers: { Accept: FHIR_JSON } };
    }
    case 'chart': {
      const entry = store.listChart(patient.id).map((resource) => ({ resource }));
      return {
        method: 'POST',
        path: '/fhir/$knowledge-request',
        headers: { Accept: FHIR_JSON, 'Content-Type': FHIR_JSON },
        body: JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }),
      };
    }
    case 'service': {
      const query = problem ? buildInfobuttonQuery(problem, patient) : new URLSearchParams();
      query.set('knowledgeResponseType', 'application/json');
      return { method: 'GET', path: `/service?${query.toString()}` };
    }
    case 'services':
      return { method: 'GET', path: '/cds-services' };
  }
}
