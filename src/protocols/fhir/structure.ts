import { createRequire } from 'node:module';

/** An element of a type: what it is called in JSON (a choice by each of its names), its type, and whether it repeats. */
export interface Property {
  readonly name: string;
  /** A data type, `Resource` or `xhtml`. */
  readonly type: string;
  readonly multiple: boolean;
  readonly required: boolean;
  /** The choice (`value`) that the name is one of, where it is. */
  readonly choice: string | undefined;
  /** Canonical address, with its version, of the value set that a code must be from. */
  readonly valueSet: string | undefined;
  /** The elements right below; undefined for a primitive, for a resource and for xhtml. */
  readonly structure: (() => Structure) | undefined;
}

/** A type's elements in the order that R4 gives them (in XML the order counts). */
export interface Structure {
  readonly properties: readonly Property[];
  readonly isResource: boolean;
}

/** The table as package `fhir` has it. */
interface RawProperty {
  readonly _name: string;
  readonly _type: string;
  readonly _multiple?: boolean;
  readonly _required?: boolean;
  readonly _choice?: string;
  readonly _valueSet?: string;
  readonly _valueSetStrength?: string;
  readonly _properties?: readonly RawProperty[];
}

interface RawType {
  readonly _kind?: string;
  readonly _properties?: readonly RawProperty[];
}

const require = createRequire(import.meta.url);
// The table alone: the package itself loads all value sets too.
const TYPES = require('fhir/profiles/types.json') as Readonly<Record<string, RawType>>;

const PRIMITIVES: ReadonlySet<string> = new Set([
  ...['boolean', 'integer', 'unsignedInt', 'positiveInt', 'decimal', 'string', 'markdown', 'code', 'id', 'uri', 'url'],
  ...['canonical', 'oid', 'uuid', 'date', 'dateTime', 'instant', 'time', 'base64Binary'],
]);
const BACKBONE: ReadonlySet<string> = new Set(['BackboneElement', 'Element']);

const structures = new Map<string, Structure>();

/** Whether a name is a resource type of R4. */
export const isResourceType = (type: string): boolean =>
  Object.hasOwn(TYPES, type) && TYPES[type]?._kind === 'resource';

export const isPrimitiveType = (type: string): boolean => PRIMITIVES.has(type);

/** The properties at a path such as `#ValueSet.compose.include`, whose elements another element has too. */
function followPath(path: string): readonly RawProperty[] {
  const [type = '', ...names] = path.replace(/^#/, '').split('.');
  let properties = TYPES[type]?._properties ?? [];
  for (const name of names) properties = properties.find(({ _name }) => _name === name)?._properties ?? [];
  return properties;
}

function structureAt(key: string, isResource: boolean, find: () => readonly RawProperty[]): Structure {
  const known = structures.get(key);
  if (known) return known;
  const properties = find()
    .filter(({ _name }) => !_name.startsWith('_'))
    .map((raw) => toProperty(raw, `${key}.${raw._name}`));
  const structure = { properties, isResource };
  structures.set(key, structure);
  return structure;
}

function toProperty(raw: RawProperty, key: string): Property {
  const { _name: name, _type, _multiple: multiple = false, _required: required = false, _properties } = raw;
  const valueSet = raw._valueSetStrength === 'required' ? raw._valueSet : undefined;
  const common = { name, multiple, type: _type, required, choice: raw._choice, valueSet };
  if (PRIMITIVES.has(_type) || _type === 'xhtml' || _type === 'Resource') return { ...common, structure: undefined };
  if (BACKBONE.has(_type)) return { ...common, structure: () => structureAt(key, false, () => _properties ?? []) };
  if (_type.startsWith('#')) {
    return { ...common, structure: () => structureAt(_type, false, () => followPath(_type)) };
  }
  return { ...common, structure: () => structureOf(_type) };
}

/** The structure of a resource or data type of R4. @throws Error for what is none */
export function structureOf(type: string): Structure {
  const raw = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!raw) throw new Error(`no type of R4: ${type}`);
  return structureAt(type, raw._kind === 'resource', () => raw._properties ?? []);
}
