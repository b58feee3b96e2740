import type { Statement } from '../titles/statements/stated-otherwise.js';
import type { Language } from '../model/language.js';
import type { ArticleHit, SearchHit } from '../search/search-hit.js';

/** One meaning of an abbreviation: a person chooses among them. */
export interface OfferedReading {
  readonly means: string;
  /** Language of `means`. */
  readonly language: Language;
  /** The line with the meaning in the abbreviation's place: what to search for where this one is meant. */
  readonly query: string;
  /** Articles that explain the meaning, the best first; none of them is selected. */
  readonly articles: readonly ArticleHit[];
}

/**
 * Understanding of a line, and its results. `code`, `words`: hits, the best first. `abbreviation`: no hits but readings, since the line has
 * several meanings or one that must not be guessed, or names a drug whose pages are each for a route that it does not tell. `drug`: the
 * pages of that drug, route and combination; without hits no page is there, and words are not searched for. `held`: no hits, since the line
 * denies, rules out, or tells a relative's or a former condition.
 */
export type Understanding =
  | { readonly kind: 'code'; readonly hits: readonly SearchHit[] }
  /** `isBySubject`: by parts of the line, without the words around them; one line may be about several things. */
  | { readonly kind: 'words'; readonly hits: readonly SearchHit[]; readonly isBySubject?: boolean }
  | {
      readonly kind: 'abbreviation';
      readonly hits: readonly [];
      /** As it was typed. */
      readonly abbreviation: string;
      readonly isErrorProne: boolean;
      /** Kind of the readings where they are no meanings of an abbreviation: the pages of one drug by route or strength, or those of several drugs. */
      readonly of?: 'routes' | 'strengths' | 'drugs';
      readonly readings: readonly OfferedReading[];
    }
  /**
   * `isInOtherForm`: there is a page for the drug, but not for the form that the line states. `isOfEachPart`: the drug is a combination
   * without a page of its own, and the hits are the pages of all its ingredients. `drug`: the known names of a drug without a page.
   */
  | {
      readonly kind: 'drug';
      readonly hits: readonly SearchHit[];
      readonly isInOtherForm?: boolean;
      readonly isOfEachPart?: boolean;
      readonly drug?: { readonly name: string; readonly ingredients: readonly string[] };
    }
  /** `readings`: the family history that the line states, with its pages. */
  | {
      readonly kind: 'held';
      readonly hits: readonly [];
      readonly statement: Statement;
      readonly readings?: readonly OfferedReading[];
    };

/** The readings among which a person chooses; undefined where none are offered. */
export const listReadings = (understood: Understanding): readonly OfferedReading[] | undefined =>
  understood.kind === 'abbreviation' || understood.kind === 'held' ? understood.readings : undefined;
