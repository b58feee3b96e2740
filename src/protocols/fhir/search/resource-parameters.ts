import type { CodeSystem, ConceptMap, NamingSystem, OperationDefinition, Resource } from '@medplum/fhirtypes';
import type { SearchParameter, StructureDefinition, ValueSet } from '@medplum/fhirtypes';
import type { HeldToken, Parameter } from './parameter.js';
import {
  dateParameter,
  referenceParameter,
  standard,
  stringParameter,
  tokenParameter,
  uriParameter,
} from './parameter.js';

/** The types whose resources describe what a server can do or knows. */
type Conformance =
  CodeSystem | ConceptMap | NamingSystem | OperationDefinition | SearchParameter | StructureDefinition | ValueSet;

const listOf = <V>(value: V | readonly V[] | undefined): readonly V[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly V[]) : [value as V];

const plain = (codes: readonly (string | boolean | undefined)[], system?: string): HeldToken[] =>
  codes.flatMap((code) => (code === undefined ? [] : [{ system, code: String(code), isPlain: true }]));

const facts = (name: string, documentation: string, id: string) => ({ name, documentation, definition: standard(id) });

/** A member of a resource by its name, where its type has one. */
const member = (resource: Resource, name: string): unknown => (resource as unknown as Record<string, unknown>)[name];

const texts = (resource: Resource, name: string): readonly string[] =>
  listOf(member(resource, name) as string | readonly string[] | undefined);

/** Parameters of every resource (R4 Resource, search parameters). */
export function resourceParameters<R extends Resource>(): Parameter<R>[] {
  return [
    tokenParameter(facts('_id', 'Id of the resource', 'Resource-id'), ({ id }) => plain([id]), { isExact: true }),
    dateParameter(facts('_lastUpdated', 'When the resource last changed', 'Resource-lastUpdated'), ({ meta }) =>
      listOf(meta?.lastUpdated),
    ),
    uriParameter(facts('_profile', 'Profiles that the resource says it conforms to', 'Resource-profile'), ({ meta }) =>
      listOf(meta?.profile),
    ),
  ];
}

interface Naming {
  readonly name: string;
  readonly type: 'string' | 'uri' | 'date' | 'code';
  /** The value set's code system, for codes. */
  readonly system?: string;
}

const PUBLICATION_STATUS = 'http://hl7.org/fhir/publication-status';
const NAMING: readonly Naming[] = [
  { name: 'url', type: 'uri' },
  { name: 'version', type: 'code' },
  { name: 'name', type: 'string' },
  { name: 'title', type: 'string' },
  { name: 'status', type: 'code', system: PUBLICATION_STATUS },
  { name: 'date', type: 'date' },
  { name: 'publisher', type: 'string' },
  { name: 'description', type: 'string' },
];

/** What R4 does not let these types be searched by. */
const WITHOUT: Readonly<Partial<Record<Resource['resourceType'], readonly string[]>>> = {
  NamingSystem: ['url', 'version', 'title'],
  SearchParameter: ['title'],
};

function namingParameter<R extends Resource>({ name, type, system }: Naming): Parameter<R> {
  const about = facts(name, `The ${name} of the definition`, `conformance-${name}`);
  const values = (resource: R): readonly string[] => texts(resource, name);
  switch (type) {
    case 'uri':
      return uriParameter(about, values);
    case 'date':
      return dateParameter(about, values);
    case 'string':
      return stringParameter(about, values);
    case 'code':
      return tokenParameter(about, (resource) => plain(values(resource), system));
  }
}

/** A parameter of a type's own: a plain element under the same name, or one that is told. */
const code = <R extends Resource>(type: R['resourceType'], name: string, element: string = name): Parameter<R> =>
  tokenParameter(facts(name, `The ${element} of the ${type}`, `${type}-${name}`), (resource) =>
    plain(listOf(member(resource, element) as string | boolean | readonly string[] | undefined).map(String)),
  );

