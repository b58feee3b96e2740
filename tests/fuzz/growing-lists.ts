import { parameterAt, valueAt } from './list-values.js';
import type { KnownParameter, Surface, Target } from './surface.js';
import { encode } from './values.js';

type Json = Record<string, unknown>;

/** A request whose one list has so many values. */
export interface GrownRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A list that a client can make longer. */
export interface GrowingList {
  /** Where it is: the operation, and the place in its request. */
  readonly name: string;
  /** How many ways there are to ask with it: beside what an example asks with, or in its place. */
  readonly ways: number;
  readonly grow: (count: number, way?: number) => GrownRequest;
}

const FHIR = { 'Content-Type': 'application/fhir+json' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/**
 * A parameter of an address or a form as a list: repeated, numbered, and with commas between its values. Of the latter two
 * half as many: criteria and languages are the shortest lists that a client may send.
 */
function* spellings(parameter: KnownParameter, surface: Surface): Generator<[string, (count: number) => string]> {
  const { name, isNumbered, schema } = parameter;
  const key = encode(name);
  const value = (index: number): string => encode(valueAt(index, name, surface));
  yield [
    `${name} repeated`,
    (count) =>
      numbers(isNumbered ? Math.ceil(count / 2) : count)
        .map((index) => `${key}${isNumbered ? index : ''}=${value(index)}`)
        .join('&'),
  ];
  if (schema.enum || (schema.type ?? 'string') !== 'string') return;
  yield [
    `${name} with commas`,
    (count) =>
      `${key}=${numbers(Math.ceil(count / 2))
        .map(value)
        .join(',')}`,
  ];
}

function* queryLists(target: Target, surface: Surface): Generator<GrowingList> {
  const { method, path, parameters, fields, examples } = target;
  const [example] = examples;
  const address = (example?.address ?? path.replace(/\{\w+\}/g, 'x')).replaceAll(' ', '%20');
  const inQuery = fields ? [] : parameters.filter((one) => !path.includes(`{${one.name}}`));
  for (const parameter of inQuery) {
    for (const [spelling, write] of spellings(parameter, surface)) {
      const grow = (count: number): GrownRequest => {
        const more = `${address.includes('?') ? '&' : '?'}${write(count)}`;
        return { method, path: `${address}${more}`, headers: example?.headers ?? {}, body: example?.body };
      };
      yield { name: `${method} ${path}: ${spelling}`, ways: 1, grow };
    }
  }
  for (const field of fields ?? []) {
    for (const [spelling, write] of spellings(field, surface)) {
      const grow = (count: number): GrownRequest => ({
        method,
        path: address,
        headers: { ...FORM, ...example?.headers },
        body: [...(example?.body ? [example.body] : []), write(count)].join('&'),
      });
      yield { name: `${method} ${path}: ${spelling}`, ways: 1, grow };
    }
  }
}

/** Another of the same: its texts that name something carry a number. */
function renumbered(value: unknown, index: number, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => renumbered(one, index, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, renumbered(one, index, name)]));
  return typeof value === 'string' && /^(?:code|id|display|text|given|value|language|url)$/.test(key) && index > 0
    ? `${value}${index}`
    : value;
}

/** Places of the arrays in a tree. */
function* arraysIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) yield path;
  for (const [key, one] of Object.entries(value)) yield* arraysIn(one, [...path, key]);
}

function withLonger(tree: unknown, path: readonly string[], count: number): unknown {
  const copy = structuredClone(tree);
  let holder = copy as Json;
  for (const key of path.slice(0, -1)) holder = holder[key] as Json;
  const last = path.at(-1) ?? '';
  const [first] = holder[last] as unknown[];
  holder[last] = numbers(count).map((index) => renumbered(first, index));
  return copy;
}

const parametersOf = ({ examples }: Target): Json[] => {
  const body = examples.find((one) => one.body !== undefined)?.body;
  return body === undefined ? [] : ((JSON.parse(body) as { parameter?: Json[] }).parameter ?? []);
};

const postTo = (path: string, body: unknown): GrownRequest => ({
  method: 'POST',
  path,
  headers: FHIR,
  body: JSON.stringify(body),
});

/** Lists that are posted to an operation: each of its parameters, and each list within a parameter's value. */
function* operationLists(target: Target, surface: Surface): Generator<GrowingList> {
  const { path, operation, examples } = target;
  const address = examples[0]?.address ?? path;
  const base = parametersOf(target);
  for (const definition of operation?.parameter ?? []) {
    const { name, use } = definition;
    if (use !== 'in') continue;
    // One way to ask excludes another: with what the example asks with, and with the parameter alone beside what it needs.
    const others = base.filter((one) => one.name !== name);
    const bases = [others, others.filter((one) => !/^(?:code|coding|codeableConcept)$/.test(String(one.name))), []];
    const post = (own: readonly unknown[], way: number): GrownRequest =>
      postTo(address, { resourceType: 'Parameters', parameter: [...(bases[way] ?? []), ...own] });
    const sample = parameterAt(definition, 0, surface);
    yield {
      name: `POST ${path}: ${name}`,
      ways: bases.length,
      grow: (count, way = 0) =>
        post(
          numbers(count).map((index) => parameterAt(definition, index, surface)),
          way,
        ),
    };
    for (const place of arraysIn(sample)) {
      yield {
        name: `POST ${path}: ${name}.${place.join('.')}`,
        ways: bases.length,
        grow: (count, way = 0) => post([withLonger(sample, place, count)], way),
      };
    }
  }
}

/** Lists in the body of an address that takes a resource and is no operation: a batch. */
function* bodyLists({ path, examples }: Target): Generator<GrowingList> {
  for (const { address, body } of examples) {
    if (body === undefined) continue;
    const tree = JSON.parse(body) as Json;
    for (const place of arraysIn(tree))
      yield {
        name: `POST ${path}: ${place.join('.')}`,
        ways: 1,
        grow: (count) => postTo(address, withLonger(tree, place, count)),
      };
  }
}

/** Signature of an address's reading: two that read alike have the same. */
function signatureOf({ method, path, parameters, fields, operation, takesResource }: Target): string {
  const search = /^\/fhir\/([A-Z]\w+)(?:\/_search)?$/.exec(path)?.[1];
  const names = (fields ?? parameters).map(({ name }) => name).sort();
  if (search !== undefined && !takesResource) return `search ${search}`;
  return `${operation ? (operation.id ?? '') : names.join()} ${method === 'GET' ? 'GET' : 'POST'} ${String(takesResource)}`;
}

/** Every list of every operation, by operation; addresses that are read alike (aliases, instances, forms of searches) once. */
export function growingLists(surface: Surface): Map<string, GrowingList[]> {
  const groups = new Map<string, GrowingList[]>();
  const seen = new Set<string>();
  for (const target of surface.targets) {
    const signature = signatureOf(target);
    if (seen.has(signature)) continue;
    seen.add(signature);
    const lists = target.takesResource
      ? [...(target.operation ? operationLists(target, surface) : bodyLists(target))]
      : [...queryLists(target, surface)];
    if (lists.length > 0) groups.set(`${target.method} ${target.path}`, lists);
  }
  return groups;
}
