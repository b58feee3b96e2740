import { type Article, textIn } from '../model/article.js';
import { type CodeFindings, findByCode, looksLikeCode } from './code-search.js';
import { languagesFrom } from '../model/language.js';
import type { Coding, Library } from '../model/library.js';
import type { ArticleHit, SearchHit, SearchRequest, Suit } from './search-hit.js';
import type { SearchDocument } from './search-index.js';
import { selectEach } from '../codes/resolve-coding.js';
import { selectCandidates } from './text-candidates.js';
import { UNSUITED, better, sortHits, scoreArticle, scoreConcept, scoreDrugName, withoutRepeats } from './text-rank.js';
import { parseQuery } from './text-query.js';
import { type SearchScope, type TextReading, understandQuery } from './text-reading.js';
import { type KnownWords, NO_KNOWN_WORDS } from '../words/known-words.js';

/** Documents scored in detail: as many as are wanted and some more, since the first ranking is rough. */
const LEAST_CANDIDATES = 30;
const CANDIDATES_PER_HIT = 2;
/** Below this, or below this share of the best hit, a hit is noise: it holds a common word of several. */
const LEAST_SCORE = 0.28;
const LEAST_SHARE = 0.3;
/** Below this a rare genetic condition is noise: a user who means one types its name. */
const LEAST_SCORE_OF_RARE = 0.7;
/** From this score on, no word of the line is doubted. */
const LEAST_CERTAIN_SCORE = 0.5;
/** Lowest score of a result that doubts known words: less lacks one of the line's words. */
const LEAST_DOUBTFUL_SCORE = 0.6;
/** Words of the longest line that is doubted: each costs a look-up, and of many one is near anything. */
const MOST_DOUBTED_WORDS = 5;

const OF_CODE = { matched: 'code', score: 1 } as const;

/** The articles of a code as hits. */
export const hitsOfPages = (matches: CodeFindings['matches']): ArticleHit[] =>
  matches.map(({ article, text, sensitivity, path }) => ({
    kind: 'article',
    article,
    text,
    sensitivity,
    system: path[0]?.system,
    ...OF_CODE,
  }));

/** Hits by the code that the query is: articles, the code itself, codes below it. They come before what words find. */
export function hitsOfCode({ matches, concepts }: CodeFindings, kind: SearchRequest['kind']): SearchHit[] {
  const codes = concepts.map((concept) => ({ kind: 'concept', concept, ...OF_CODE }) as const);
  return [...(kind === 'concept' ? [] : hitsOfPages(matches)), ...(kind === 'article' ? [] : codes)];
}

/** The articles that drugs' names lead to, each with its best name's suit. */
function suitsOfDrugNames(
  names: readonly Coding[],
  readings: readonly TextReading[],
  library: Library,
): Map<string, Suit> {
  const suits = new Map<string, Suit>();
  if (names.length === 0) return suits;
  const selections = selectEach(names, library);
  for (const [input, { code }] of names.entries()) {
    const suit = scoreDrugName(code, readings);
    for (const { article } of selections[input]?.rows ?? []) {
      suits.set(article, better(suits.get(article) ?? UNSUITED, suit));
    }
  }
  return suits;
}

function articleHits(
  documents: readonly SearchDocument[],
  readings: readonly TextReading[],
  { language }: SearchRequest,
  library: Library,
): SearchHit[] {
  const names = documents.flatMap(({ system, key }) => (system === 'drug-name' ? [{ system, code: key }] : []));
  const byName = suitsOfDrugNames(names, readings, library);
  const ids = new Set(documents.flatMap(({ system, key }) => (system === undefined ? [key] : [])));
  const articles = library.findArticles([...new Set([...ids, ...byName.keys()])]);
  return articles.flatMap((article: Article) => {
    const text = textIn(article, languagesFrom(language));
    const suit = better(scoreArticle(article, readings, language), byName.get(article.id) ?? UNSUITED);
    const { sensitivity } = article;
    return text ? [{ kind: 'article', article, text, sensitivity, ...suit } as const] : [];
  });
}

function conceptHits(
  documents: readonly SearchDocument[],
  readings: readonly TextReading[],
  library: Library,
): SearchHit[] {
  const codings = documents.flatMap(({ system, key }) =>
    system === undefined || system === 'drug-name' ? [] : [{ system, code: key }],
  );
  const concepts = library.findConcepts(codings);
  return concepts.map((concept) => ({ kind: 'concept', concept, ...scoreConcept(concept, readings) }));
}

