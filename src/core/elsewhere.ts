import type { Coding } from './concept.js';
import { codingKey } from './concept.js';
import type { Relationship } from './knowledge-response.js';
import { RELATIONSHIP_ORDER } from './knowledge-response.js';

/** A code that another terminology server gives for the one asked. */
export interface ElsewhereTarget extends Coding {
  /** What the target is to the code that was asked. */
  readonly relationship: Relationship;
}

/** Targets of one code that are looked at. */
const MOST_TARGETS = 20;

/** The targets that are looked at: each once, the closest first. */
export function closestTargets(targets: readonly ElsewhereTarget[]): ElsewhereTarget[] {
  const distinct = new Map(targets.map((one) => [`${codingKey(one)} ${one.relationship}`, one]));
  const byCloseness = (a: ElsewhereTarget, b: ElsewhereTarget): number =>
    RELATIONSHIP_ORDER[a.relationship] - RELATIONSHIP_ORDER[b.relationship];
  return [...distinct.values()].sort(byCloseness).slice(0, MOST_TARGETS);
}

/** What another terminology server says of a code; both empty where it says nothing. */
export interface ElsewhereWord {
  /** Codes of the wanted systems, normalised. */
  readonly targets: readonly ElsewhereTarget[];
  /** The code's title, where a name was wanted. */
  readonly display: string | undefined;
  /** False where it did not answer in time whether it knows more. */
  readonly isWhole: boolean;
}

/** A code that the library cannot answer. */
export interface ElsewhereQuestion {
  readonly coding: Coding;
  /** Systems that a translation helps in. */
  readonly targetSystems: readonly Coding['system'][];
  /** Whether the code's title helps too: a drug is found by its name. */
  readonly wantsDisplay: boolean;
}

/** Asks another terminology server. Implementations wait no longer than an answer may, and never reject. */
export interface Elsewhere {
  /** What it says of each code, in their order. */
  ask(questions: readonly ElsewhereQuestion[]): Promise<ElsewhereWord[]>;
}
