import { listNames } from '../../model/article.js';
import type { Library } from '../../model/library.js';
import { readDataFile } from '../../read-data-file.js';
import type { SearchHit, SearchRequest } from '../../search/search-hit.js';
import { withoutRepeats } from '../../search/text-rank.js';
import { parseQuery } from '../../search/text-query.js';
import { foldPlural } from '../../search/text-tokens.js';
import { findJudged } from '../find-known.js';

const toTerms = (list: string): ReadonlySet<string> => new Set(list.split(' ').map(foldPlural));

const LISTS = readDataFile('search/populations.yaml') as {
  readonly adults: string;
  readonly young: string;
  readonly titles: readonly { readonly words: string; readonly names: string }[];
};
const ADULTS = toTerms(LISTS.adults);
const YOUNG = toTerms(LISTS.young);
const GROUPS = LISTS.titles.map(({ words, names }) => ({ terms: toTerms(words), names: names.split('|') }));

const termsOf = (text: string): string[] => parseQuery(text).map(({ term }) => term);

/** Group that some terms are about alone: adults, the young. */
function findGroup(terms: readonly string[]): 'adults' | 'young' | undefined {
  const isOf = (group: ReadonlySet<string>): boolean => terms.some((term) => group.has(term));
  const [isOfAdults, isOfYoung] = [isOf(ADULTS), isOf(YOUNG)];
  if (isOfAdults === isOfYoung) return undefined;
  return isOfAdults ? 'adults' : 'young';
}

/** Returns whether a title is for others than a line: for the young where that is about adults, and the other way round. */
export function createOthersTest(line: readonly string[]): (title: readonly string[]) => boolean {
  const group = findGroup(line);
  return (title) => {
    const own = group === undefined ? undefined : findGroup(title);
    return own !== undefined && own !== group;
  };
}

/**
 * Puts the page on the same for those whom a line is about before the general one: of `baby yellow skin` that on jaundice of newborns. A page that
 * is of their group already, and one that was judged right for a line with them, stays first.
 * @param isJudged whether a line is known as a whole
 */
export function leadWithThose(
  hits: readonly SearchHit[],
  request: SearchRequest,
  library: Library,
  isJudged: (line: string) => boolean,
): readonly SearchHit[] {
  const [first] = hits;
  const line = termsOf(request.query);
  const group = GROUPS.find(({ terms }) => line.some((term) => terms.has(term)));
  if (!group || first?.kind !== 'article' || request.kind === 'concept') return hits;
  const names = listNames(first.article);
  const isOfGroup = names.some((name) => termsOf(name).some((term) => group.terms.has(term)));
  if (isOfGroup || isJudged(request.query)) return hits;
  const { titleFacts } = library.status();
  const own = group.names.flatMap((of) => names.flatMap((name) => titleFacts?.words.named(`${name} ${of}`) ?? []));
  const pages = findJudged([...new Set(own)], request.query, request.language, library);
  return withoutRepeats([...pages, ...hits]).slice(0, request.count);
}
