import type { Random } from './random.js';
import { boundaryText } from './values.js';

type Container = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** A place in a tree: what holds it, and under which key. */
interface Place {
  readonly holder: Container;
  readonly key: string;
}

function placesIn(value: unknown, into: Place[] = []): Place[] {
  if (!isContainer(value)) return into;
  for (const key of Object.keys(value)) {
    into.push({ holder: value, key });
    placesIn((value as Record<string, unknown>)[key], into);
  }
  return into;
}

const nested = (depth: number): unknown => {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { extension: value };
  return value;
};

const REPLACEMENTS: readonly ((random: Random, old: unknown) => unknown)[] = [
  () => null,
  () => [],
  () => ({}),
  () => '',
  () => true,
  () => -1,
  () => 1e308,
  () => [[]],
  () => [null],
  () => ({ resourceType: 'Patient' }),
  () => JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{}}}') as unknown,
  (random) => nested(random.pick([5, 98, 101, 300])),
  (random) => boundaryText(random),
  (_random, old) => [old],
  (_random, old) => [old, old],
  (_random, old) => (Array.isArray(old) ? (old as unknown[])[0] : String(old)),
];

/** Changes a tree at some places: other types, nothing, the same twice, under another name. */
export function mutateTree(random: Random, tree: Record<string, unknown>): void {
  for (let count = random.length(4); count > 0; count -= 1) {
    const places = placesIn(tree);
    if (places.length === 0) return;
    const { holder, key } = random.pick(places);
    const held = holder as Record<string, unknown>;
    const old = held[key];
    const kind = random.below(10);
    if (kind === 1 && Array.isArray(holder)) holder.push(old);
    else if (kind === 0) Reflect.deleteProperty(held, key);
    else if (kind === 1) held[random.pick([`_${key}`, `${key}x`, boundaryText(random), 'extension'])] = old;
    else held[key] = random.pick(REPLACEMENTS)(random, old);
  }
}

/** Changes bytes: cut short, one flipped, a piece twice, something put in between. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  if (bytes.length === 0) return Buffer.from([random.below(256)]);
  const at = random.below(bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (random.below(4)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, Buffer.from([random.below(256)]), after.subarray(1)]);
    case 2:
      return Buffer.concat([before, after, after]);
    default:
      return Buffer.concat([
        before,
        Buffer.from(random.pick(['\0', '<!DOCTYPE x [<!ENTITY e "y">]>', '{"a":', '\uFEFF', '&e;', ']']), 'utf8'),
        after,
      ]);
  }
}
