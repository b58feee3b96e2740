import type { Language } from '../model/language.js';
import type { Library } from '../model/library.js';
import { findJudged } from './find-known.js';
import { isAmbiguous, type KnownWord, type WordMeaning } from './known-word.js';
import type { KnownWords } from './known-words.js';
import { isPoured, withoutDose } from './product-line.js';
import type { OfferedReading, Understanding } from './understanding.js';

function offer(
  meanings: readonly WordMeaning[],
  language: Language,
  library: Library,
  lineWith: (means: string) => string = (means) => means,
): OfferedReading[] {
  return meanings.map(({ means, language: ofMeaning, articles }) => ({
    means,
    language: ofMeaning,
    query: lineWith(means),
    articles: findJudged(articles, means, language, library),
  }));
}

const TAKEN = /\b(?:daily|qd|bid|tid|qid|qhs|qam|qpm|weekly)\b/i;

/**
 * An abbreviation of several meanings with a dose: that makes a drug of it, and tells no drug from another; or one of a fluid, `LR 1 L`, or of
 * what is used every day, `BCP daily`.
 */
export function findDosed(line: string, language: Language, known: KnownWords): KnownWord | undefined {
  const undosed = withoutDose(line);
  const word = undosed === undefined ? undefined : known.findAbbreviation(undosed, language);
  return word && (isAmbiguous(word) || isPoured(line) || TAKEN.test(line)) ? word : undefined;
}

/** An abbreviation with each of its meanings, none of them selected. @param lineWith the line with a meaning in its place */
export function readAbbreviation(
  abbreviation: string,
  { meanings, isErrorProne }: Pick<KnownWord, 'meanings' | 'isErrorProne'>,
  language: Language,
  library: Library,
  lineWith?: (means: string) => string,
): Understanding {
  const readings = offer(meanings, language, library, lineWith);
  return { kind: 'abbreviation', hits: [], abbreviation, isErrorProne, readings };
}
