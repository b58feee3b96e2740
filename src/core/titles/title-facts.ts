import { codingKey, type Coding } from '../codes/concept.js';
import type { IcdNames } from './find-named-code.js';
import type { StatementKind } from './statements/around-illness.js';
import type { Marks } from './title-marks.js';
import type { TitleWords } from './title-words.js';

/** Reference data for judging titles (resources/titles). */
export interface TitleFacts {
  readonly words: TitleWords;
  /** Names of ICD's codes. */
  readonly codeNames: IcdNames;
  /** Articles of an everyday word or an abbreviation, folded. */
  readonly everyday: (text: string) => readonly string[];
  /** Codes whose own name makes a statement about its subject (`Family history of asthma`), by `codingKey`. */
  readonly stating: ReadonlyMap<string, StatementKind>;
  /**
   * Of codes whose articles depend on a number, letter or type in their names: the values that lead to the same articles,
   * by `codingKey`. A code without an entry of its own has its nearest ancestor's.
   */
  readonly marks: ReadonlyMap<string, Marks>;
}

/** The statement in a code's own name, if known without the name. */
export const statedBy = ({ stating }: TitleFacts, coding: Coding): StatementKind | undefined =>
  stating.get(codingKey(coding));

/** The marks that lead to a code's articles, from the first of the codings that has an entry. */
export const marksOf = ({ marks }: TitleFacts, codings: readonly Coding[]): Marks | undefined =>
  codings.map((coding) => marks.get(codingKey(coding))).find((found) => found !== undefined);
