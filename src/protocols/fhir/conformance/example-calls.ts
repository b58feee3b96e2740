import type { ExampleCall, RouteMethod } from '../../route-document.js';

const FHIR_JSON = 'application/fhir+json';
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const GENDER = 'http://hl7.org/fhir/ValueSet/administrative-gender';

type Short = readonly [summary: string, address: string, status?: number];

const parameters = (...parameter: object[]): object => ({ resourceType: 'Parameters', parameter });
const condition = (code: string): object => ({
  resourceType: 'Condition',
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
  },
  subject: { display: 'Example' },
  code: { coding: [{ system: ICD, code }] },
});

/** What is asked by address alone: behind each path its example calls. */
const ASKED: Readonly<Record<string, readonly Short[]>> = {
  '/metadata': [
    ['The CapabilityStatement', ''],
    ['The terminology', '?mode=terminology'],
  ],
  '/DocumentReference': [
    ['Articles that carry this very code', `?event=${ICD}|J45.909`],
    ['Articles that explain this code, the best first', `?explains=${ICD}|E11.3211&language=es`],
    ['By the beginning of a title, in order, in short', '?description=asthma&_sort=description&_summary=true'],
    ['In XML', `?event=${ICD}|J45&_format=xml`],
    ['With a value that is none', '?date=yesterday', 400],
  ],
  '/DocumentReference/:id': [
    ['An article', '/DocumentReference/topic-asthma-en'],
    ['An article that is not there', '/DocumentReference/none-en', 404],
  ],
  '/DocumentReference/$knowledge-request': [['A code', `?code=${ICD}|J45.909&recipientLanguage=es`]],
  '/$knowledge-request': [['A code, for a patient of 70', `?code=${ICD}|J45.909&age=70&ageUnit=a&patientSex=female`]],
  '/$versions': [['Versions of FHIR', '']],
  '/CodeSystem/$lookup': [['What a code means', `?system=${ICD}&code=J45`]],
  '/CodeSystem/$validate-code': [['Whether a code is there', `?url=${ICD}&code=J45.909`]],
  '/CodeSystem/$subsumes': [['How two codes lie', `?system=${ICD}&codeA=J45&codeB=J45.909`]],
  '/CodeSystem/:id/$validate-code': [['Whether a code is there', '/CodeSystem/icd-10-cm/$validate-code?code=J45']],
  '/CodeSystem/:id/$subsumes': [['How two codes lie', '/CodeSystem/icd-10-cm/$subsumes?codeA=J45&codeB=J45.909']],
  '/ValueSet/$expand': [['Ten codes that match', `?url=${ICD}?fhir_vs=isa/J45&filter=asthma&count=10`]],
  '/ValueSet/$validate-code': [
    ['Whether a code is in it', `?url=${GENDER}&code=female&system=http://hl7.org/fhir/administrative-gender`],
  ],
  '/ValueSet/:id/$expand': [['All of it', '/ValueSet/administrative-gender/$expand']],
  '/ValueSet/:id/$validate-code': [
    [
      'Whether a code is in it',
      '/ValueSet/administrative-gender/$validate-code?code=female&system=http://hl7.org/fhir/administrative-gender',
    ],
  ],
  '/ConceptMap/$translate': [['From a code to its articles', `?system=${ICD}&code=J45.909`]],
  '/ConceptMap/:id/$translate': [
    ['From a code to its articles', `/ConceptMap/icd-10-cm-to-articles/$translate?system=${ICD}&code=J45.909`],
  ],
};

/** A resource of each type that every library holds. */
const IDS: Readonly<Record<string, string>> = {
  DocumentReference: 'topic-asthma-en',
  StructureDefinition: 'education-article',
  SearchParameter: 'DocumentReference-explains',
  OperationDefinition: 'knowledge-request',
  NamingSystem: 'publishers',
  CapabilityStatement: 'server',
  TerminologyCapabilities: 'terminology',
  CodeSystem: 'article-kinds',
  ValueSet: 'administrative-gender',
  ConceptMap: 'cvx-to-articles',
};

