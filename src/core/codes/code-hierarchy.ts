import type { CodeSystemId } from './code-systems.js';
import type { Coding, Concept } from './concept.js';
import type { Library } from '../model/library.js';
import { normalizeCode } from './normalize-code.js';

/** Systems in which a longer code is below the shorter one that it begins with. */
export const BY_TRUNCATION: ReadonlySet<CodeSystemId> = new Set(['icd-10-cm', 'icd-10', 'icd-9-cm']);

/**
 * Whether every code that begins with this one is below it. Chapters and blocks are not codes, and no code begins with
 * them.
 */
export const isBeginning = ({ system, code }: Coding): boolean =>
  BY_TRUNCATION.has(system) && normalizeCode(system, code) === code;

/**
 * A code without its last character and the dot before it, down to the category; undefined for a category and in
 * systems without truncation.
 */
export function cutShort({ system, code }: Coding): string | undefined {
  if (!BY_TRUNCATION.has(system)) return undefined;
  const category = system === 'icd-9-cm' && code.startsWith('E') ? 4 : 3;
  return code.length <= category ? undefined : code.slice(0, -1).replace(/\.$/, '');
}

/** The next code up by truncation, down to the category, skipping placeholder X characters (W19.XXXA). */
export function truncate({ system, code }: Coding): string | undefined {
  if (!isBeginning({ system, code })) return undefined;
  const above = cutShort({ system, code });
  return above === undefined ? undefined : (normalizeCode(system, above) ?? above);
}

/** A code and its truncations, the nearest first. */
export function listTruncations({ system, code }: Coding): Coding[] {
  const above = truncate({ system, code });
  return [{ system, code }, ...(above === undefined ? [] : listTruncations({ system, code: above }))];
}

/** Deeper than any hierarchy: a longer chain is a fault in the data. */
const MOST_LEVELS = 100;

/** A code above another, as the library describes it. */
export interface Ancestor extends Coding {
  readonly concept: Concept | undefined;
}

/**
 * The codes above a code, the nearest first: as the library states them, else by truncation. A code and its truncations
 * are fetched at once.
 */
export function findAncestors({ system, code }: Coding, library: Pick<Library, 'findConcepts'>): Ancestor[] {
  /** Fetched concepts; undefined if the library does not describe the code. */
  const known = new Map<string, Concept | undefined>();
  const read = (at: string): void => {
    const codings = listTruncations({ system, code: at });
    for (const coding of codings) known.set(coding.code, undefined);
    for (const concept of library.findConcepts(codings)) known.set(concept.code, concept);
  };
  read(code);
  // A Set keeps insertion order and ends a cycle.
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

const CATEGORY_CHARS = 3;
/** External causes: the two editions number them differently. */
const NUMBERED_APART = /^[V-Y]/;

/**
 * The category of ICD-10-CM that a code of WHO's ICD-10 belongs to: the two have their categories in common, and their longer codes not.
 * Undefined in other systems and for external causes.
 */
export function findModifiedCategory({ system, code }: Coding): Coding | undefined {
  if (system !== 'icd-10' || NUMBERED_APART.test(code)) return undefined;
  return { system: 'icd-10-cm', code: code.slice(0, CATEGORY_CHARS) };
}
