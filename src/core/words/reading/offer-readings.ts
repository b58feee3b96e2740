import type { Language } from '../../model/language.js';
import type { Library } from '../../model/library.js';
import { findJudged } from '../find-known.js';
import type { KnownWord, WordMeaning } from '../known-word.js';
import type { OfferedReading, Understanding } from '../understanding.js';

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

/** Offers the meanings of an abbreviation within a line: a person chooses. */
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
