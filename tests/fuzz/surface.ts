import type {
  Bundle,
  CodeSystem,
  ConceptMap,
  DocumentReference,
  OperationDefinition,
  Resource,
} from '@medplum/fhirtypes';
import type { ApiDocument, ApiOperation, ApiParameter } from '../support/openapi/document.js';

/** A parameter that an address or a form knows, as /openapi.json tells it. */
export interface KnownParameter {
  readonly name: string;
  readonly schema: { readonly type?: string; readonly enum?: readonly string[]; readonly items?: object };
  readonly modifiers: readonly string[];
  readonly example: string | undefined;
  /** Whether further values carry a number behind the name. */
  readonly isNumbered: boolean;
}

/** The request that the examples of an operation make together. */
export interface ExampleRequest {
  /** Path and query. */
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A method of an address, and what may be sent to it. */
export interface Target {
  readonly method: string;
  /** With `{id}` where a value is to be put. */
  readonly path: string;
  readonly parameters: readonly KnownParameter[];
  /** Fields of a form that it reads; undefined: it reads none. */
  readonly fields: readonly KnownParameter[] | undefined;
  /** Whether it reads FHIR resources. */
  readonly takesResource: boolean;
  /** Whether it reads JSON that is no resource. */
  readonly takesJson: boolean;
  readonly operation: OperationDefinition | undefined;
  readonly examples: readonly ExampleRequest[];
}

/** A code that the library knows. */
export interface KnownCode {
  readonly system: string;
  readonly code: string;
  readonly display: string | undefined;
}

/** Description of a server, from which requests are made. */
export interface Surface {
  readonly targets: readonly Target[];
  readonly codes: readonly KnownCode[];
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly urls: readonly string[];
  /** Canonical addresses by the type of what they name. */
  readonly urlsOf: Readonly<Record<string, readonly string[]>>;
  readonly resources: readonly Resource[];
}

const modifiersIn = (description: string): string[] => description.match(/(?<= ):[a-zA-Z-]+/g) ?? [];

const toParameter = ({ name, schema, description, example }: ApiParameter): KnownParameter => ({
  name,
  schema,
  modifiers: modifiersIn(description),
  example: typeof example === 'object' ? undefined : (example as string | number | boolean | undefined)?.toString(),
  isNumbered: description.includes('carry a number'),
});

function fieldsOf({ requestBody }: ApiOperation): KnownParameter[] | undefined {
  const form = requestBody?.content['application/x-www-form-urlencoded']?.schema as
    { properties?: Record<string, KnownParameter['schema'] & { description?: string }> } | undefined;
  return (
    form &&
    Object.entries(form.properties ?? {}).map(([name, schema]) => ({
      name,
      schema,
      modifiers: modifiersIn(schema.description ?? ''),
      example: undefined,
      isNumbered: (schema.description ?? '').includes('carry a number'),
    }))
  );
}

/** The request that the example values of an operation make; none where a value of the path is missing. */
export function exampleOf(path: string, { parameters = [], requestBody }: ApiOperation): ExampleRequest[] {
  const [type, content] = Object.entries(requestBody?.content ?? {}).find(([, one]) => one.example !== undefined) ?? [];
  const given = parameters.filter(({ example }) => example !== undefined);
  const at = given.reduce(
    (so, { name, example }) => so.replace(`{${name}}`, encodeURIComponent(String(example))),
    path,
  );
  if (at.includes('{') || (requestBody?.required && type === undefined)) return [];
  const query = given
    .filter((one) => one.in === 'query')
    .flatMap(({ name, example }) =>
      (Array.isArray(example) ? (example as unknown[]) : [example]).map((one) => [name, String(one)]),
    );
  const address = query.length === 0 ? at : `${at}?${new URLSearchParams(query).toString()}`;
  const own = Object.fromEntries(
    given.flatMap((one) => (one.in === 'header' ? [[one.name, String(one.example)]] : [])),
  );
  if (type === undefined) return [{ address, headers: own }];
  const isForm = type === 'application/x-www-form-urlencoded';
  const body = isForm
    ? new URLSearchParams(content?.example as Record<string, string>).toString()
    : JSON.stringify(content?.example);
  return [{ address, headers: { ...own, 'Content-Type': type }, body }];
}

/** The definition of the operation that an address ends with. */
function definitionOf(path: string, definitions: readonly OperationDefinition[]): OperationDefinition | undefined {
  const [, type, code] = /^\/fhir(?:\/(\w+))?(?:\/\{id\})?\/\$([\w-]+)$/.exec(path) ?? [];
  return definitions.find(
    (one) => one.code === code && (type === undefined || (one.resource as string[] | undefined)?.includes(type)),
  );
}

/** Every method of every address of the document. */
function targetsOf(api: ApiDocument, definitions: readonly OperationDefinition[]): Target[] {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Target => ({
      method: method.toUpperCase(),
      path,
      parameters: (operation.parameters ?? []).filter((one) => one.in !== 'header').map(toParameter),
      fields: fieldsOf(operation),
      takesResource: operation.requestBody?.content['application/fhir+json'] !== undefined,
      takesJson: operation.requestBody?.content['application/json'] !== undefined,
      operation: definitionOf(path, definitions),
      examples: exampleOf(path, operation),
    })),
  );
}

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const NAMED: readonly KnownCode[] = (
  [
    [ICD, 'J45.909'],
    [ICD, 'E11'],
    [ICD, 'E11.3211'],
    [ICD, 'O03.9'],
    [ICD, 'T74.11XA'],
    ['http://www.nlm.nih.gov/research/umls/rxnorm', '6809'],
    ['http://loinc.org', '4548-4'],
    ['http://snomed.info/sct', '195967001'],
    ['http://hl7.org/fhir/sid/cvx', '140'],
    ['http://hl7.org/fhir/sid/ndc', '0002-8215-01'],
    ['http://hl7.org/fhir/administrative-gender', 'female'],
    ['https://education-connect.example/fhir/CodeSystem/articles', 'topic-acne'],
  ] as const
).map(([system, code]) => ({ system, code, display: undefined }));

