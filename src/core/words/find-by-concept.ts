import { selectEach } from '../answer/select-rows.js';
import { textIn } from '../model/article.js';
import { languagesFrom } from '../model/language.js';
import type { Library } from '../model/library.js';
import type { ArticleHit, ConceptHit, SearchHit, SearchRequest } from '../search/search-hit.js';
import { findAsWritten } from '../search/text-search.js';
import type { KnownWords } from './known-words.js';

/** A concept whose name is the line, but for words such as `unspecified`. */
const LEAST_OF_A_NAME = 0.65;
/** Concepts of one name that are tried: the same one in several code systems. */
const MOST_CONCEPTS = 3;

const isNamed = (hit: SearchHit): hit is ConceptHit =>
  hit.kind === 'concept' && hit.score >= LEAST_OF_A_NAME && hit.matched !== 'spelling';

/** The articles that a concept is mapped to, if they are on all of it: as good as equivalent, or broader. */
function findMapped({ concept, score }: ConceptHit, { language }: SearchRequest, library: Library): ArticleHit[] {
  const rows = selectEach([concept], library)[0]?.rows ?? [];
  const suitable = rows.filter(({ relationship }) => relationship === 'equivalent' || relationship === 'broader');
  const articles = new Map(library.findArticles(suitable.map(({ article }) => article)).map((one) => [one.id, one]));
  return suitable.flatMap((row): ArticleHit[] => {
    const article = articles.get(row.article);
    const text = article && textIn(article, languagesFrom(language));
    if (!text) return [];
    const sensitivity = row.sensitivity ?? article.sensitivity;
    return [{ kind: 'article', article, text, sensitivity, score, matched: 'synonym' }];
  });
}

/**
 * The articles of a code whose name is the line, where no article has words nearer to it: `missed abortion`, `phimosis`.
 * Empty where there is no such code, or none that has articles.
 * @param hits what the line's words find, the best first
 */
export function findByConcept(
  hits: readonly SearchHit[],
  request: SearchRequest,
  library: Library,
  known: KnownWords,
): readonly ArticleHit[] {
  const [first] = hits;
  if (request.kind === 'concept' || (first?.kind === 'article' && first.score >= LEAST_OF_A_NAME)) return [];
  const found =
    request.kind === 'article'
      ? findAsWritten({ ...request, kind: 'concept', count: MOST_CONCEPTS }, library, known)
      : hits;
  const [concept] = found;
  if (!concept || !isNamed(concept) || concept.score < (first?.score ?? 0)) return [];
  for (const named of found.slice(0, MOST_CONCEPTS)) {
    const articles = isNamed(named) ? findMapped(named, request, library) : [];
    if (articles.length > 0) return articles;
  }
  return [];
}
