import type { Language } from '../model/language.js';

/** One row of what people type: an abbreviation, or lay words, with one meaning. */
export interface KnownWordRow {
  readonly text: string;
  /** Language of the text and of what it means. */
  readonly language: Language;
  readonly means: string;
  /** Ids of the articles judged right for the meaning, the best first; none where no article explains it. */
  readonly articles: readonly string[];
  /** On ISMP's or the Joint Commission's list of error-prone abbreviations: a single meaning selects nothing either. */
  readonly isErrorProne: boolean;
  /** Written like an everyday word (`all`, `mi`, `tea`): it counts only where it is the whole line. */
  readonly isWord: boolean;
  readonly isAbbreviation: boolean;
}

/** One meaning of what was typed. */
export interface WordMeaning {
  readonly means: string;
  readonly language: Language;
  readonly articles: readonly string[];
}

/** Known meanings of a text as people type it. */
export interface KnownWord {
  readonly text: string;
  /** The frequent meaning first. */
  readonly meanings: readonly WordMeaning[];
  readonly isErrorProne: boolean;
  readonly isWord: boolean;
  readonly isAbbreviation: boolean;
}

/** Whether a text has several meanings, or one that must not be guessed. */
export const isAmbiguous = ({ meanings, isErrorProne }: KnownWord): boolean => isErrorProne || meanings.length > 1;

/** Adds a row to what is known by the same key; undefined: nothing so far. */
export function addMeaning(known: KnownWord | undefined, row: KnownWordRow): KnownWord {
  const { text, means, language, articles, isErrorProne, isWord, isAbbreviation } = row;
  // Two ways to write the same words may share a key.
  if (known?.meanings.some((meaning) => meaning.means === means)) return known;
  return {
    text: known?.text ?? text,
    meanings: [...(known?.meanings ?? []), { means, language, articles }],
    isErrorProne: isErrorProne || (known?.isErrorProne ?? false),
    isWord: isWord || (known?.isWord ?? false),
    isAbbreviation,
  };
}
