import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { readR4Data } from './r4-data.js';

type Definitions = Record<string, unknown>;

let loaded: { readonly ajv: Ajv; readonly definitions: Definitions } | undefined;

/** R4's definitions, read once, with what the schema names but lacks, and what compiles them: each one once, whatever names it. */
function loadDefinitions(): NonNullable<typeof loaded> {
  if (loaded) return loaded;
  const schema = readR4Data('schema') as { definitions: Definitions };
  // A resource within another is found and validated by its own definition: the choice of all types is never needed.
  const anyResource = { type: 'object', required: ['resourceType'] };
  const integer64 = { type: 'string', pattern: '^[+-]?[0-9]+$' };
  const definitions = { Resource: anyResource, integer64, ...schema.definitions, ResourceList: anyResource };
  // Draft-06 without its old top-level `id` compiles as it is; the schema itself is not what is tested.
  const ajv = new Ajv({ strict: false, validateSchema: false, logger: false, inlineRefs: false });
  ajv.addSchema({ definitions }, 'r4');
  loaded = { ajv, definitions };
  return loaded;
}

/** The validator of one type, by its own definition and not through the choice of all resources. */
function validatorOf(type: string): ValidateFunction | undefined {
  const { ajv, definitions } = loadDefinitions();
  return Object.hasOwn(definitions, type) ? ajv.getSchema(`r4#/definitions/${type}`) : undefined;
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** R4's JSON format forbids what JSON Schema lets through: empty arrays, objects and strings, and null. */
function findEmpty(value: Json, path: string): string[] {
  if (value === null || value === '') return [`${path} is empty`];
  if (typeof value !== 'object') return [];
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  if (members.length === 0) return [`${path} is empty`];
  return members.flatMap(([name, member]) => findEmpty(member, `${path}.${name}`));
}

/** Every resource within a value, itself, contained ones and those of a bundle's entries. */
function resourcesIn(value: Json): { resourceType: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = (Array.isArray(value) ? value : Object.values(value)).flatMap(resourcesIn);
  return !Array.isArray(value) && typeof value.resourceType === 'string'
    ? [value as { resourceType: string }, ...inner]
    : inner;
}

/** Complaints of R4 about a resource and the resources within it: an empty list where it is valid. */
export function fhirComplaints(resource: unknown): string[] {
  const value = resource as Json;
  const found = resourcesIn(value);
  if (found.length === 0) return ['no resource'];
  const broken = found.flatMap((one) => {
    const { resourceType } = one;
    const validate = validatorOf(resourceType);
    if (!validate) return [`${resourceType} is no type of R4`];
    validate(one);
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${resourceType}${instancePath} ${message ?? ''}`,
    );
  });
  return [...broken, ...findEmpty(value, '')];
}
