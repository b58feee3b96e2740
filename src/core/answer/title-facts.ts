import { codingKey, type Coding } from '../codes/concept.js';
import type { StatementKind } from './stated-otherwise.js';
import type { TitleWords } from './title-words.js';

export const STATEMENT_KINDS = [
  'negated',
  'ruled-out',
  'family-history',
  'history',
  'screening',
  'exposure',
] as const satisfies readonly StatementKind[];

/** Reference data for judging titles (resources/titles). */
export interface TitleFacts {
  readonly words: TitleWords;
  /** Codes whose own name makes a statement about its subject (`Family history of asthma`), by `codingKey`. */
  readonly stating: ReadonlyMap<string, StatementKind>;
}

/** The statement in a code's own name, if known without the name. */
export const statedBy = ({ stating }: TitleFacts, coding: Coding): StatementKind | undefined =>
  stating.get(codingKey(coding));
