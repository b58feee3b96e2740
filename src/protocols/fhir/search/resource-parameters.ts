import type { Resource } from '@medplum/fhirtypes';
import { readDataFile } from '../../../core/read-data-file.js';
import { createParameter, type Parameter, type ParameterRow } from './parameter.js';

const ROWS = readDataFile('fhir/r4/resource-parameters.yaml') as Readonly<Record<string, readonly ParameterRow[]>>;

/** The values at a path of elements, lists one by one; what is not there is left out. */
function listValues(value: unknown, path: readonly string[]): unknown[] {
  const [name, ...below] = path;
  if (Array.isArray(value)) return value.flatMap((one) => listValues(one, path));
  if (name === undefined) return value === undefined ? [] : [value];
  const member = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return member === undefined ? [] : listValues(member, below);
}

/** Lists the search parameters of a type: those of every resource (R4 Resource), and its own. */
export const listParameters = <R extends Resource>(type: R['resourceType']): Parameter<R>[] =>
  [...(ROWS.every ?? []), ...(ROWS[type] ?? [])].map((row) => {
    const path = (row.path ?? row.name).split('.');
    return createParameter<R>(row, (resource) => listValues(resource, path));
  });
