import type { Language } from '../../model/language.js';
import { NearWords } from '../../search/near-words.js';
import { foldPlural } from '../../search/text-tokens.js';
import type { KnownWords } from '../known-words.js';

/** Shorter words are not corrected, and nothing is corrected to them: too many are one letter away. */
export const LEAST_LETTERS = 4;
/** Words that state something of the rest of a line: misspelt, they must still do so. */
const STATING: Readonly<Record<Language, string>> = {
  en: 'without never denies denied family history',
  es: 'nunca niega antecedente antecedentes familiar familiares descartar',
};

function* phrasesOf(known: KnownWords, language: Language): Generator<string> {
  yield* known.listPhrases(language);
  yield STATING[language];
}

/** The words of what is known of one language: what a misspelt word of a line may have been. */
export class WordStock {
  readonly #counts = new Map<string, number>();
  readonly #terms = new Set<string>();
  readonly #near = new NearWords();

  constructor(known: KnownWords, language: Language) {
    for (const phrase of phrasesOf(known, language)) {
      for (const word of phrase.split(' ')) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
    }
    for (const word of this.#counts.keys()) {
      this.#terms.add(foldPlural(word));
      if (word.length >= LEAST_LETTERS && /^[a-z]+$/.test(word)) this.#near.add(word);
    }
  }

  /** Number of phrases with exactly this word. */
  count(word: string): number {
    return this.#counts.get(word) ?? 0;
  }

  /** Whether it has the word in either number. */
  has(word: string): boolean {
    return this.#counts.has(word) || this.#terms.has(foldPlural(word));
  }

  listNear(word: string): string[] {
    return this.#near.listNear(word);
  }
}
