import { codingKey, type Coding } from '../codes/concept.js';
import { RELATIONSHIP_ORDER, type Relationship } from './knowledge-response.js';

/** A target code returned by the terminology server. */
export interface TerminologyTarget extends Coding {
  /** The target's relationship to the requested code. */
  readonly relationship: Relationship;
}

/** Maximum targets used per code. */
const MOST_TARGETS = 20;

/** The targets to use: each once, the closest first. */
export function closestTargets(targets: readonly TerminologyTarget[]): TerminologyTarget[] {
  const distinct = new Map(targets.map((one) => [`${codingKey(one)} ${one.relationship}`, one]));
  const compareCloseness = (a: TerminologyTarget, b: TerminologyTarget): number =>
    RELATIONSHIP_ORDER[a.relationship] - RELATIONSHIP_ORDER[b.relationship];
  return [...distinct.values()].sort(compareCloseness).slice(0, MOST_TARGETS);
}

/** The terminology server's response for a code; both empty if it knows nothing. */
export interface TerminologyAnswer {
  /** Codes of the wanted systems, normalised. */
  readonly targets: readonly TerminologyTarget[];
  /** The code's title, if a name was requested. */
  readonly display: string | undefined;
  /** False if it did not respond in time with all it may know. */
  readonly isWhole: boolean;
}

/** A code that the library cannot answer. */
export interface TerminologyQuestion {
  readonly coding: Coding;
  /** Code systems in which a translation helps. */
  readonly targetSystems: readonly Coding['system'][];
  /** Whether the code's title helps too: a drug is matched by its name. */
  readonly wantsDisplay: boolean;
}

/** Port to a terminology server. Implementations respect the deadline of an answer and never reject. */
export interface TerminologySource {
  /** One response per question, in the same order. */
  ask(questions: readonly TerminologyQuestion[]): Promise<TerminologyAnswer[]>;
}