const identifierParameter = <R extends CodeSystem | ConceptMap | StructureDefinition | ValueSet>(): Parameter<R> =>
  tokenParameter(facts('identifier', 'Another identifier of the definition', 'conformance-identifier'), (resource) =>
    listOf(resource.identifier as { system?: string; value?: string }[] | undefined).flatMap(({ system, value }) =>
      value === undefined ? [] : [{ system, code: value }],
    ),
  );

const OWN: {
  readonly [T in Conformance['resourceType']]: () => Parameter<Extract<Conformance, { resourceType: T }>>[];
} = {
  CodeSystem: () => [
    identifierParameter(),
    uriParameter(facts('system', 'The system that is described, as codings name it', 'CodeSystem-system'), ({ url }) =>
      listOf(url),
    ),
    code('CodeSystem', 'content-mode', 'content'),
    referenceParameter(
      facts('supplements', 'The system that is added to', 'CodeSystem-supplements'),
      (resource) => texts(resource, 'supplements'),
      { targets: [] },
    ),
  ],
  ConceptMap: () => [
    identifierParameter(),
    uriParameter(facts('source-system', 'System that is mapped from', 'ConceptMap-source-system'), ({ group = [] }) =>
      group.flatMap(({ source }) => listOf(source)),
    ),
    uriParameter(facts('target-system', 'System that is mapped to', 'ConceptMap-target-system'), ({ group = [] }) =>
      group.flatMap(({ target }) => listOf(target)),
    ),
    referenceParameter(
      facts('source-uri', 'What is mapped from, as a whole', 'ConceptMap-source-uri'),
      (resource) => texts(resource, 'sourceUri'),
      { targets: [] },
    ),
    referenceParameter(
      facts('target-uri', 'What is mapped to, as a whole', 'ConceptMap-target-uri'),
      (resource) => texts(resource, 'targetUri'),
      { targets: [] },
    ),
  ],
  NamingSystem: () => [
    code('NamingSystem', 'kind'),
    stringParameter(facts('value', 'The unique identifier', 'NamingSystem-value'), ({ uniqueId }) =>
      uniqueId.map(({ value }) => value),
    ),
    tokenParameter(facts('id-type', 'Kind of the unique identifier', 'NamingSystem-id-type'), ({ uniqueId }) =>
      plain(uniqueId.map(({ type }) => type)),
    ),
  ],
  OperationDefinition: () => [
    code('OperationDefinition', 'code'),
    code('OperationDefinition', 'kind'),
    code('OperationDefinition', 'system'),
    code('OperationDefinition', 'type'),
    code('OperationDefinition', 'instance'),
  ],
  SearchParameter: () => [
    code('SearchParameter', 'base'),
    code('SearchParameter', 'code'),
    code('SearchParameter', 'target'),
    code('SearchParameter', 'type'),
  ],
  StructureDefinition: () => [
    identifierParameter(),
    uriParameter(facts('type', 'The type that is constrained', 'StructureDefinition-type'), ({ type }) => listOf(type)),
    code('StructureDefinition', 'kind'),
    code('StructureDefinition', 'derivation'),
    code('StructureDefinition', 'abstract'),
    referenceParameter(
      facts('base', 'The definition that is built on', 'StructureDefinition-base'),
      (resource) => texts(resource, 'baseDefinition'),
      { targets: [] },
    ),
  ],
  ValueSet: () => [
    identifierParameter(),
    uriParameter(facts('reference', 'A code system that is drawn on', 'ValueSet-reference'), ({ compose }) =>
      (compose?.include ?? []).flatMap(({ system }) => listOf(system)),
    ),
  ],
};

/**
 * What a definition or a terminology resource can be searched by, those of every resource included (R4, conformance-*
 * and the type's own). Elements that a listing leaves out (concepts, mappings) are not searched.
 */
export function conformanceParameters<T extends Conformance['resourceType']>(
  type: T,
): Parameter<Extract<Conformance, { resourceType: T }>>[] {
  const without: readonly string[] = WITHOUT[type] ?? [];
  const naming = NAMING.filter(({ name }) => !without.includes(name));
  return [
    ...resourceParameters<Extract<Conformance, { resourceType: T }>>(),
    ...naming.map((one) => namingParameter<Extract<Conformance, { resourceType: T }>>(one)),
    ...OWN[type](),
  ];
}
