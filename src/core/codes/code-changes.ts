import { BY_TRUNCATION } from './code-hierarchy.js';
import type { CodeSystemId } from './code-systems.js';
import { codingKey, readCodingKey, type Coding, type Concept } from './concept.js';
import { isInEditions, listInForce } from './editions.js';

/** The facts of a code that tell whether it is new or withdrawn. */
export type CodeFacts = Coding & Partial<Pick<Concept, 'billable' | 'active'>>;

/** The codes of a release, in systems in which a code inherits the rows of a shorter one. */
export class CodeSet {
  readonly all = new Set<string>();
  /** Without headers and retired codes. */
  readonly inForce = new Set<string>();

  add({ system, code, billable, active }: CodeFacts): void {
    if (!BY_TRUNCATION.has(system)) return;
    const key = codingKey({ system, code });
    this.all.add(key);
    if (billable !== false && active !== false) this.inForce.add(key);
  }
}

/** New and withdrawn codes of a release, in the order of their codes. */
export interface CodeChanges {
  readonly added: readonly Coding[];
  /** Codes that are gone; where a release is compared with an earlier one, also those that became headers. */
  readonly withdrawn: readonly Coding[];
}

export const NO_CODE_CHANGES: CodeChanges = { added: [], withdrawn: [] };

const toCodings = (keys: Iterable<string>): Coding[] => [...keys].sort().map(readCodingKey);

/** Compares a release with the editions for which the rows were judged. An older release has no codes beyond these, and withdraws none. */
function compareWithEditions(after: CodeSet, systems: readonly CodeSystemId[]): CodeChanges {
  const added = toCodings(after.all).filter(({ system, code }) => !isInEditions(system, code));
  const newer = systems.filter((system) => added.some((coding) => coding.system === system));
  const known = newer.flatMap((system) => listInForce(system).map((code) => codingKey({ system, code })));
  return { added, withdrawn: toCodings(known.filter((key) => !after.all.has(key))) };
}

/**
 * Finds the new and withdrawn codes of a release.
 * @param before undefined: no release came before it; the editions for which the rows were judged take its place
 * @param complete the systems of which the release has every code; others are left out
 */
export function compareCodes(
  before: CodeSet | undefined,
  after: CodeSet,
  complete: readonly CodeSystemId[],
): CodeChanges {
  const isComplete = ({ system }: Coding): boolean => complete.includes(system);
  const changes = before
    ? {
        added: toCodings([...after.all].filter((key) => !before.all.has(key))),
        withdrawn: toCodings([...before.inForce].filter((key) => !after.inForce.has(key))),
      }
    : compareWithEditions(after, complete);
  return { added: changes.added.filter(isComplete), withdrawn: changes.withdrawn.filter(isComplete) };
}
