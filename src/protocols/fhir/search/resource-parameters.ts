import type { Coding, Identifier, Resource } from '@medplum/fhirtypes';
import { readDataFile } from '../../read-data-file.js';
import type { SearchParameterFacts } from '../rest/interaction.js';
import type { FindMembers, Parameter } from './parameter.js';
import { dateParameter, referenceParameter, stringParameter, tokenParameter, uriParameter } from './parameter.js';

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
export const toFacts = ({ name, documentation, definition, isOwn = false }: Omit<ParameterRow, 'type'>) => ({
  name,
  documentation,
  definition: ((base) =>
    `${isOwn ? base : 'http://hl7.org/fhir'}/SearchParameter/${definition}`) as SearchParameterFacts['definition'],
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
      return tokenParameter(
        facts,
        (item) => values(item).map((code) => ({ system, code: String(code), isPlain: true })),
        options,
      );
    case 'identifier':
      return tokenParameter(
        facts,
        (item) =>
          (values(item) as readonly Identifier[]).flatMap(({ system: of, value }) =>
            value === undefined ? [] : [{ system: of, code: value }],
          ),
        options,
      );
    case 'coding':
      return tokenParameter(
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
      return stringParameter(facts, texts);
    case 'uri':
      return uriParameter(facts, texts);
    case 'date':
      return dateParameter(facts, texts);
    case 'reference':
      return referenceParameter(facts, texts, targets);
  }
}

/** The values at a path of elements, lists one by one; what is not there is left out. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [name, ...below] = path;
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, path));
  if (name === undefined) return value === undefined ? [] : [value];
  const member = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return member === undefined ? [] : valuesAt(member, below);
}

/** What a type is searched by: the parameters of every resource (R4 Resource), and its own. */
export const resourceParameters = <R extends Resource>(type: R['resourceType']): Parameter<R>[] =>
  [...(ROWS.every ?? []), ...(ROWS[type] ?? [])].map((row) => {
    const path = (row.path ?? row.name).split('.');
    return toParameter<R>(row, (resource) => valuesAt(resource, path));
  });
