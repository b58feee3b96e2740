import type { DrugLine } from '../drugs/drug-line.js';
import type { SearchHit } from '../search/search-hit.js';
import { LANGUAGES } from '../model/language.js';
import { foldText } from '../search/text-tokens.js';
import type { Vocabulary } from './vocabulary.js';

/** What a title is worth that is one everyday word and nothing else: another name may be a brand, slang, or an abbreviation. */
export const LEAST_OF_A_WHOLE_NAME = 0.93;

/** Whether a line is one everyday word: only a title that is this word is meant by it. */
export const isOneEverydayWord = (words: readonly string[], { plainWords }: Vocabulary): boolean =>
  words.length === 1 && LANGUAGES.some((language) => plainWords[language].has(words[0] ?? ''));

/** Whether a line has a drug only where an everyday word is misspelt: `ringing in ears after concert`. */
export function isCorrectedEverydayWord(drug: DrugLine, plainWords: Vocabulary['plainWords']): boolean {
  const { corrected, strengths, doses } = drug;
  if (!corrected || strengths.length + doses.length > 0) return false;
  return LANGUAGES.some((language) => plainWords[language].has(foldText(corrected.from)));
}

/** Whether a hit is a site's own handout, which bears whatever name the site gave it. */
export const isOwn = (hit: SearchHit): boolean => hit.kind === 'article' && hit.article.kind === 'local';
