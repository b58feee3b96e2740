import type { Resource } from '@medplum/fhirtypes';
import { readDataFile } from '../../../core/read-data-file.js';
import type { Parameter } from './parameter.js';
import {
  dateParameter,
  referenceParameter,
  standard,
  stringParameter,
  tokenParameter,
  uriParameter,
} from './parameter.js';

interface ParameterRow {
  readonly name: string;
  readonly type: 'token' | 'identifier' | 'string' | 'uri' | 'date' | 'reference';
  readonly path?: string;
  readonly documentation: string;
  readonly definition: string;
  /** Code system of the element's value set. */
  readonly system?: string;
  readonly isExact?: boolean;
}

const ROWS = readDataFile('fhir/r4/resource-parameters.yaml') as Readonly<Record<string, readonly ParameterRow[]>>;

/** The values at a path of elements, lists one by one; what is not there is left out. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [name, ...below] = path;
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, path));
  if (name === undefined) return value === undefined ? [] : [value];
  const member = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return member === undefined ? [] : valuesAt(member, below);
}

function toParameter<R extends Resource>({ name, type, path = name, system, isExact, ...row }: ParameterRow) {
  const facts = { name, documentation: row.documentation, definition: standard(row.definition) };
  const elements = path.split('.');
  const texts = (resource: R): readonly string[] => valuesAt(resource, elements) as string[];
  switch (type) {
    case 'token':
      return tokenParameter<R>(
        facts,
        (resource) => valuesAt(resource, elements).map((code) => ({ system, code: String(code), isPlain: true })),
        { isExact: isExact ?? false },
      );
    case 'identifier':
      return tokenParameter<R>(facts, (resource) =>
        (valuesAt(resource, elements) as { system?: string; value?: string }[]).flatMap(({ system: of, value }) =>
          value === undefined ? [] : [{ system: of, code: value }],
        ),
      );
    case 'string':
      return stringParameter(facts, texts);
    case 'uri':
      return uriParameter(facts, texts);
    case 'date':
      return dateParameter(facts, texts);
    case 'reference':
      return referenceParameter(facts, texts, { targets: [] });
  }
}

/** What a type is searched by: the parameters of every resource (R4 Resource), and its own. @param type undefined: no own ones */
export const resourceParameters = <R extends Resource>(type?: R['resourceType']): Parameter<R>[] =>
  [...(ROWS.every ?? []), ...(ROWS[type ?? ''] ?? [])].map((row) => toParameter<R>(row));
