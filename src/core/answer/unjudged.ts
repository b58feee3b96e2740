import { isInEditions } from '../codes/editions.js';
import type { Article } from '../model/article.js';
import { isGrave } from '../policy/grave-subjects.js';
import type { PathStep } from './knowledge-response.js';

/** A row on its way to an answer, with the path from the requested code. */
interface RowWithPath {
  readonly article: string;
  readonly path: readonly PathStep[];
}

/** True if a path climbs from a code of no edition for which the rows were judged: a newer one, or one that does not exist. */
const climbsFromUnknown = ({ path }: RowWithPath): boolean =>
  path.some((step, at) => {
    const below = path[at - 1];
    return step.kind === 'ancestor' && below !== undefined && !isInEditions(below.system, below.code);
  });

/**
 * Returns the articles that a code may not inherit: all of its broader code's, if one of them is on a grave subject and no row was judged for the code
 * (rule 12 of curation, decision 094). A row of the code itself ends this.
 */
export function findUnjudged(
  rows: readonly RowWithPath[],
  articles: ReadonlyMap<string, Pick<Article, 'texts'>>,
): ReadonlySet<string> {
  const inherited = rows.filter(climbsFromUnknown);
  const isAnyGrave = inherited.some(({ article: id }) => {
    const article = articles.get(id);
    return article !== undefined && isGrave(article);
  });
  return new Set(isAnyGrave ? inherited.map(({ article }) => article) : []);
}