/** A line that is one abbreviation. */
const ABBREVIATION = /^\p{Lu}{2,4}s?$/u;
/** Score of another name that equals the line, but for a word such as `scan`. */
const LEAST_OF_A_WHOLE_NAME = 0.85;

/** Hits but those of which an abbreviation is only a part of another name: `HR` is no 12 HR nasal spray. */
function withoutPartsOfNames(hits: readonly SearchHit[], query: string): SearchHit[] {
  if (!ABBREVIATION.test(query)) return [...hits];
  return hits.filter((hit) => hit.kind === 'concept' || hit.matched === 'title' || hit.score >= LEAST_OF_A_WHOLE_NAME);
}

/** Whether every word of a reading is known: the number alone in `ZZZ.99` is no evidence. */
const isKnownWhole = ({ words }: TextReading): boolean => words.every(({ isUnknown }) => !isUnknown);

const isRare = (hit: SearchHit): boolean => hit.kind === 'article' && hit.article.kind === 'genetics';

/** Hits by the words of a query, the best first, as far as they reach a score. */
function findByWords(request: SearchRequest, library: Library, scope: SearchScope, leastScore: number): SearchHit[] {
  const { query, kind, count } = request;
  const understood = understandQuery(query, scope);
  const { records } = understood;
  const readings = looksLikeCode(query) ? understood.readings.filter(isKnownWhole) : understood.readings;
  const most = Math.max(LEAST_CANDIDATES, count * CANDIDATES_PER_HIT);
  const limits = { articles: kind === 'concept' ? 0 : most, concepts: kind === 'article' ? 0 : most };
  const documents = library.search.findDocuments(selectCandidates(readings, records, limits));
  const found = [articleHits(documents, readings, request, library), conceptHits(documents, readings, library)];
  const hits = sortHits(found.flat());
  const least = Math.max(leastScore, (hits[0]?.score ?? 0) * LEAST_SHARE);
  return hits.filter((hit) => hit.score >= (isRare(hit) ? Math.max(least, LEAST_SCORE_OF_RARE) : least));
}

/** Hits by words alone as they are, no known word doubted: what a name is found by at the least cost. */
export function findAsWritten(request: SearchRequest, library: Library, known: KnownWords): SearchHit[] {
  const { query, language, corrections, isSpelt } = request;
  const hits = findByWords(
    request,
    library,
    { language, index: library.search, known, corrections, isSpelt },
    LEAST_SCORE,
  );
  return withoutPartsOfNames(hits, query.trim());
}

/**
 * Hits by words alone, the best first. What is scored is what the layers together say, not what an index of one of them holds.
 * Where next to nothing is found, words that are known are doubted too (`carpal tunel`, of which the second is Spanish), and a
 * guess counts only where a name holds all words of the line.
 * @param known abbreviations and lay words that count within the query
 */
export function findByText(request: SearchRequest, library: Library, known: KnownWords = NO_KNOWN_WORDS): SearchHit[] {
  const { query, language, corrections } = request;
  const scope = { language, index: library.search, known, corrections };
  const found = findAsWritten(request, library, known);
  const isFound = (found[0]?.score ?? 0) >= LEAST_CERTAIN_SCORE;
  const { length } = parseQuery(query);
  if (isFound || request.kind === 'concept' || length < 2 || length > MOST_DOUBTED_WORDS) return found;
  const doubtful = findByWords(request, library, { ...scope, isDoubtful: true }, LEAST_DOUBTFUL_SCORE);
  return doubtful.length > 0 ? doubtful : found;
}

/**
 * Searches articles and concepts of all active releases by code, else by words as they stand; words/understand-words.ts reads
 * what people type. By words (English and Spanish, with misspellings, beginnings and
 * people's own words) and by code. Rejects only with the library's own errors.
 */
export async function searchLibrary(request: SearchRequest, library: Library): Promise<SearchHit[]> {
  const found = await findByCode(request.query, request.language, library);
  const byCode = hitsOfCode(found, request.kind);
  // A user who types a code means it: what only has digits in common with it is noise.
  const byText = found.isCode ? [] : findByText(request, library);
  return withoutRepeats([...byCode, ...byText]).slice(0, request.count);
}
