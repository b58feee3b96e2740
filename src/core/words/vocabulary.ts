import { DrugNames } from '../drugs/drug-names.js';
import type { ListHeadings } from '../list/list-lines.js';
import type { Language } from '../model/language.js';
import type { KnownWords } from './known-words.js';
import { NO_KNOWN_WORDS } from './known-words.js';
import { StrengthRoutes } from './strength-routes.js';
import { WordStock } from './word-stock.js';

/** What is known of words beside the library: read once. */
export interface Vocabulary {
  /** Reads what is not read yet, giving way to other requests; undefined: it is all there. */
  readonly ready?: (() => Promise<void>) | undefined;
  readonly known: KnownWords;
  readonly drugNames: DrugNames;
  /** Words that a misspelt one may have been. */
  readonly stocks: Readonly<Record<Language, WordStock>>;
  /** Everyday words of each language that are near another word but no misspelling of it, folded. */
  readonly plainWords: Readonly<Record<Language, ReadonlySet<string>>>;
  readonly strengthRoutes: StrengthRoutes;
  /** Headings of lists. */
  readonly headings: ListHeadings;
}

const NO_STRENGTH_ROUTES = new StrengthRoutes([]);

/** Knows neither words nor drugs. */
export const NO_VOCABULARY: Vocabulary = {
  known: NO_KNOWN_WORDS,
  drugNames: new DrugNames([]),
  stocks: { en: new WordStock(), es: new WordStock() },
  plainWords: { en: new Set(), es: new Set() },
  strengthRoutes: NO_STRENGTH_ROUTES,
  headings: new Map(),
};
