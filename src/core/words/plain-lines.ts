import type { DrugLine } from '../drugs/drug-line.js';
import type { SearchHit } from '../search/search-hit.js';
import { listNames } from '../model/article.js';
import { LANGUAGES, type Language } from '../model/language.js';
import { foldText } from '../search/text-tokens.js';
import { parseQuery } from '../search/text-query.js';
import type { Vocabulary } from './vocabulary.js';
import { isPerson, withoutAsking } from './word-weights.js';

/** Score of a title that is one everyday word and nothing else: another name may be a brand, slang, or an abbreviation. */
const LEAST_OF_A_WHOLE_NAME = 0.93;

/** Whether a word is an everyday one: only the rest of a line may tell that another is meant. */
export const isPlainWord = (word: string, { plainWords }: Pick<Vocabulary, 'plainWords'>): boolean =>
  LANGUAGES.some((language) => plainWords[language].has(word));

/** Whether a line is one everyday word, perhaps more than once or in a question: only a title that is this word is meant by it. */
export function isOneEverydayWord(words: readonly string[], vocabulary: Vocabulary): boolean {
  const [word, ...others] = new Set(words.length === 1 ? words : withoutAsking(words));
  return word !== undefined && others.length === 0 && isPlainWord(word, vocabulary);
}

/** Whether a hit is a site's own handout, which bears whatever name the site gave it. */
const isOwn = (hit: SearchHit): boolean => hit.kind === 'article' && hit.article.kind === 'local';

/** Whether a hit has a name that is one word of a line, as a person writes it: `grip` is no `gripe`, which has the same term. */
function isNamedAsTyped(words: readonly string[], hit: SearchHit): boolean {
  const isSame = (name: string): boolean =>
    words.some((word) => name === word || name === `${word}s` || word === `${name}s`);
  return hit.kind === 'article' && listNames(hit.article).some((name) => isSame(foldText(name)));
}

/** Below this what a line of everyday words alone finds has some of them by chance: `good morning` is no good posture. */
const LEAST_OF_EVERYDAY_WORDS = 0.5;
/** A medicine without its name. Below this a page has a part of such a line alone: who crushes a pill has no crush injury. */
const OF_A_MEDICINE = /^(?:pill|tablet|capsule|pastilla|tableta|capsula|supositorio|suppository|suppositorie)s?$/;
const LEAST_OF_A_PART = 0.6;

/** Returns which hits a line may mean as far as its words are everyday ones; a site's own are always among them. */
export function createPlainTest(
  words: readonly string[],
  language: Language,
  vocabulary: Vocabulary,
): (hit: SearchHit) => boolean {
  if (isOneEverydayWord(words, vocabulary))
    return (hit) => isOwn(hit) || (hit.score >= LEAST_OF_A_WHOLE_NAME && isNamedAsTyped(words, hit));
  const isAround = (word: string): boolean =>
    isPlainWord(word, vocabulary) || vocabulary.known.isContext(word, language);
  const core = withoutAsking(words).filter((word) => !isPerson(word));
  // One word of a person is no part of a name: `daughter depressed` is no depressed fracture.
  const isOfPerson = core.length === 1 && words.some(isPerson);
  const leastOfPart = isOfPerson || words.some((word) => OF_A_MEDICINE.test(word)) ? LEAST_OF_A_PART : 0;
  const least = words.every(isAround) ? Math.max(leastOfPart, LEAST_OF_EVERYDAY_WORDS) : leastOfPart;
  // Its title may be, and a page for that person: `fever child`, `bañar al recién nacido`.
  const isForPerson = (hit: SearchHit): boolean =>
    isOfPerson &&
    hit.kind === 'article' &&
    (hit.matched === 'title' || parseQuery(hit.text.title).some(({ word }) => isPerson(word)));
  return (hit) => isOwn(hit) || hit.score >= least || isForPerson(hit);
}

const SHORT_WORD = 3;

/** Whether a line has a drug only where an everyday word is misspelt, or begins its name: `ringing in ears after concert`, `lose 20`. */
export function isCorrectedEverydayWord(
  drug: DrugLine,
  plainWords: Vocabulary['plainWords'],
  language: Language,
): boolean {
  const { corrected, cut, readings, strengths, doses } = drug;
  // Drugs that are only offered may begin with a short word: `met 500`.
  const isOffered = cut?.length === SHORT_WORD && readings.length > 0;
  if (cut !== undefined && !isOffered && plainWords[language].has(foldText(cut))) return true;
  if (!corrected || strengths.length + doses.length > 0) return false;
  return isPlainWord(foldText(corrected.from), { plainWords });
}
