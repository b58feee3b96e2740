import type { Library } from '../model/library.js';
import type { SearchHit, SearchRequest } from '../search/search-hit.js';
import { withoutOtherSubjects } from '../search/further-hits.js';
import { parseQuery } from '../search/text-query.js';
import { withoutRepeats } from '../search/text-rank.js';
import { findAsWritten, findByText } from '../search/text-search.js';
import { findMeaning } from './find-known.js';
import { findEachPart, hasTelling } from './find-each-part.js';
import { findSubject } from './find-subject.js';
import type { KnownWords } from './known-words.js';
import { isAmbiguous, type KnownWord } from './known-word.js';
import { isOfPages, isPerson, isQualifier, isTelling } from './word-weights.js';

/** From this score on, what a line's words find is not looked for by its subject. */
export const LEAST_CERTAIN_SCORE = 0.5;
/** Lowest scores of a subject's page: a name that holds all its words; of one word, a name that is it. */
const LEAST_OF_WORDS = 0.6;
const LEAST_OF_ONE_WORD = 0.9;
/** Words of a text of which one may be passed over. */
const LEAST_OF_ALL_BUT_ONE = 3;
/** Words of the longest text that is read as two names: each place between them costs a search. */
const MOST_OF_TWO_NAMES = 4;
/** Unknown words beside a name of several. */
const MOST_UNKNOWN = 2;
/** A line that tells of more than this many things is about none of them. */
const MOST_TELLING = 3;
/** Words for who expects a child. */
const EXPECTING = /^(?:pregnan(?:t|cy)|embaraz(?:ada|o))$/i;
/** Letters of the shortest word that is about something alone where nothing else of a line is: `bactrim sun`, `blepharitis lid scrubs`. */
const LEAST_OF_A_RARE_WORD = 7;
/** The same of a drug's name: `zoloft brain zaps`. */
const LEAST_OF_A_DRUG = 6;
/** Words of products made of a living thing, which is not what they are for: `wasp venom protein`. */
const OF_A_PRODUCT = /\b(?:antigens?|extract|globulin|preparation|protein)\b/i;
/** Pages of each of them. */
const MOST_OF_TELLING = 3;

/** Search for a text that is a name. */
type FindNamed = (text: string, least?: number) => readonly SearchHit[];

export const isDrugPage = (hit: SearchHit | undefined): boolean =>
  hit?.kind === 'article' && hit.article.kind === 'drug';

/** Whether a page's title tells no more than that of the first page, but which page on it it is: behind breastfeeding, found by nursing, is no home. */
function isMoreOn(first: SearchHit | undefined, hit: SearchHit): boolean {
  if (hit.kind === 'concept' || first?.kind !== 'article') return hit.kind === 'concept';
  const own = new Set(parseQuery(first.text.title).map(({ term }) => term));
  const isAround = ({ word, term }: { readonly word: string; readonly term: string }): boolean =>
    own.has(term) || isOfPages(term) || isQualifier(word) || isPerson(word);
  const words = parseQuery(hit.text.title);
  return words.some(({ term }) => own.has(term)) && words.every(isAround);
}

/** Result of the first of several texts that finds something: each costs a search. */
function findFirst(texts: readonly string[], find: (text: string) => readonly SearchHit[]) {
  for (const text of texts) {
    const found = find(text);
    if (found.length > 0) return found;
  }
  return undefined;
}

/** Results of a text of a few words that is two names: one stands before a place, the other behind it. */
function findEachOfTwo(words: readonly string[], findNamed: FindNamed): readonly SearchHit[] | undefined {
  if (words.length > MOST_OF_TWO_NAMES) return undefined;
  for (let place = 1; place < words.length; place += 1) {
    const first = findNamed(words.slice(0, place).join(' '), LEAST_OF_ONE_WORD);
    const second = first.length === 0 ? [] : findNamed(words.slice(place).join(' '), LEAST_OF_ONE_WORD);
    // Of two drugs neither page is the line's.
    if (isDrugPage(first[0]) && isDrugPage(second[0])) return undefined;
    if (second.length > 0) return withoutRepeats([...first.slice(0, 1), ...second]);
  }
  return undefined;
}

/** Results of a text of three words or more without its first or its last one. */
function findWithoutOne(words: readonly string[], findNamed: FindNamed): readonly SearchHit[] | undefined {
  if (words.length < LEAST_OF_ALL_BUT_ONE) return undefined;
  const parts = [words.slice(0, -1), words.slice(1)].map((part) => part.join(' '));
  return findFirst(parts, (part) => findNamed(part, LEAST_OF_ONE_WORD));
}

/** Places in which a subject is looked up. */
interface Places {
  readonly library: Library;
  readonly known: KnownWords;
  /** The pages of the drug that a text is. */
  readonly findDrug: (text: string) => readonly SearchHit[];
}

/** Words of a line beside its subject, without those that it denies: `blood in my urine no pain`. */
const withoutDenied = (rest: string): string => rest.replace(/(?:^| )no \S+/g, '').trim();

/** Kinds of articles that a phrase of a line names: a drug is read as one, and a rare condition's name is a whole line. */
const NAMED_KINDS = /^(?:topic|ency|encypi|test|local)-/;

