import { groupBy } from '../../../core/group-by.js';
import { getOrAdd } from '../../../core/remember.js';
import type { JsonObject } from '../../json-object.js';
import { findRequiredCodes, isResourceType, getStructure, type Property, type Structure } from '../syntax/structure.js';
import { findNarrativeFault } from './check-narrative.js';
import type { FaultList } from './faults.js';
import { TEXT_FORMS, isPrimitiveType } from '../syntax/primitives.js';
import { findOwn } from '../../../core/find-own.js';

/** Characters of a text (R4 string, 2.24.0.1). */
const TEXT_LIMIT = 1_048_576;
/** No text may hold those below U+0020 but these three (R4 string, 2.24.0.1); U+007F to U+009F are commands to a terminal, too. */
const CONTROL = /(?![\t\r\n])\p{Cc}/u;
const LEAST: Readonly<Record<string, number>> = { unsignedInt: 0, positiveInt: 1, integer: -2_147_483_648 };

function checkPrimitive(value: unknown, { type, valueSet }: Property, at: string, faults: FaultList): void {
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

/** Faults of a resource, and the narratives in it, which are read when all else is. */
interface Found {
  readonly faults: FaultList;
  readonly narratives: (readonly [at: string, text: string])[];
}

function walkValue(value: unknown, property: Property, at: string, found: Found): void {
  if (value === null) return;
  if (isPrimitiveType(property.type)) checkPrimitive(value, property, at, found.faults);
  else if (property.type === 'xhtml') found.narratives.push([at, value as string]);
  else if (!property.structure) walkResource(value as JsonObject, at, found);
  else walkElement(value as JsonObject, property.structure(), at, found);
}

/** An element with its properties: the forms of a choice are one. */
type Element = readonly [name: string, forms: readonly Property[]];

/** Elements of a structure that must be checked: few of a structure are required, or a choice. */
const elementsOf = new WeakMap<
  Structure,
  { readonly required: readonly Element[]; readonly choices: readonly Element[] }
>();

const findElements = (structure: Structure) =>
  getOrAdd(elementsOf, structure, () => {
    const byElement = groupBy(structure.properties, ({ name, choice }) =>
      choice === undefined ? name : `${choice}[x]`,
    );
    const elements = [...byElement];
    return {
      required: elements.filter(([, forms]) => forms.every(({ required }) => required)),
      choices: elements.filter(([, forms]) => forms.length > 1),
    };
  });

/** An element's names: every one that R4 knows, none twice by a choice, all that are required. */
function walkElement(value: JsonObject, structure: Structure, at: string, found: Found): void {
  const { byName } = structure;
  const { faults } = found;
  const has = (name: string): boolean => Object.hasOwn(value, name) || Object.hasOwn(value, `_${name}`);
  const names = Object.keys(value);
  if (names.length === 0) faults.add(at, 'is empty', 'structure');
  for (const name of names) {
    const property = byName.get(name.replace(/^_/, ''));
    if (name === 'resourceType') continue;
    if (!property || (name.startsWith('_') && !isPrimitiveType(property.type))) {
      faults.add(`${at}.${name}`, 'is no element of R4', 'structure');
    } else if (name.startsWith('_')) walkBeside(value[name], `${at}.${name}`, found);
    else walkMember(value[name], property, `${at}.${name}`, found);
  }
  const { required, choices } = findElements(structure);
  for (const [name, forms] of required) {
    if (!forms.some((one) => has(one.name))) faults.add(`${at}.${name}`, 'is required', 'required');
  }
  for (const [name, forms] of choices) {
    if (forms.filter((one) => has(one.name)).length > 1) faults.add(`${at}.${name}`, 'is given twice', 'structure');
  }
}

/** An id and extensions beside a primitive. */
function walkBeside(value: unknown, at: string, found: Found): void {
  const places = Array.isArray(value)
    ? value.map((one: unknown, index) => [one, `${at}[${index}]`] as const)
    : [[value, at] as const];
  for (const [one, place] of places) {
    if (one !== null) walkElement(one as JsonObject, getStructure('Element'), place, found);
  }
}

function walkMember(value: unknown, property: Property, at: string, found: Found): void {
  if (!Array.isArray(value)) {
    if (value === null) found.faults.add(at, 'is empty', 'structure');
    else walkValue(value, property, at, found);
    return;
  }
  if (value.length === 0) found.faults.add(at, 'is an empty list', 'structure');
  for (const [index, one] of (value as unknown[]).entries()) walkValue(one, property, `${at}[${index}]`, found);
}

function walkResource(resource: JsonObject, at: string, found: Found): void {
  const type = String(resource.resourceType);
  if (isResourceType(type)) walkElement(resource, getStructure(type), at, found);
}

/**
 * Reports every fault of a resource that is to be stored, beyond the checks of checkResource: elements that R4 does not
 * know, that are required or appear twice, values in the wrong form, codes outside a required value set.
 * @param resource one that checkResource has accepted
 */
export function checkStrictly(resource: JsonObject, at: string, faults: FaultList): void {
  const found: Found = { faults, narratives: [] };
  walkResource(resource, at, found);
  for (const [place, text] of found.narratives) {
    const fault = findNarrativeFault(text);
    if (fault !== undefined) faults.add(place, fault, 'value');
  }
}
