import { createHash } from 'node:crypto';
import { readR4Data } from './r4-data.js';

export type Json = Record<string, unknown>;

export interface Constraint {
  readonly key: string;
  readonly severity: string;
  readonly expression?: string;
  readonly human: string;
}

export interface ElementType {
  readonly code: string;
  readonly profile?: readonly string[];
}

export interface Element {
  readonly id: string;
  readonly path: string;
  readonly min?: number;
  readonly max?: string;
  readonly contentReference?: string;
  readonly constraint?: readonly Constraint[];
  readonly type?: readonly ElementType[];
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
}

interface Definition {
  readonly id: string;
  readonly snapshot: { readonly element: readonly Element[] };
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];

let definitions: Map<string, Map<string, Element>> | undefined;

/** The elements of a type's snapshot by their paths, in R4's order. */
function elementsOf(type: string): ReadonlyMap<string, Element> {
  definitions ??= new Map(
    (readR4Data('definitions') as Definition[]).map(({ id, snapshot }) => [
      id,
      new Map(snapshot.element.map((one) => [one.path, one])),
    ]),
  );
  return definitions.get(type) ?? new Map<string, Element>();
}

/** Where in R4's definitions a value stands: the type whose snapshot has it, and its path there. */
export interface Spot {
  readonly type: string;
  readonly path: string;
}

export interface Member {
  readonly element: Element;
  /** The type of the value; `xhtml` and the primitives in lower case, a resource's empty. */
  readonly code: string;
  /** Where its own members are looked up. */
  readonly spot: Spot;
  /** Its place among the members of its parent. */
  readonly order: number;
}

const INLINE: ReadonlySet<string> = new Set(['BackboneElement', 'Element', '']);
const SYSTEM_TYPE = 'http://hl7.org/fhirpath/';

const members = new Map<string, Member | undefined>();

/** The element that a member of an object is, choices of type (`value[x]`) and references to content included. */
export function memberOf(spot: Spot, name: string): Member | undefined {
  const key = `${spot.type} ${spot.path} ${name}`;
  if (!members.has(key)) members.set(key, findMember(spot, name));
  return members.get(key);
}

function findMember({ type, path }: Spot, name: string): Member | undefined {
  const all = elementsOf(type);
  const found = [...all.values()].map((element, order) => ({ element, order }));
  for (const { element, order } of found) {
    const end = element.path.slice(path.length + 1);
    if (!element.path.startsWith(`${path}.`) || end.includes('.')) continue;
    const stem = end.endsWith('[x]') ? end.slice(0, -3) : undefined;
    const code =
      stem === undefined
        ? end === name && (element.type?.[0]?.code ?? '')
        : name.startsWith(stem) &&
          element.type?.find((one) => one.code.toLowerCase() === name.slice(stem.length).toLowerCase())?.code;
    if (code === false || code === undefined) continue;
    const to = element.contentReference?.replace(/^.*#/, '');
    const spot = to !== undefined ? { type, path: to } : INLINE.has(code) ? { type, path: element.path } : at(code);
    return { element, code: code.replace(SYSTEM_TYPE, ''), spot, order };
  }
  return undefined;
}

const at = (code: string): Spot => ({ type: code, path: code });
export const elementAt = ({ type, path }: Spot): Element | undefined => elementsOf(type).get(path);

export interface Visit extends Member {
  readonly value: unknown;
  /** Where it stands in the resource, for people. */
  readonly place: string;
  readonly resource: Json;
}

/** Every element of a resource, not going into the resources within it. */
export function* visit(value: Json, spot: Spot, place: string, resource: Json): Generator<Visit> {
  for (const [name, sent] of Object.entries(value)) {
    const member = memberOf(spot, name);
    if (!member) continue;
    for (const [index, one] of listOf(sent).entries()) {
      const found = { ...member, value: one, place: `${place}.${name}[${index}]`, resource };
      yield found;
      if (isObject(one) && typeof one.resourceType !== 'string') yield* visit(one, member.spot, found.place, resource);
    }
  }
}

/** A resource and all that are within it. */
export function resourcesIn(value: unknown): Json[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(resourcesIn);
  return isObject(value) && typeof value.resourceType === 'string' ? [value, ...inner] : inner;
}

/** A list is looked at as a whole to this length; beyond, some of its members stand for all. */
const LONG = 50;

/** A value whose long lists hold fewer members: invariants over thousands of concepts take minutes. */
export function thin<T>(value: T): T {
  if (Array.isArray(value)) {
    const step = Math.ceil(value.length / LONG);
    return (value as unknown[]).filter((_one, index) => index % step === 0).map(thin) as T;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, thin(one)])) as T;
}

/** Remembers what was sound once, by its content, and does not look at it again. */
export function onceSound<T>(complaintsOf: (value: T) => string[]): (value: T) => string[] {
  const sound = new Set<string>();
  return (value) => {
    const hash = createHash('sha1').update(JSON.stringify(value)).digest('base64');
    if (sound.has(hash)) return [];
    const found = complaintsOf(value);
    if (found.length === 0) sound.add(hash);
    return found;
  };
}