/** Returns what finds the articles that have a text as one of their names, word for word, topics first. */
function namedIn(library: Library): (text: string) => readonly string[] {
  const words = library.status().titleFacts?.words;
  const isNamed = (id: string): boolean => NAMED_KINDS.test(id);
  const order = (id: string): number => (id.startsWith('topic-') ? 0 : 1);
  return (text) => (words?.named(text) ?? []).filter(isNamed).sort((a, b) => order(a) - order(b));
}

/** Results of the words of a line that tell its subject by themselves: `cherry juice for gout`. */
function findOfTelling(
  line: string,
  request: SearchRequest & { readonly best: number },
  { library, known, findDrug }: Places,
  findNamed: FindNamed,
) {
  const named = namedIn(library);
  const words = parseQuery(line).map(({ word }) => word);
  const isRare = (word: string): boolean =>
    request.best === 0 &&
    !/[,;]/.test(line) &&
    !OF_A_PRODUCT.test(line) &&
    (word.length >= LEAST_OF_A_RARE_WORD || (word.length >= LEAST_OF_A_DRUG && findDrug(word).length > 0));
  const short = words.filter(isTelling);
  const telling = short.length > 0 ? short : words.filter(isRare);
  if (telling.length === 0 || telling.length > MOST_TELLING) return undefined;
  const ofEach = telling.map((word) => {
    const lay = known.find(word, request.language);
    // Behind several words that are not known it is their kind alone: a dehiscence of a canal is no wound's.
    const isKind = short.length === 0 && words.length > MOST_UNKNOWN && word === words.at(-1);
    if (lay && isKind && named(word).length === 0) return [];
    if (lay && !isAmbiguous(lay)) return findMeaning(lay, request, library, known).slice(0, MOST_OF_TELLING);
    const isName = short.length > 0 || named(word).length > 0 || findDrug(word).length > 0;
    return isName ? findNamed(word, LEAST_OF_ONE_WORD).slice(0, MOST_OF_TELLING) : [];
  });
  // Of two drugs neither page is the line's.
  if (short.length === 0 && ofEach.filter(([first]) => isDrugPage(first)).length > 1) return undefined;
  // The page of each before further ones of the first.
  const hits = [...ofEach.flatMap((found) => found.slice(0, 1)), ...ofEach.flatMap((found) => found.slice(1))];
  return hits.length === 0 ? undefined : withoutRepeats(hits);
}

/**
 * Results for the subject of a line, without the words around it: `gout diet`, `my knee hurts when I walk up stairs`; a line about several
 * things that are all known finds each, the longest first (`swollen feet and chest pain`). Undefined where that finds nothing certain, and
 * where the line's words find enough.
 * @param request `best`: score of the first hit of the line's words; where they find something, several things are better only where they are all of it
 */
export function findBySubject(
  line: string,
  request: SearchRequest & { readonly best: number },
  { library, known, findDrug }: Places,
): readonly SearchHit[] | undefined {
  const { best } = request;
  const each = findEachPart(line, request, { library, known, best });
  if (each || best >= LEAST_CERTAIN_SCORE) return each;
  const isFound = best > 0;
  const subject = findSubject(line, request.language, { known, named: namedIn(library) });
  if (!subject) return undefined;
  const findNamed: FindNamed = (text, leastScore) => {
    const drug = findDrug(text);
    if (drug.length > 0) return drug;
    const find = leastScore === undefined ? findByText : findAsWritten;
    const found = find({ ...request, query: text }, library, known);
    const least = leastScore ?? (text.includes(' ') ? LEAST_OF_WORDS : LEAST_OF_ONE_WORD);
    if ((found[0]?.score ?? 0) < least) return [];
    const hits = withoutOtherSubjects(found, [text], request.language);
    if (text.includes(' ')) return hits;
    return hits.slice(0, MOST_OF_TELLING).filter((hit) => hit.score >= least || isMoreOn(hits[0], hit));
  };
  const { texts, words, covered, isRestFirst } = subject;
  const rest = withoutDenied(subject.rest);
  const [word, ...others] = words;
  if (word && others.length === 0 && rest === '') return findMeaning(word, request, library, known);
  const named = findFirst(texts, findNamed);
  if (named) return named;
  const ofTelling = (): readonly SearchHit[] | undefined =>
    findOfTelling(line, request, { library, known, findDrug }, findNamed);
  if (!word) {
    const core = rest.split(' ');
    const ofSome = isFound ? undefined : (findEachOfTwo(core, findNamed) ?? findWithoutOne(core, findNamed));
    return ofSome ?? ofTelling();
  }
  const ofRest = rest === '' ? [] : findNamed(rest);
  // A name of several words is enough beside one unknown word or two: `hearing aid batteries`, `spider bite turning black`.
  const isName = covered > 1 && rest.split(' ').length <= MOST_UNKNOWN;
  const isEnough = ofRest.length > 0 || rest === '' || (!isFound && isName);
  if (!isEnough) return ofTelling();
  // In whom something is comes behind it: `fifth disease pregnant teacher`.
  const rank = ({ text }: KnownWord): number => (EXPECTING.test(text) ? 2 : hasTelling(text) ? 0 : 1);
  const tellingFirst = [...words].sort((a, b) => rank(a) - rank(b));
  const ofWords = tellingFirst.flatMap((one) => findMeaning(one, { ...request, count: 1 }, library, known));
  return withoutRepeats(isRestFirst || hasTelling(rest) ? [...ofRest, ...ofWords] : [...ofWords, ...ofRest]);
}
