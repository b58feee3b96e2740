import type { Resource } from '@medplum/fhirtypes';
import { findOwn } from '../../../core/find-own.js';
import type { RequestError } from '../../../core/errors.js';
import { asObject, asText, type JsonObject } from '../../json-object.js';
import { TEXT_FORMS, isNumberType, isPrimitiveType } from '../syntax/primitives.js';
import { findRequiredCodes, getStructure, isResourceType, type Property, type Structure } from '../syntax/structure.js';
import type { FaultList } from '../writing/faults.js';
import { badResource } from './bad-request.js';

/** Faults of a resource that is to be stored, and the narratives in it. */
export interface StrictShape {
  readonly faults: FaultList;
  readonly narratives: (readonly [at: string, text: string])[];
}

/** Characters of a text (R4 string, 2.24.0.1). */
const TEXT_LIMIT = 1_048_576;
/** No text may hold those below U+0020 but these three (R4 string, 2.24.0.1); U+007F to U+009F are commands to a terminal, too. */
const CONTROL = /(?![\t\r\n])\p{Cc}/u;
const LEAST: Readonly<Record<string, number>> = { unsignedInt: 0, positiveInt: 1, integer: -2_147_483_648 };

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

/** Checks the form of a primitive, and whether its code is in a required value set. */
function checkForm(value: unknown, { type, valueSet }: Property, at: string, faults: FaultList): void {
  if (typeof value === 'string') {
    if (value.trim() === '') faults.add(at, 'is empty', 'value');
    else if (value.length > TEXT_LIMIT) faults.add(at, 'is too long', 'too-long');
    else if (CONTROL.test(value)) faults.add(at, 'holds control characters', 'value');
    else if (findOwn(TEXT_FORMS, type)?.test(value) === false) faults.add(at, `is no ${type}`, 'value');
    else if (type === 'code' && valueSet && findRequiredCodes(valueSet)?.has(value) === false) {
      faults.add(at, `is none of the codes of ${valueSet}`, 'code-invalid');
    }
    return;
  }
  const least = findOwn(LEAST, type);
  if (typeof value !== 'number' || least === undefined) return;
  if (!Number.isInteger(value) || value < least || value > 2_147_483_647) faults.add(at, `is no ${type}`, 'value');
}

/** Checks that required elements are there, and each choice once. */
function checkRequired(object: JsonObject, { required, choices }: Structure, at: string, faults: FaultList): void {
  const has = ({ name }: Property): boolean => Object.hasOwn(object, name) || Object.hasOwn(object, `_${name}`);
  for (const [name, forms] of required) {
    if (!forms.some(has)) faults.add(`${at}.${name}`, 'is required', 'required');
  }
  for (const [name, forms] of choices) {
    if (forms.filter(has).length > 1) faults.add(`${at}.${name}`, 'is given twice', 'structure');
  }
}

/** One walk over a resource by R4's structure. */
class ShapeWalk {
  readonly #strict: StrictShape | undefined;

  constructor(strict?: StrictShape) {
    this.#strict = strict;
  }

  resource(value: unknown, expression: string): void {
    const resource = asObject(value);
    const type = asText(resource?.resourceType);
    if (!resource || !isResourceType(type)) throw rejectShape('is no resource of R4', expression);
    this.#object(resource, getStructure(type), expression);
  }

  /** Checks the members that were sent: a type may have fifty elements, and a list a hundred thousand values with one of them each. */
  #object(object: JsonObject, structure: Structure, path: string): void {
    const names = Object.keys(object);
    const faults = this.#strict?.faults;
    if (names.length === 0) faults?.add(path, 'is empty', 'structure');
    for (const name of names) {
      if (name === 'resourceType') continue;
      const isBeside = name.startsWith('_');
      const property = structure.byName.get(isBeside ? name.slice(1) : name);
      if (!property || (faults && isBeside && !isPrimitiveType(property.type))) {
        faults?.add(`${path}.${name}`, 'is no element of R4', 'structure');
      } else this.#member(object[name], property, `${path}.${name}`, isBeside);
    }
    if (faults) checkRequired(object, structure, path, faults);
  }

  #member(value: unknown, property: Property, expression: string, isBeside: boolean): void {
    const { multiple } = property;
    if (multiple !== Array.isArray(value)) {
      throw rejectShape(multiple ? 'must be a list' : 'must not be a list', expression);
    }
    const values = multiple ? (value as readonly unknown[]) : [value];
    if (values.length === 0 && !isBeside) this.#strict?.faults.add(expression, 'is an empty list', 'structure');
    for (const [index, one] of values.entries()) {
      // In a list, null replaces a primitive that has extensions and no value, and the other way round (R4 json, 2.6.2.1).
      if (multiple && one === null && (isBeside || isPrimitiveType(property.type))) continue;
      const place = (): string => (multiple ? `${expression}[${index}]` : expression);
      if (isBeside) this.#object(requireObject(one, place()), getStructure('Element'), place());
      else this.#value(one, property, place);
    }
  }

  #value(value: unknown, property: Property, place: () => string): void {
    const { type, structure } = property;
    if (!isPrimitiveType(type) && type !== 'xhtml') {
      if (structure) this.#object(requireObject(value, place()), structure(), place());
      else this.resource(value, place());
      return;
    }
    const lack = findLack(value, type);
    if (lack !== undefined) throw rejectShape(lack, place());
    if (!this.#strict) return;
    if (type === 'xhtml') this.#strict.narratives.push([place(), value as string]);
    else checkForm(value, property, place(), this.#strict.faults);
  }
}

/**
 * Rejects what is no resource by R4's structure: lists, objects and primitives where they belong, so that later code
 * finds nothing else. Elements that R4 does not know are ignored: no code reads them.
 * @param strict collects the faults of a resource that is to be stored: elements that R4 does not know, that are required or appear
 * twice, values in the wrong form, codes outside a required value set
 * @throws RequestError `bad-resource`, with the place
 */
export function checkResource(value: unknown, expression: string, strict?: StrictShape): void {
  new ShapeWalk(strict).resource(value, expression);
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
