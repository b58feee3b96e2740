import type { Asking } from '../http/ask.js';
import type { formatOf } from '../http/decent.js';

/** A request that is answered with something of the library, in one of the server's protocols. */
export interface ClosedRequest extends Asking {
  readonly area: string;
  readonly path: string;
  /** The format in which its refusal is told. */
  readonly format: ReturnType<typeof formatOf>;
  /** A scope that is enough for it, and one that is not though it reads. */
  readonly scope: string;
  readonly tooLittle: string;
}

export const READ_TOKEN = 'a-read-token-of-the-tests';
export const WRITE_TOKEN = 'a-write-token-of-the-tests';

const CODE = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'Content-Type': 'application/fhir+json' };
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
/** Articles are read and searched. */
const ARTICLES = { scope: 'system/DocumentReference.rs', tooLittle: 'system/DocumentReference.r' } as const;

const infobutton = (path: string, format: ClosedRequest['format'], asking: Asking = {}): ClosedRequest => ({
  area: 'infobutton',
  path,
  format,
  ...ARTICLES,
  ...asking,
});
const page = (path: string, asking: Asking = {}, format: ClosedRequest['format'] = 'html'): ClosedRequest => ({
  area: 'page',
  path,
  format,
  ...ARTICLES,
  ...asking,
});
const fhir = (path: string, scope: string, tooLittle: string, asking: Asking = {}): ClosedRequest => ({
  area: 'fhir',
  path: `/fhir${path}`,
  format: 'operation-outcome',
  scope,
  tooLittle,
  ...asking,
});
const post = (body: string, headers: Record<string, string> = FORM): Asking => ({ method: 'POST', headers, body });

const CHART = JSON.stringify({
  resourceType: 'Parameters',
  parameter: [{ name: 'coding', valueCoding: { system: ICD, code: 'N53.14' } }],
});

const DISCHARGE = JSON.stringify({
  hook: 'encounter-discharge',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context: { userId: 'Practitioner/1', patientId: 'p-1', encounterId: 'e-1' },
  prefetch: {
    ...{ patient: null, encounter: null, medications: null },
    conditions: { resourceType: 'Condition', code: { coding: [{ system: ICD, code: 'N53.14' }] } },
  },
});

/** A request for each way to an answer. */
export const CLOSED_REQUESTS: readonly ClosedRequest[] = [
  infobutton(`/service?${CODE}`, 'xml'),
  infobutton(`/service?${CODE}&knowledgeResponseType=application/json`, 'json'),
  infobutton(`/service?${CODE}&knowledgeResponseType=application/javascript&callback=show`, 'jsonp'),
  infobutton(`/mpconnect_service.cfm?${CODE}`, 'xml'),
  infobutton(`/infobutton?${CODE}`, 'xml'),
  infobutton('/infobutton', 'xml', post(CODE)),
  { area: 'search', path: '/search?q=asthma', format: 'json', ...ARTICLES },
  { area: 'search', path: '/search?q=asthma&_format=atom', format: 'xml', ...ARTICLES },
  { area: 'cds-hooks', path: '/cds-services', format: 'json', ...ARTICLES },
  {
    ...{ area: 'cds-hooks', path: '/cds-services/encounter-discharge', format: 'json', ...ARTICLES },
    ...post(DISCHARGE, { 'Content-Type': 'application/json' }),
  },
  page('/'),
  page(`/application?${CODE}`),
  page('/find?q=asthma'),
  page('/suggest?q=asthma', {}, 'json'),
  page('/article/topic-acne'),
  page('/code/icd-10-cm/N53.14'),
  page('/browse'),
  page('/packet?code=icd-10-cm|N53.14'),
  page('/packet', post('list=N53.14')),
  page('/handout?article=topic-acne'),
  page('/feedback?article=topic-acne'),
  { area: 'updates', path: '/updates.atom', format: 'xml', ...ARTICLES },
  { area: 'handouts', path: '/handouts/icd10_z99.89_en.pdf', format: 'xml', ...ARTICLES },
  fhir('/DocumentReference/topic-acne-en', 'system/DocumentReference.r', 'system/DocumentReference.s'),
  fhir(`/DocumentReference?event=${ICD}|N53.14`, 'system/DocumentReference.s', 'system/DocumentReference.r'),
  fhir(`/DocumentReference?explains=${ICD}|N53.14`, 'system/*.read', 'system/*.write'),
  fhir('/DocumentReference/_search', 'user/*.s', 'user/*.r', post(`event=${ICD}|N53.14`)),
  fhir(`/$knowledge-request?code=N53.14&system=${ICD}`, ARTICLES.scope, ARTICLES.tooLittle),
  fhir('/$knowledge-request', ARTICLES.scope, 'system/CodeSystem.rs', post(CHART, JSON_BODY)),
  fhir(`/CodeSystem/$lookup?system=${ICD}&code=N53.14`, 'system/CodeSystem.rs', ARTICLES.scope),
  fhir(`/ConceptMap?url=x`, 'system/ConceptMap.s', 'system/CodeSystem.s'),
  fhir('/StructureDefinition/audience', 'system/StructureDefinition.r', 'system/CodeSystem.r'),
];
