import type { CodeSystemId } from './code-systems.js';
import type { Coding, Concept } from './concept.js';
import type { Library } from './library.js';
import { normalizeCode } from './normalize-code.js';

/** In these a longer code is below the shorter one that it begins with. */
export const BY_TRUNCATION: ReadonlySet<CodeSystemId> = new Set(['icd-10-cm', 'icd-10', 'icd-9-cm']);

/** Whether whatever begins with a code is below it: chapters and blocks are no codes, and nothing begins with them. */
export const isBeginning = ({ system, code }: Coding): boolean =>
  BY_TRUNCATION.has(system) && normalizeCode(system, code) === code;

/** A code cut by one character and the dot before it, down to its category; undefined in systems that are not cut, and for a category. */
export function cutShort({ system, code }: Coding): string | undefined {
  if (!BY_TRUNCATION.has(system)) return undefined;
  const category = system === 'icd-9-cm' && code.startsWith('E') ? 4 : 3;
  return code.length <= category ? undefined : code.slice(0, -1).replace(/\.$/, '');
}

/** The next code up where the code itself tells: one character less, down to the category; the X of W19.XXXA only fill a place. */
export function truncate({ system, code }: Coding): string | undefined {
  if (!isBeginning({ system, code })) return undefined;
  const above = cutShort({ system, code });
  return above === undefined ? undefined : (normalizeCode(system, above) ?? above);
}

/** A code and what it may be cut to, the nearest first. */
export function withTruncations({ system, code }: Coding): Coding[] {
  const above = truncate({ system, code });
  return [{ system, code }, ...(above === undefined ? [] : withTruncations({ system, code: above }))];
}

/** No system is so deep: a hierarchy that goes on has a fault. */
const MOST_LEVELS = 100;

/** A code above another, with what the library says of it. */
export interface Ancestor extends Coding {
  readonly concept: Concept | undefined;
}

/**
 * The codes above a code, the nearest first: as the library states them, and where it does not, as the letters of the code
 * itself tell. A code and what it is cut to are asked for at once.
 */
export function findAncestors({ system, code }: Coding, library: Pick<Library, 'findConcepts'>): Ancestor[] {
  /** What was asked for: undefined where the library does not describe it. */
  const known = new Map<string, Concept | undefined>();
  const read = (at: string): void => {
    const codings = withTruncations({ system, code: at });
    for (const coding of codings) known.set(coding.code, undefined);
    for (const concept of library.findConcepts(codings)) known.set(concept.code, concept);
  };
  read(code);
  // A set keeps its order, and ends a hierarchy that goes round in a circle.
  const chain = new Set([code]);
  for (const at of chain) {
    const above = known.get(at)?.parent ?? truncate({ system, code: at });
    if (above === undefined || chain.size > MOST_LEVELS) break;
    if (!known.has(above)) read(above);
    chain.add(above);
  }
  chain.delete(code);
  return [...chain].map((above) => ({ system, code: above, concept: known.get(above) }));
}
