import type { Article } from './article.js';
import { textIn } from './article.js';
import type { CodeFindings } from './code-search.js';
import { findByCode, looksLikeCode } from './code-search.js';
import { languagesFrom } from './language.js';
import type { Coding, Library } from './library.js';
import type { SearchHit, SearchRequest, Suit } from './search-hit.js';
import type { SearchDocument } from './search-index.js';
import { selectEach } from './select-rows.js';
import { selectCandidates } from './text-candidates.js';
import { UNSUITED, better, sortHits, scoreArticle, scoreConcept, scoreDrugName, withoutRepeats } from './text-rank.js';
import { parseQuery } from './text-query.js';
import type { SearchScope, Reading } from './text-reading.js';
import { understandQuery } from './text-reading.js';
import type { KnownWords } from './words/known-words.js';
import { NO_KNOWN_WORDS } from './words/known-words.js';

/** Documents to score: as many as are wanted and some more, since their selection is rough. */
const LEAST_CANDIDATES = 30;
const CANDIDATES_PER_HIT = 2;
/** Hits below this, or below this share of the best hit, are noise: they share one common word. */
const LEAST_SCORE = 0.28;
const LEAST_SHARE = 0.3;
/** From this score on, no word of the line is doubted. */
const LEAST_CERTAIN_SCORE = 0.5;
/** Minimum score of hits found by doubting known words: hits below it lack a word of the line. */
const LEAST_DOUBTFUL_SCORE = 0.6;
/** Word count of the longest line that is doubted: each word costs a lookup, and one of many resembles anything. */
const MOST_DOUBTED_WORDS = 5;

/** Hits of a query that is a code: articles, the code itself, codes below it. They precede hits by words. */
export function hitsOfCode({ matches, concepts }: CodeFindings, kind: SearchRequest['kind']): SearchHit[] {
  const facts = { matched: 'code', score: 1 } as const;
  const articles = matches.map(
    ({ article, text, sensitivity, path }) =>
      ({ kind: 'article', article, text, sensitivity, system: path[0]?.system, ...facts }) as const,
  );
  const codes = concepts.map((concept) => ({ kind: 'concept', concept, ...facts }) as const);
  return [...(kind === 'concept' ? [] : articles), ...(kind === 'article' ? [] : codes)];
}

/** The articles of matching drug names, each with its best name's score. */
function scoreDrugNames(names: readonly Coding[], readings: readonly Reading[], library: Library): Map<string, Suit> {
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

function findArticleHits(
  documents: readonly SearchDocument[],
  readings: readonly Reading[],
  { language }: SearchRequest,
  library: Library,
): SearchHit[] {
  const names = documents.flatMap(({ system, key }) => (system === 'drug-name' ? [{ system, code: key }] : []));
  const byName = scoreDrugNames(names, readings, library);
  const ids = new Set(documents.flatMap(({ system, key }) => (system === undefined ? [key] : [])));
  const articles = library.findArticles([...new Set([...ids, ...byName.keys()])]);
  return articles.flatMap((article: Article) => {
    const text = textIn(article, languagesFrom(language));
    const suit = better(scoreArticle(article, readings, language), byName.get(article.id) ?? UNSUITED);
    const { sensitivity } = article;
    return text ? [{ kind: 'article', article, text, sensitivity, ...suit } as const] : [];
  });
}

function findConceptHits(
  documents: readonly SearchDocument[],
  readings: readonly Reading[],
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
/** Minimum score of another name that is the whole line, except for a word such as `scan`. */
const LEAST_OF_A_WHOLE_NAME = 0.85;

/** Removes hits in which an abbreviation is only part of another name: `HR` is not 12 HR nasal spray. */
function dropPartsOfNames(hits: readonly SearchHit[], query: string): SearchHit[] {
  if (!ABBREVIATION.test(query)) return [...hits];
  return hits.filter((hit) => hit.kind === 'concept' || hit.matched === 'title' || hit.score >= LEAST_OF_A_WHOLE_NAME);
}

/** Whether every word of a reading is known: in `ZZZ.99` only the number is. */
const isKnownWhole = ({ words }: Reading): boolean => words.every(({ isUnknown }) => !isUnknown);

/** Hits by the words of a query above a minimum score, the best first. */
function findByWords(request: SearchRequest, library: Library, scope: SearchScope, leastScore: number): SearchHit[] {
  const { query, kind, count } = request;
  const understood = understandQuery(query, scope);
  const { records } = understood;
  const readings = looksLikeCode(query) ? understood.readings.filter(isKnownWhole) : understood.readings;
  const most = Math.max(LEAST_CANDIDATES, count * CANDIDATES_PER_HIT);
  const limits = { articles: kind === 'concept' ? 0 : most, concepts: kind === 'article' ? 0 : most };
  const documents = library.findDocuments(selectCandidates(readings, records, limits));
  const found = [findArticleHits(documents, readings, request, library), findConceptHits(documents, readings, library)];
  const hits = sortHits(found.flat());
  const least = Math.max(leastScore, (hits[0]?.score ?? 0) * LEAST_SHARE);
  return hits.filter(({ score }) => score >= least);
}

/**
 * Hits by words only, the best first. Scores use the merged layers, not one layer's index. If almost nothing is found,
 * known words are doubted too (`carpal tunel`, where the second is Spanish), and a correction counts only if a name has
 * all words of the line.
 * @param known abbreviations and lay words that apply within the query
 */
export function findByText(request: SearchRequest, library: Library, known: KnownWords = NO_KNOWN_WORDS): SearchHit[] {
  const { query, language } = request;
  const scope = { language, index: library, known };
  const hits = findByWords(request, library, scope, LEAST_SCORE);
  const found = dropPartsOfNames(hits, query.trim());
  const isFound = (found[0]?.score ?? 0) >= LEAST_CERTAIN_SCORE;
  const { length } = parseQuery(query);
  if (isFound || request.kind === 'concept' || length < 2 || length > MOST_DOUBTED_WORDS) return found;
  const doubtful = findByWords(request, library, { ...scope, isDoubtful: true }, LEAST_DOUBTFUL_SCORE);
  return doubtful.length > 0 ? doubtful : found;
}

/**
 * Searches articles and concepts of all active releases by code, else by words (English and Spanish, with misspellings,
 * prefixes and synonyms); words/understand-words.ts reads what people type. Rejects only with the library's own errors.
 */
export async function searchLibrary(request: SearchRequest, library: Library): Promise<SearchHit[]> {
  const found = await findByCode(request.query, request.language, library);
  const byCode = hitsOfCode(found, request.kind);
  // A typed code is meant as one: what only shares digits with it is noise.
  const byText = found.isCode ? [] : findByText(request, library);
  return withoutRepeats([...byCode, ...byText]).slice(0, request.count);
}
