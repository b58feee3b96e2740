import { ARTICLES, TOKEN, handout } from '../protocols/fhir/written.js';
import type { Asking } from './ask.js';

interface WriteRequest extends Asking {
  readonly path: string;
}

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
/** The token of a second person. */
export const SECOND_TOKEN = 'another-token-of-this-test';
const RIGHT = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/fhir+json' };

const write = (method: string, path: string, body?: object, headers: object = {}): WriteRequest => ({
  method,
  path: `/fhir${path}`,
  headers: { ...RIGHT, ...headers },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});
const read = (path: string): WriteRequest => ({ path });

const plan = (id: string, title: string): object => handout({ id, title });
const map = (id: string, target: string, equivalence = 'equivalent'): object => ({
  resourceType: 'ConceptMap',
  id,
  status: 'active',
  group: [{ source: ICD, target: ARTICLES, element: [{ code: 'J45.901', target: [{ code: target, equivalence }] }] }],
});
const AFTERWARDS = [
  '/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=J45.901',
  '/search?q=zebra',
  '/fhir/DocumentReference?event=http://hl7.org/fhir/sid/icd-10-cm|J45.901',
  '/fhir/ConceptMap/our-map',
  '/fhir/DocumentReference/local-zebra-en/_history/1',
  '/code/icd-10-cm/J45.901',
].map(read);

/** A draft, its approval by another person, and its retirement. */
function draftRequests(): WriteRequest[] {
  const path = '/DocumentReference/local-quagga-en';
  const quagga = (facts: object): object => ({ ...plan('local-quagga-en', 'Quagga plan'), ...facts });
  const second = { authorization: `Bearer ${SECOND_TOKEN}` };
  const drafts: WriteRequest = { path: '/fhir/DocumentReference/$drafts', headers: RIGHT };
  return [
    write('PUT', path, quagga({ docStatus: 'preliminary' })),
    drafts,
    { path: drafts.path },
    read(`/fhir${path}`),
    write('PUT', path, quagga({ docStatus: 'final' })),
    write('PUT', path, quagga({ docStatus: 'final' }), { ...second, 'if-match': 'W/"draft-1"' }),
    ...AFTERWARDS,
    write('PUT', path, quagga({ docStatus: 'preliminary', description: 'Another' }), { 'if-match': 'W/"draft-1"' }),
    write('PUT', path, quagga({ status: 'superseded' }), { 'if-match': 'W/"1"' }),
    read(`/fhir${path}`),
    { path: '/keeper.json?list=all', headers: RIGHT },
    drafts,
    ...AFTERWARDS,
  ];
}

/** Writes of every kind and outcome in their order, with what is read after each part of them. */
export function writeRequests(): WriteRequest[] {
  const zebra = '/DocumentReference/local-zebra-en';
  const entry = [
    {
      resource: plan('local-okapi-en', 'Okapi plan'),
      request: { method: 'PUT', url: 'DocumentReference/local-okapi-en' },
    },
    { resource: map('okapi-map', 'local-okapi'), request: { method: 'PUT', url: 'ConceptMap/okapi-map' } },
  ];
  const complaint = { method: 'POST', path: '/feedback', body: 'article=topic-asthma&reason=other' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  return [
    {
      ...write('PUT', zebra, plan('local-zebra-en', 'Zebra plan')),
      headers: { 'content-type': RIGHT['content-type'] },
    },
    write('PUT', zebra, plan('local-zebra-en', 'Zebra plan')),
    write('PUT', zebra, plan('local-zebra-en', 'Zebra plan, second'), { 'if-match': 'W/"1"' }),
    write('PUT', zebra, plan('local-zebra-en', 'Zebra plan, late'), { 'if-match': 'W/"1"' }),
    write('PUT', zebra, { resourceType: 'DocumentReference', id: 'local-zebra-en' }),
    write('PUT', '/DocumentReference/topic-asthma-en', plan('topic-asthma-en', 'Not ours')),
    write('PUT', '/ConceptMap/our-map', map('our-map', 'local-zebra')),
    write('DELETE', zebra),
    ...AFTERWARDS,
    write('POST', '', { resourceType: 'Bundle', type: 'batch', entry }),
    ...AFTERWARDS,
    write('DELETE', '/ConceptMap/our-map'),
    write('DELETE', '/ConceptMap/okapi-map'),
    write('DELETE', zebra),
    read(`/fhir${zebra}`),
    read('/fhir/DocumentReference/local-nothing-en'),
    ...AFTERWARDS,
    ...draftRequests(),
    { ...complaint, headers: { ...form, origin: 'http://connector.test' } },
    { ...complaint, headers: { ...form, origin: 'http://elsewhere.test' } },
  ];
}
