import { CODE_SYSTEMS } from '../../src/core/code-systems.js';
import type { Library } from '../../src/core/library.js';

/** Something a client sends. */
export interface ParityRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Evenly spread ones of a list. */
export function spread<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, list.length / count);
  return Array.from({ length: Math.min(count, list.length) }, (_one, index) => list[Math.floor(index * step)] as T);
}

const FORMATS = ['text/xml', 'application/json', 'application/javascript&callback=f', 'text/html'];
const CONTEXTS = [
  '',
  '&informationRecipient.languageCode.c=es',
  '&age.v.v=7&age.v.u=a&informationRecipient=PAT',
  '&patientPerson.administrativeGenderCode.c=F&performer=PROV&explain=true',
];
const WORDS = [
  ...['diabetes', 'asma', 'heart attack', 'hart atack', 'presion alta', 'metf', 'chest p', 'N53.14', 'E11', 'flu shot'],
  ...['high blood', 'dolor de cabeza', 'colesterol', 'pneumonia children', 'xyzzy', "o'brien", '%00', '%', '💊', 'a'],
];

/** A code that the library has rows for, or nearly one. */
export interface KnownCode {
  readonly system: string;
  readonly oid: string;
  readonly uri: string;
  readonly code: string;
}

/** Codes of every system that has rows, some of them with a digit too many, or of another case. */
async function codesOf(library: Library, each: number): Promise<KnownCode[]> {
  const codes: KnownCode[] = [];
  for (const { id, oids, uri } of CODE_SYSTEMS) {
    const rows = spread(await library.listMappings(id, '', 100_000), each);
    rows.forEach(({ code }, index) => {
      const sent = index % 5 === 3 ? `${code}1` : index % 7 === 4 ? code.toLowerCase() : code;
      codes.push({ system: id, oid: oids[0] ?? '', uri, code: encodeURIComponent(sent) });
    });
  }
  return codes;
}

function infobutton(codes: readonly KnownCode[]): ParityRequest[] {
  return codes.flatMap(({ oid, code }, index) => {
    const criteria = `mainSearchCriteria.v.cs=${oid}&mainSearchCriteria.v.c=${code}`;
    const format = FORMATS[index % FORMATS.length] ?? '';
    // Every format meets every context.
    const context = CONTEXTS[Math.floor(index / FORMATS.length) % CONTEXTS.length] ?? '';
    return [
      { path: `/service?${criteria}${context}&knowledgeResponseType=${format}` },
      { path: `/infobutton?${criteria}${context}&knowledgeResponseType=${format}` },
      { path: `/application?${criteria}${context}` },
    ];
  });
}

function searches(titles: readonly string[]): ParityRequest[] {
  const asked = [...WORDS, ...titles].map((words) => (words.startsWith('%') ? words : encodeURIComponent(words)));
  return asked.flatMap((words, index) => [
    { path: `/search?q=${words}&language=${index % 2 ? 'en' : 'es'}` },
    { path: `/search?q=${words}&_format=atom&count=20` },
    { path: index % 2 ? `/find?q=${words}` : `/suggest?q=${words}` },
    { path: `/fhir/DocumentReference?description=${words}&_count=5` },
  ]);
}

function fhirOf(codes: readonly KnownCode[], ids: readonly string[]): ParityRequest[] {
  const ofCodes = codes.flatMap(({ uri, code }, index) => [
    { path: `/fhir/CodeSystem/$lookup?system=${uri}&code=${code}` },
    { path: `/fhir/ConceptMap/$translate?system=${uri}&code=${code}&target=http://nowhere.example` },
    { path: `/fhir/CodeSystem/$validate-code?url=${uri}&code=${code}` },
    { path: `/fhir/DocumentReference?event=${uri}|${code}&_count=${(index % 7) + 1}` },
    knowledgeRequest(uri, code),
  ]);
  const ofIds = ids.flatMap((id, index) => [
    { path: `/fhir/DocumentReference/${id}-${index % 3 ? 'en' : 'es'}` },
    { path: `/fhir/DocumentReference?_id=${id}-en&_format=xml` },
  ]);
  return [...ofCodes, ...ofIds];
}

function knowledgeRequest(system: string, code: string): ParityRequest {
  const coding = { system, code: decodeURIComponent(code) };
  const resource = {
    resourceType: 'Condition',
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    subject: { display: 'somebody' },
    code: { coding: [coding] },
  };
  const parameters = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource }] };
  return {
    method: 'POST',
    path: '/fhir/$knowledge-request',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify(parameters),
  };
}

const WHOLE = [
  ...['/', '/updates.atom', '/readyz', '/nowhere', '/service', '/infobutton', '/fhir/metadata'],
  ...[
    '/fhir/metadata?mode=terminology',
    '/fhir/CodeSystem',
    '/fhir/ValueSet',
    '/fhir/ConceptMap',
    '/fhir/NamingSystem',
  ],
  ...['/fhir/DocumentReference', '/fhir/DocumentReference?_count=200', '/fhir/DocumentReference?_sort=-date'],
  ...['/fhir/ValueSet/$expand?url=http://hl7.org/fhir/sid/icd-10-cm?fhir_vs=isa/E11'],
  ...['/fhir/ValueSet/$expand?url=http://hl7.org/fhir/sid/icd-10-cm?fhir_vs&count=50&filter=asthma'],
  ...['/fhir/ValueSet/$expand?url=http://www.nlm.nih.gov/research/umls/rxnorm?fhir_vs&count=500&offset=100'],
  ...['/fhir/CodeSystem/$subsumes?system=http://hl7.org/fhir/sid/icd-10-cm&codeA=E11&codeB=E11.9'],
];

/** Many questions by code, name and id over what a library holds: the same ones each time. */
export async function parityRequests(
  library: Library,
): Promise<{ requests: ParityRequest[]; codes: KnownCode[]; ids: string[] }> {
  const codes = await codesOf(library, 5);
  const systems = codes.map(({ system }) => system);
  const ids: string[] = [];
  for (const kind of ['topic', 'ency', 'encypi', 'drug', 'test', 'genetics', 'herb']) {
    ids.push(...spread(await library.findArticleIdsByPrefix(`${kind}-`), 10));
  }
  const articles = await library.findArticles(spread(ids, 30));
  const titles = articles.flatMap(({ texts }, index) => {
    const title = (index % 3 ? texts.en : texts.es)?.title ?? '';
    // Whole, and as far as somebody has typed.
    return title === '' ? [] : [title, title.slice(0, 5)];
  });
  const requests = [...infobutton(codes), ...searches(titles), ...fhirOf(codes, ids)];
  if (new Set(systems).size < 5) throw new RangeError('too few code systems to compare by');
  return { requests: [...requests, ...WHOLE.map((path) => ({ path }))], codes, ids };
}
