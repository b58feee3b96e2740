import type { Resource } from '@medplum/fhirtypes';
import { asObject, asText, type JsonObject } from '../../json-object.js';
import type { RequestError } from '../../../core/errors.js';
import { isResourceType, getStructure, type Property, type Structure } from '../syntax/structure.js';
import { isNumberType, isPrimitiveType } from '../syntax/primitives.js';
import { badResource } from './bad-request.js';

const rejectShape = (reason: string, expression: string): RequestError =>
  badResource(`${expression} ${reason}`, expression);

function requireObject(value: unknown, expression: string): JsonObject {
  const object = asObject(value);
  if (!object) throw rejectShape('must be an object', expression);
  return object;
}

/** Returns the required type of a primitive that is of another; undefined where it is right. */
function findLack(value: unknown, type: string): string | undefined {
  const wanted = type === 'boolean' ? 'boolean' : isNumberType(type) ? 'number' : 'string';
  return typeof value === wanted ? undefined : `must be a ${wanted}`;
}

const isPlain = ({ type }: Property): boolean => isPrimitiveType(type) || type === 'xhtml';

function walkOne(value: unknown, { structure }: Property, expression: string): void {
  if (structure) walkProperties(requireObject(value, expression), structure(), expression);
  else checkResource(value, expression);
}

/** An id and extensions beside a primitive (`_name`). */
function walkBeside(values: readonly unknown[], { multiple }: Property, expression: string): void {
  for (const one of values) {
    if (multiple && one === null) continue;
    walkProperties(requireObject(one, expression), getStructure('Element'), expression);
  }
}

function walkElement(values: readonly unknown[], property: Property, expression: string): void {
  const { multiple, type } = property;
  for (const [index, one] of values.entries()) {
    const place = (): string => (multiple ? `${expression}[${index}]` : expression);
    if (!isPlain(property)) walkOne(one, property, place());
    // In a list, null replaces a primitive that has extensions and no value (R4 json, 2.6.2.1).
    else if (!multiple || one !== null || type === 'xhtml') {
      const lack = findLack(one, type);
      if (lack !== undefined) throw rejectShape(lack, place());
    }
  }
}

/** Checks the members that were sent: a type may have fifty elements, and a list a hundred thousand values with one of them each. */
function walkProperties(object: JsonObject, { byName }: Structure, path: string): void {
  for (const name of Object.keys(object)) {
    const isBeside = name.startsWith('_');
    const property = byName.get(isBeside ? name.slice(1) : name);
    if (!property) continue;
    const expression = `${path}.${name}`;
    const value = object[name];
    const { multiple } = property;
    if (multiple !== Array.isArray(value)) {
      throw rejectShape(multiple ? 'must be a list' : 'must not be a list', expression);
    }
    const values = multiple ? (value as readonly unknown[]) : [value];
    if (isBeside) walkBeside(values, property, expression);
    else walkElement(values, property, expression);
  }
}

/**
 * Rejects what is no resource by R4's structure: lists, objects and primitives where they belong, so that later code
 * finds nothing else. Elements that R4 does not know are ignored: no code reads them.
 * @throws RequestError `bad-resource`, with the place
 */
export function checkResource(value: unknown, expression: string): void {
  const resource = asObject(value);
  const type = asText(resource?.resourceType);
  if (!resource || !isResourceType(type)) throw rejectShape('is no resource of R4', expression);
  walkProperties(resource, getStructure(type), expression);
}

/** An entry without its resource. */
function withoutResource(entry: unknown): unknown {
  const { resource: _resource, ...rest } = asObject(entry) ?? {};
  return asObject(entry) ? rest : entry;
}

/**
 * Rejects what is no batch by R4's structure. Each entry checks its own resource, and none makes another fail (R4 http, 3.1.0.11.1).
 * @throws RequestError `bad-resource`, with the place
 */
export function checkBatch(batch: Resource): void {
  const { entry } = batch as { entry?: unknown };
  checkResource(Array.isArray(entry) ? { ...batch, entry: entry.map(withoutResource) } : batch, batch.resourceType);
}
