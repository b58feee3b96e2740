import type { ArticleHit, SearchRequest } from '../search/search-hit.js';
import { isFrighteningBeside } from '../search/further-hits.js';
import { parseQuery } from '../search/text-query.js';
import { foldPlural } from '../search/text-tokens.js';
import { languagesFrom } from '../model/language.js';
import { textIn } from '../model/article.js';
import type { Library } from '../model/library.js';
import { isPlainWord } from './plain-lines.js';
import { createSyndromeTest } from './reading/of-this-syndrome.js';
import { withoutAsking } from './word-weights.js';
import type { Understanding } from './understanding.js';
import type { Vocabulary } from './vocabulary.js';

/** A person reads a few of them. */
const MOST_HITS = 5;
/** Below every hit by names. */
const SCORE = 0.1;
/** Shorter words are about nothing alone. */
const LEAST_TELLING = 4;

/** The words of a line that a text is to have: those around what it is about do not count, and everyday ones alone are about nothing. */
function listTelling({ query, language }: SearchRequest, vocabulary: Vocabulary): string[] {
  const typed = withoutAsking(parseQuery(query).map(({ word }) => word));
  const words = typed.filter((word) => !vocabulary.known.isContext(word, language));
  const isTelling = (word: string): boolean => word.length >= LEAST_TELLING && !isPlainWord(word, vocabulary);
  const terms = [...new Set(words.map(foldPlural))];
  // One word alone, an onion or a licence, stands in a text by chance.
  return terms.length > 1 && words.some(isTelling) ? terms : [];
}

function findHits(request: SearchRequest, library: Library, vocabulary: Vocabulary): ArticleHit[] {
  const isOfThisSyndrome = createSyndromeTest(request.query, request.language, vocabulary.known);
  const terms = listTelling(request, vocabulary);
  if (terms.length === 0) return [];
  const found = new Set(library.search.findSummariesWith(terms));
  const articles = library
    .findArticles([...found].slice(0, MOST_HITS))
    .filter((article) => !isFrighteningBeside(request.query, article));
  const hits = articles.flatMap((article): ArticleHit[] => {
    const text = textIn(article, languagesFrom(request.language));
    const { sensitivity } = article;
    return text ? [{ kind: 'article', article, text, sensitivity, matched: 'text', score: SCORE }] : [];
  });
  return hits.filter(isOfThisSyndrome);
}

/**
 * Returns, where names find nothing for a line, the articles whose texts have its words. Only where a person reads what
 * is found: in a pasted list or a chart a text with the words of a line is no page for it.
 */
export function addFromSummaries(
  understood: Understanding,
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
): Understanding {
  if (understood.kind !== 'words' || request.kind === 'concept' || understood.hits.length > 0) return understood;
  return { ...understood, hits: findHits(request, library, vocabulary).slice(0, request.count) };
}
