import type { Coding, Identifier, Resource } from '@medplum/fhirtypes';
import { readDataFile } from '../../../core/read-data-file.js';
import type { FindMembers, Parameter, ParameterFacts } from './parameter.js';
import {
  createDateParameter,
  createReferenceParameter,
  createStringParameter,
  createTokenParameter,
  createUriParameter,
} from './parameter.js';

/** A search parameter as it is described in resources/fhir/r4. */
export interface ParameterRow {
  readonly name: string;
  /** What its values are; `token` is an element of type code. */
  readonly type: 'token' | 'identifier' | 'coding' | 'string' | 'uri' | 'date' | 'reference';
  /** The element that it tests; undefined: the one of its name. */
  readonly path?: string;
  readonly documentation: string;
  /** The end of HL7's address of the SearchParameter, or of our own. */
  readonly definition: string;
  readonly isOwn?: boolean;
  /** Code system of the element's value set. */
  readonly system?: string;
  readonly isExact?: boolean;
  readonly hasText?: boolean;
  /** Whether it takes `:in` and `:not-in`. */
  readonly hasValueSets?: boolean;
  /** The types that a reference leads to; undefined: canonical addresses alone. */
  readonly targets?: readonly string[];
}

const ROWS = readDataFile('fhir/r4/resource-parameters.yaml') as Readonly<Record<string, readonly ParameterRow[]>>;

/** What the CapabilityStatement has of a row's parameter. */
export const toFacts = (row: Omit<ParameterRow, 'type'>): ParameterFacts => ({
  name: row.name,
  documentation: row.documentation,
  definition: (base) => `${row.isOwn ? base : 'http://hl7.org/fhir'}/SearchParameter/${row.definition}`,
});

/**
 * Builds the parameter that a row describes.
 * @param values of an item, by the row's type: texts, Identifiers or Codings
 */
export function toParameter<T>(
  row: ParameterRow,
  values: (item: T) => readonly unknown[],
  findMembers?: FindMembers,
): Parameter<T> {
  const facts = toFacts(row);
  const { system, hasText = false, hasValueSets = false, isExact = false, targets = [] } = row;
  const options = { isExact, hasText, ...(hasValueSets && findMembers ? { findMembers } : {}) };
  const texts = values as (item: T) => readonly string[];
  switch (row.type) {
    case 'token':
      return createTokenParameter(
        facts,
        (item) => values(item).map((code) => ({ system, code: String(code), isPlain: true })),
        options,
      );
    case 'identifier':
      return createTokenParameter(
        facts,
        (item) =>
          (values(item) as readonly Identifier[]).flatMap(({ system: of, value }) =>
            value === undefined ? [] : [{ system: of, code: value }],
          ),
        options,
      );
    case 'coding':
      return createTokenParameter(
        facts,
        (item) =>
          (values(item) as readonly Coding[]).map(({ system: of, code = '', display }) => ({
            system: of,
            code,
            texts: display ? [display] : [],
          })),
        options,
      );
    case 'string':
      return createStringParameter(facts, texts);
    case 'uri':
      return createUriParameter(facts, texts);
    case 'date':
      return createDateParameter(facts, texts);
    case 'reference':
      return createReferenceParameter(facts, texts, targets);
  }
}

/** The values at a path of elements, lists one by one; what is not there is left out. */
function listValues(value: unknown, path: readonly string[]): unknown[] {
  const [name, ...below] = path;
  if (Array.isArray(value)) return value.flatMap((one) => listValues(one, path));
  if (name === undefined) return value === undefined ? [] : [value];
  const member = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return member === undefined ? [] : listValues(member, below);
}

/** What a type is searched by: the parameters of every resource (R4 Resource), and its own. */
export const listParameters = <R extends Resource>(type: R['resourceType']): Parameter<R>[] =>
  [...(ROWS.every ?? []), ...(ROWS[type] ?? [])].map((row) => {
    const path = (row.path ?? row.name).split('.');
    return toParameter<R>(row, (resource) => listValues(resource, path));
  });