/** What is posted to an operation; the same at each of its levels, but for what the instance itself says. */
const POSTED: Readonly<Record<string, object>> = {
  '': {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      { request: { method: 'GET', url: 'DocumentReference/topic-asthma-en' } },
      { request: { method: 'GET', url: `DocumentReference?event=${ICD}|J45.909` } },
    ],
  },
  '$knowledge-request': parameters(
    { name: 'resource', resource: condition('J45.909') },
    { name: 'patientSex', valueCode: 'female' },
    { name: 'age', valueDecimal: 70 },
    { name: 'ageUnit', valueCode: 'a' },
    { name: 'recipientLanguage', valueCode: 'en' },
  ),
  $versions: parameters({ name: 'mode', valueCode: 'server' }),
  $lookup: parameters({ name: 'coding', valueCoding: { system: ICD, code: 'J45' } }),
  $subsumes: parameters({ name: 'codeA', valueCode: 'J45' }, { name: 'codeB', valueCode: 'J45.2' }),
  '$validate-code': parameters({ name: 'code', valueCode: 'J45.909' }),
  $expand: parameters({ name: 'count', valueInteger: 10 }),
  $translate: parameters({ name: 'coding', valueCoding: { system: ICD, code: 'J45.909' } }),
};
/** What the type's level needs beside it. */
const POSTED_AT_TYPE: Readonly<Record<string, object>> = {
  'CodeSystem/$subsumes': { name: 'system', valueUri: ICD },
  'CodeSystem/$validate-code': { name: 'url', valueUri: ICD },
  'ValueSet/$validate-code': { name: 'url', valueUri: GENDER },
  'ValueSet/$expand': { name: 'url', valueUri: GENDER },
};

function asked(base: string, path: string): ExampleCall[] {
  const below = path.slice(base.length);
  const [, type = ''] = below.split('/');
  const id = IDS[type] ?? '';
  const shorts: readonly Short[] = ASKED[below] ?? [
    ...(below === `/${type}` ? [['The first of them', '?_count=2&_summary=true'] as const] : []),
    ...(below === `/${type}/_search` ? [['By its id', `?_id=${id}`] as const] : []),
    ...(below === `/${type}/:id` ? [[`A ${type}`, `/${type}/${id}`] as const] : []),
    ...(below === `/${type}/:id/_history` ? [['Its versions', `/${type}/${id}/_history`] as const] : []),
    ...(below === `/${type}/:id/_history/:versionId`
      ? [['A version that is not there', `/${type}/${id}/_history/none`, 404] as const]
      : []),
  ];
  return shorts.map(([summary, address, status = 200]) => ({
    summary,
    address: address.startsWith('/') ? `${base}${address}` : `${path}${address}`,
    status,
    contentType: address.includes('_format=xml') ? 'application/fhir+xml' : FHIR_JSON,
  }));
}

function posted(base: string, path: string): ExampleCall[] {
  const below = path.slice(base.length + 1);
  const [type = '', second = ''] = below.split('/');
  const call = { status: 200, contentType: FHIR_JSON };
  if (second === '_search') {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    return [{ ...call, summary: 'By its id', address: path, headers, body: `_id=${IDS[type] ?? ''}` }];
  }
  const name = /\$[a-z-]+$/.exec(below)?.[0] ?? '';
  const body = POSTED[name] as { parameter?: object[] } | undefined;
  if (!body || (name === '' && below !== '')) return [];
  const further = POSTED_AT_TYPE[below];
  const sent = further ? { ...body, parameter: [...(body.parameter ?? []), further] } : body;
  const isInstance = below.includes('/:id/');
  const id = type === 'CodeSystem' ? 'icd-10-cm' : type === 'ConceptMap' ? 'icd-10-cm-to-articles' : IDS[type];
  return [
    {
      ...call,
      summary: name === '' ? 'Two requests' : 'As Parameters',
      address: isInstance ? path.replace(':id', id ?? '') : path,
      headers: { 'Content-Type': FHIR_JSON },
      body: JSON.stringify(sent, undefined, 2),
    },
  ];
}

/**
 * Calls that work at an address of the FHIR server; what is written is shown by none, since it would change the library.
 * @param path as it is routed, `:id` in it
 */
export function exampleCalls(method: RouteMethod, path: string): ExampleCall[] {
  const [, root = ''] = path.split('/');
  const base = `/${root}`;
  if (method === 'GET') return asked(base, path);
  return method === 'POST' ? posted(base, path) : [];
}