type Fetch = (path: string) => Promise<unknown>;

async function readAll<T extends Resource>(fetchJson: Fetch, query: string): Promise<T[]> {
  const bundle = (await fetchJson(`/fhir/${query}`)) as Bundle;
  return (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource as T] : []));
}

const idsOf = (resources: readonly Resource[]): string[] => resources.flatMap(({ id }) => id ?? []);

/** Asks a server what it serves and what it holds. */
export async function readSurface(fetchJson: Fetch): Promise<Surface> {
  const definitions = await readAll<OperationDefinition>(fetchJson, 'OperationDefinition?_count=200');
  const articles = await readAll<DocumentReference>(fetchJson, 'DocumentReference?_count=200&_sort=description');
  const systems = await readAll<CodeSystem>(fetchJson, 'CodeSystem?_count=200');
  const valueSets = await readAll<Resource & { url?: string }>(fetchJson, 'ValueSet?_count=200');
  const maps = await readAll<ConceptMap>(fetchJson, 'ConceptMap?_count=200&_summary=true');
  const events = articles.flatMap(({ context }) => context?.event ?? []).flatMap(({ coding = [] }) => coding);
  const codes = events.flatMap(({ system, code, display }) => (system && code ? [{ system, code, display }] : []));
  const urlsOf = Object.fromEntries(
    Object.entries({ CodeSystem: systems, ValueSet: valueSets, ConceptMap: maps }).map(([type, list]) => [
      type,
      (list as readonly { url?: string }[]).flatMap(({ url }) => url ?? []),
    ]),
  );
  return {
    targets: targetsOf((await fetchJson('/openapi.json')) as ApiDocument, definitions),
    // Codes with names, of each system, as often as the others together.
    codes: [...codes.slice(0, 60), ...NAMED, ...NAMED, ...NAMED],
    ids: {
      DocumentReference: idsOf(articles),
      CodeSystem: idsOf(systems),
      ValueSet: idsOf(valueSets),
      ConceptMap: idsOf(maps),
      OperationDefinition: idsOf(definitions),
    },
    urls: [...Object.values(urlsOf).flat(), `${ICD}?fhir_vs=isa/E11`],
    urlsOf,
    resources: [...articles.slice(0, 40), ...systems.slice(0, 20), ...valueSets.slice(0, 20), ...maps.slice(0, 10)],
  };
}
