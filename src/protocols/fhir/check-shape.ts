import type { Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../core/errors.js';
import type { Property, Structure } from './structure.js';
import { isPrimitiveType, isResourceType, structureOf } from './structure.js';

type Json = Readonly<Record<string, unknown>>;

const NUMBERS: ReadonlySet<string> = new Set(['integer', 'unsignedInt', 'positiveInt', 'decimal']);

const refuse = (reason: string, expression: string): RequestError =>
  new RequestError('bad-resource', { reason: `${expression} ${reason}`, expression });

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkPrimitive(value: unknown, type: string, expression: string): void {
  const wanted = type === 'boolean' ? 'boolean' : NUMBERS.has(type) ? 'number' : 'string';
  if (typeof value !== wanted) throw refuse(`must be a ${wanted}`, expression);
}

function checkOne(value: unknown, { type, structure }: Property, expression: string): void {
  if (isPrimitiveType(type) || type === 'xhtml') checkPrimitive(value, type, expression);
  else if (!structure) checkResource(value, expression);
  else if (isObject(value)) checkProperties(value, structure(), expression);
  else throw refuse('must be an object', expression);
}

/** An id and extensions beside a primitive (`_name`). */
function checkBeside(value: unknown, multiple: boolean, expression: string): void {
  const all = multiple && Array.isArray(value) ? (value as unknown[]) : [value];
  if (multiple !== Array.isArray(value)) throw refuse(multiple ? 'must be a list' : 'must not be a list', expression);
  for (const one of all) {
    if (multiple && one === null) continue;
    if (!isObject(one)) throw refuse('must be an object', expression);
    checkProperties(one, structureOf('Element'), expression);
  }
}

function checkElement(sent: unknown, property: Property, expression: string): void {
  const { multiple, type } = property;
  if (multiple !== Array.isArray(sent)) throw refuse(multiple ? 'must be a list' : 'must not be a list', expression);
  if (!Array.isArray(sent)) {
    checkOne(sent, property, expression);
    return;
  }
  for (const [index, one] of (sent as unknown[]).entries()) {
    // Where a primitive of several has no value but extensions, null stands for it (R4 json, 2.6.2.1).
    if (one !== null || !isPrimitiveType(type)) checkOne(one, property, `${expression}[${index}]`);
  }
}

/** Checks the members that were sent: a type may have fifty elements, and a list a hundred thousand values with one of them each. */
function checkProperties(value: Json, { byName }: Structure, path: string): void {
  for (const name of Object.keys(value)) {
    const isBeside = name.startsWith('_');
    const property = byName.get(isBeside ? name.slice(1) : name);
    if (!property) continue;
    const expression = `${path}.${name}`;
    if (isBeside) checkBeside(value[name], property.multiple, expression);
    else checkElement(value[name], property, expression);
  }
}

/**
 * Refuses what is no resource by R4's structure: lists, objects and primitives where they belong, so that whoever reads it
 * further finds nothing else. Elements that R4 does not know are let be: nobody reads them.
 * @throws RequestError `bad-resource`, with the place
 */
export function checkResource(value: unknown, expression: string): void {
  const type = isObject(value) ? value.resourceType : undefined;
  if (!isObject(value) || typeof type !== 'string' || !isResourceType(type)) {
    throw refuse('is no resource of R4', expression);
  }
  checkProperties(value, structureOf(type), expression);
}

/** An entry without its resource. */
function withoutResource(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== 'resource'));
}

/**
 * Refuses what is no batch by R4's structure. The resources in it are a matter of the entries that bring them, none of which
 * makes another fail (R4 http, 3.1.0.11.1).
 * @throws RequestError `bad-resource`, with the place
 */
export function checkBatch(batch: Resource): void {
  const { entry } = batch as { entry?: unknown };
  checkResource(Array.isArray(entry) ? { ...batch, entry: entry.map(withoutResource) } : batch, batch.resourceType);
}
