import { readFileSync } from 'node:fs';
import { groupBy } from '../../../core/group-by.js';
import { getOrAdd } from '../../../core/remember.js';
import { capitalize, isPrimitiveType } from './primitives.js';

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

/** An element with its properties: the forms of a choice are one. */
type Element = readonly [name: string, forms: readonly Property[]];

/** A type's elements in the order that R4 gives them (in XML the order counts). */
export interface Structure {
  /** A type, or where its elements stand: `ValueSet.compose.include`. */
  readonly path: string;
  readonly properties: readonly Property[];
  readonly byName: ReadonlyMap<string, Property>;
  readonly isResource: boolean;
  /** Required elements: few of a structure are. */
  readonly required: readonly Element[];
  readonly choices: readonly Element[];
}

/** The elements of R4's types, each a line `name type cardinality valueSet`, by the paths that they stand at. */
interface Table {
  readonly resources: readonly string[];
  readonly elements: Readonly<Record<string, readonly string[]>>;
}

const readTable = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../resources/fhir/r4/${name}.json`, import.meta.url), 'utf8'));

const TABLE = readTable('structures') as Table;
const RESOURCES: ReadonlySet<string> = new Set(TABLE.resources);

const NESTED: ReadonlySet<string> = new Set(['BackboneElement', 'Element']);

const structures = new Map<string, Structure>();

/** Whether a name is a resource type of R4. */
export const isResourceType = (type: string): boolean => RESOURCES.has(type);

/** The elements right below one, where it has some: of a nested element by its own path, of `#path` by that one. */
function findStructure(type: string, path: string): Property['structure'] {
  if (isPrimitiveType(type) || type === 'xhtml' || type === 'Resource') return undefined;
  if (NESTED.has(type)) return () => getStructure(path);
  return () => getStructure(type.replace(/^#/, ''));
}

/** The elements that a line of the table describes: of a choice (`value[x] string|Coding 0..1`) one for each type. */
function parseElements(line: string, path: string): Property[] {
  const [stem = '', types = '', cardinality = '', valueSet] = line.split(' ');
  const choice = stem.endsWith('[x]') ? stem.slice(0, -3) : undefined;
  const common = { multiple: cardinality.endsWith('*'), required: cardinality.startsWith('1'), choice, valueSet };
  return types.split('|').map((type) => {
    const name = choice === undefined ? stem : `${choice}${capitalize(type)}`;
    return { name, type, ...common, structure: findStructure(type, `${path}.${name}`) };
  });
}

/**
 * The structure of a resource or data type of R4, or of the elements at a path such as `ValueSet.compose.include`.
 * @throws Error for an unknown one
 */
export function getStructure(path: string): Structure {
  return getOrAdd(structures, path, () => {
    const lines = Object.hasOwn(TABLE.elements, path) ? TABLE.elements[path] : undefined;
    if (!lines) throw new Error(`no type of R4: ${path}`);
    const properties = lines.flatMap((line) => parseElements(line, path));
    const byName = new Map(properties.map((property) => [property.name, property]));
    const elements = [...groupBy(properties, ({ name, choice }) => (choice === undefined ? name : `${choice}[x]`))];
    return {
      ...{ path, properties, byName, isResource: RESOURCES.has(path) },
      required: elements.filter(([, forms]) => forms.every(({ required }) => required)),
      choices: elements.filter(([, forms]) => forms.length > 1),
    };
  });
}

let requiredCodes: ReadonlyMap<string, ReadonlySet<string>> | undefined;

/**
 * Returns the codes of a value set that R4 requires; undefined where none are listed (languages, media types).
 * @param canonical its canonical address, with or without a version
 */
export function findRequiredCodes(canonical: string): ReadonlySet<string> | undefined {
  requiredCodes ??= new Map(
    Object.entries(readTable('required-codes') as Readonly<Record<string, readonly string[]>>).map(([url, codes]) => [
      url,
      new Set(codes),
    ]),
  );
  return requiredCodes.get(canonical.split('|', 1)[0] ?? '');
}
