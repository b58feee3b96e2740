import type { ArticleHit, SearchRequest } from '../search/search-hit.js';
import { isFrighteningBeside } from '../search/further-hits.js';
import { plainText } from '../search/summary-words.js';
import { parseQuery } from '../search/text-query.js';
import { foldPlural, tokensOf } from '../search/text-tokens.js';
import { languagesFrom } from '../model/language.js';
import { findSummary, textIn, type Article } from '../model/article.js';
import type { Library } from '../model/library.js';
import { isPlainWord } from './plain-lines.js';
import { createSyndromeTest } from './reading/of-this-syndrome.js';
import { withoutAsking } from './word-weights.js';
import type { Understanding } from './understanding.js';
import type { Vocabulary } from './vocabulary.js';

/** A person reads a few of them; more are compared with the line. */
const MOST_HITS = 5;
const MOST_READ = 15;
/** Below every hit by names. */
const SCORE = 0.1;
/** Shorter words are about nothing alone. */
const LEAST_TELLING = 4;

/** Words of the longest line whose words are to stand together. */
const MOST_TOGETHER = 3;
/** An operation is more than a word around a subject: no page on posture is for `sleeping after shoulder surgery`. */
const OF_OPERATION = /^(?:surger(?:y|ies)|operations?|cirugias?|operacion)$/;

/** The words of a line that a text is to have: those around what it is about do not count, and everyday ones alone are about nothing. */
function listTelling({ query, language }: SearchRequest, vocabulary: Vocabulary) {
  const typed = withoutAsking(parseQuery(query).map(({ word }) => word));
  const words = typed.filter((word) => OF_OPERATION.test(word) || !vocabulary.known.isContext(word, language));
  const telling = words.filter((word) => word.length >= LEAST_TELLING && !isPlainWord(word, vocabulary));
  const terms = [...new Set(words.map(foldPlural))];
  // A few of which one tells little stand in a text by chance, as a leaf that is green and a tea.
  const isTogether = terms.length <= MOST_TOGETHER && telling.length < words.length;
  // One word alone, an onion or a licence, does too.
  return { terms: terms.length > 1 && telling.length > 0 ? terms : [], isTogether };
}

/** Ends of the parts of an HTML text. */
const END = /<\/(?:p|ul|ol|h\d|table)>/;

/** Whether a part of an article's texts has all of some terms. */
const hasTogether = (article: Article, terms: readonly string[]): boolean =>
  Object.values(article.texts).some((text) =>
    (findSummary(article, text)?.html ?? '').split(END).some((part) => {
      const own = new Set(tokensOf(plainText(part)).map(({ word }) => foldPlural(word)));
      return terms.every((term) => own.has(term));
    }),
  );

function findHits(request: SearchRequest, library: Library, vocabulary: Vocabulary): ArticleHit[] {
  const isOfThisSyndrome = createSyndromeTest(request.query, request.language, vocabulary.known);
  const { terms, isTogether } = listTelling(request, vocabulary);
  if (terms.length === 0) return [];
  const found = new Set(library.search.findSummariesWith(terms));
  const articles = library
    .findArticles([...found].slice(0, MOST_READ))
    .filter(
      (article) =>
        article.sensitivity === undefined &&
        !isFrighteningBeside(request.query, article) &&
        (!isTogether || hasTogether(article, terms)),
    );
  const hits = articles.flatMap((article): ArticleHit[] => {
    const text = textIn(article, languagesFrom(request.language));
    return text ? [{ kind: 'article', article, text, sensitivity: undefined, matched: 'text', score: SCORE }] : [];
  });
  return hits.filter(isOfThisSyndrome).slice(0, MOST_HITS);
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
