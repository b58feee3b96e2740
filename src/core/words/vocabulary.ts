import type { DrugFacts } from '../drugs/drug-facts.js';
import { NO_DRUG_FACTS } from '../drugs/drug-facts.js';
import type { ListHeadings } from '../list/list-lines.js';
import type { Language } from '../model/language.js';
import type { WordSet } from '../sorted-lines.js';
import type { KnownWords } from './known-words.js';
import { NO_KNOWN_WORDS } from './known-words.js';
import { NO_LAB_RESULTS, type LabResults } from './reading/lab-results.js';
import { LoincNames } from '../titles/reading/loinc-names.js';
import { WordStock } from './spelling/word-stock.js';

/** Knowledge of words beside the library: read once. */
export interface Vocabulary {
  readonly known: KnownWords;
  readonly drugs: DrugFacts;
  /** Words that a misspelt one may have been. */
  readonly stocks: Readonly<Record<Language, WordStock>>;
  /** Everyday words of each language that are near another word but no misspelling of it, folded. */
  readonly plainWords: Readonly<Record<Language, WordSet>>;
  /** Analytes, and the pages of their results. */
  readonly labResults: LabResults;
  /** Names of LOINC's codes that have rows. */
  readonly loincNames: LoincNames;
  /** Titles behind which another article is first, as people judged: language, a blank, and the folded title. */
  readonly judgedTitles: ReadonlySet<string>;
  /** Headings of lists. */
  readonly headings: ListHeadings;
}

/** Knows neither words nor drugs. */
export const NO_VOCABULARY: Vocabulary = {
  known: NO_KNOWN_WORDS,
  drugs: NO_DRUG_FACTS,
  stocks: { en: new WordStock(NO_KNOWN_WORDS, 'en'), es: new WordStock(NO_KNOWN_WORDS, 'es') },
  plainWords: { en: new Set(), es: new Set() },
  labResults: NO_LAB_RESULTS,
  loincNames: new LoincNames([]),
  judgedTitles: new Set(),
  headings: new Map(),
};
