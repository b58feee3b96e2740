import type { KnownCode, ParityRequest } from './parity-requests.js';
import { spread } from './parity-requests.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
/** A form of one of our own pages. */
const OUR_FORM = { method: 'POST', headers: { ...FORM, origin: 'http://connector.test' } } as const;
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';

/** What a clinician opens: pages of a code and of an article, a packet, the sheet to hand over, what is wrong with a page. */
function pagesOf(codes: readonly KnownCode[], ids: readonly string[]): ParityRequest[] {
  const ofCodes = spread(codes, 30).flatMap(({ system, code }, index) => [
    { path: `/code/${system}/${code}` },
    { path: `/packet?code=${system}|${code}&code=icd-10-cm|E11.9${index % 2 ? '&lang=es' : ''}` },
    { path: `/feedback?article=topic-asthma&system=${system}&code=${code}` },
  ]);
  const ofIds = ids.flatMap((id, index) => [
    { path: `/article/${id}?lang=es` },
    ...(index % 5 === 0 ? [{ path: `/sheet?article=${id}&language=${index % 2 ? 'en' : 'es'}` }] : []),
  ]);
  const packets = ['E11.9\nJ45.909', 'asthma\n250.00\nmetformin', 'nothing of ours'].map((list) => ({
    ...OUR_FORM,
    path: '/packet',
    body: new URLSearchParams({ list }).toString(),
  }));
  const [first = '', second = ''] = ids;
  const sheet = `article=${first}&article=${second}&note=Come+back+on+Monday&language=es`;
  return [...ofCodes, ...ofIds, ...packets, { ...OUR_FORM, path: '/sheet', body: sheet }];
}

/** Infobutton's requests as forms, with the format named by Accept. */
function forms(codes: readonly KnownCode[]): ParityRequest[] {
  const accepts = ['application/json', 'text/html', 'application/atom+xml', '*/*'];
  return spread(codes, 24).flatMap(({ oid, code }, index) =>
    ['/service', '/infobutton'].map((path) => ({
      ...{ method: 'POST', path, headers: { ...FORM, accept: accepts[index % accepts.length] ?? '' } },
      body: `mainSearchCriteria.v.cs=${oid}&mainSearchCriteria.v.c=${code}&mainSearchCriteria1.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria1.v.c=I10`,
    })),
  );
}

/** FHIR's other ways: parts of resources, formats, bodies, batches, histories. */
function fhirWays(codes: readonly KnownCode[], ids: readonly string[]): ParityRequest[] {
  const headers = { 'content-type': 'application/fhir+json' };
  const some = spread(codes, 40);
  const entry = some.map(({ uri, code }) => ({
    request: { method: 'GET', url: `DocumentReference?event=${uri}|${code}&_count=2` },
  }));
  const batch = JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry });
  const parts = ['_summary=true', '_summary=count', '_elements=type,content', '_sort=-date', '_format=xml'];
  return [
    { method: 'POST', path: '/fhir', headers, body: batch },
    ...some.flatMap(({ uri, code }, index) => [
      { path: `/fhir/DocumentReference?explains=${uri}|${code}&${parts[index % parts.length] ?? ''}` },
      {
        ...{ method: 'POST', path: '/fhir/DocumentReference/_search', headers: FORM },
        body: `event=${encodeURIComponent(`${uri}|`)}${code}&_count=3`,
      },
      { path: `/fhir/ValueSet/$validate-code?url=${uri}?fhir_vs&system=${uri}&code=${code}` },
      { path: `/fhir/ConceptMap?source-code=${code}&_summary=true` },
    ]),
    ...spread(ids, 20).flatMap((id) => [
      { path: `/fhir/DocumentReference/${id}-en/_history` },
      { path: `/fhir/DocumentReference/${id}-en`, headers: { accept: 'application/fhir+xml' } },
      { path: `/fhir/DocumentReference/${id}-en`, method: 'HEAD' },
    ]),
    ...['codeA=E11&codeB=I10', 'codeA=E11.9&codeB=E11'].map((pair) => ({
      path: `/fhir/CodeSystem/$subsumes?system=${ICD}&${pair}`,
    })),
  ];
}

const WHOLE = [
  ...['/about', '/browse', '/browse?letter=a', '/browse?kind=drug', '/api', '/openapi.json', '/healthz'],
  ...['/.well-known/smart-configuration', '/fhir/OperationDefinition', '/fhir/SearchParameter?_count=5'],
  ...['/fhir/_history', '/fhir/DocumentReference/_history', '/fhir/ConceptMap/_history?_count=2'],
];

/** Searches by each parameter of DocumentReference, for what is there and for what is not. */
const SEARCHES = [
  ...['_lastUpdated=ge2026-01-01', '_text=asthma', '_content=heart,asma', '_tag=x', '_source=x', '_security=PSY'],
  ...['_profile:below=https://education-connect.example/fhir', 'date=ge2026-01-01', 'date=lt2026-01-01&_sort=date'],
  ...['identifier=topic-asthma', 'type=http://loinc.org|69730-0', 'category=topic', 'category:not=topic&_sort=_id'],
  ...['status=current', 'status=superseded', 'status=current,superseded&_sort=-_lastUpdated', 'contenttype=text/html'],
  ...[
    'language=es&_sort=description',
    'location=https://medlineplus.gov/acne.html',
    'location:below=https://medlineplus.gov',
  ],
  ...[`event=${ICD}|`, `event:above=${ICD}|E11.9`, `event:below=${ICD}|E11`, `event:in=${ICD}?fhir_vs=isa/E11`],
  ...['relatesto:missing=false', 'relation=transforms', 'security-label=SEX', 'security-label:missing=false'],
  ...[
    'audience-age=72060-3',
    'audience-gender=female',
    'description:contains=children&_include=*',
    'event:missing=true',
  ],
  ...['_id=topic-asthma-en&_revinclude=*', '_count=20&_total=none&_elements=description', '_summary=count&language=en'],
].map((query) => `/fhir/DocumentReference?${query}`);

/** What is refused, in each protocol's way. */
const WRONG = [
  ...['/service', '/infobutton', '/application'].flatMap((path) => [
    `${path}?mainSearchCriteria.v.c=E11.9`,
    `${path}?mainSearchCriteria.v.cs=1.2.3&mainSearchCriteria.v.c=E11.9`,
    `${path}?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=E11.9&knowledgeResponseType=x/y`,
  ]),
  ...['/search', '/search?q=a&_format=pdf', '/article/none', '/code/nonsense/1', '/code/icd-10-cm/%20', '/sheet'],
  ...['/fhir/DocumentReference?nonsense=1', '/fhir/DocumentReference?_count=x', '/fhir/DocumentReference/none-en'],
  ...['/fhir/Patient/1', '/fhir/CodeSystem/$lookup', '/fhir/CodeSystem/$lookup?system=urn:x&code=1', '/fhir/$nothing'],
  ...[`/fhir/CodeSystem/$lookup?system=${ICD}&code=ZZZ`, '/fhir/ValueSet/$expand?url=urn:x'],
];

/** Every other way to ask, and what is refused: one or some of each kind. */
export function parityWays(codes: readonly KnownCode[], ids: readonly string[]): ParityRequest[] {
  const paths = [...WHOLE, ...SEARCHES, ...WRONG].map((path) => ({ path }));
  return [...forms(codes), ...pagesOf(codes, ids), ...fhirWays(codes, ids), ...paths];
}
