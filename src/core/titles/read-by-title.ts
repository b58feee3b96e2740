import { findTitle } from '../answer/knowledge-request.js';
import type { TitleConflict } from '../answer/knowledge-response.js';
import type { Resolved } from '../codes/resolve-coding.js';
import { listNames, type Article } from '../model/article.js';
import { isAgainstLoss } from '../policy/pregnancy-pages.js';
import { createFinding } from './find-by-title.js';
import { rankKind } from './title-reading.js';
import { titleTerms } from './title-words.js';

/** Of the articles that a title may name, the one whose name covers most of it. */
function findBestNamed(title: string, articles: readonly Article[]): Article | undefined {
  const terms = new Set(titleTerms(title));
  const lengthIn = (article: Article): number => {
    const covered = listNames(article)
      .map(titleTerms)
      .filter((words) => words.every((word) => terms.has(word)));
    return Math.max(0, ...covered.map(({ length }) => length));
  };
  const [best] = articles
    .map((article) => ({ article, length: lengthIn(article) }))
    .filter(({ length }) => length > 0)
    .sort(
      (a, b) =>
        b.length - a.length || rankKind(a.article) - rankKind(b.article) || (a.article.id < b.article.id ? -1 : 1),
    );
  return best?.article;
}

/** Reads a title that contradicts its code in the code's place; undefined if it does not clearly name one article. */
export function readByTitle(
  best: Resolved,
  { kind, named, isDrug }: TitleConflict,
  articles: ReadonlyMap<string, Article>,
): Resolved | undefined {
  const title = findTitle(best.coding);
  const known = named
    .flatMap((id) => articles.get(id) ?? [])
    .filter((article) => article.sensitivity === undefined && !isAgainstLoss(title, article));
  // Of a combination never the page of one ingredient alone.
  if (isDrug) return known.length > 0 && known.length === named.length ? createFinding(best, known) : undefined;
  const article = kind === 'stated' ? known[0] : findBestNamed(title, known);
  return article && createFinding(best, [article]);
}
