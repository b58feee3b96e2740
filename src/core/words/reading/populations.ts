import { readDataFile } from '../../read-data-file.js';
import { foldPlural } from '../../search/text-tokens.js';

const toTerms = (list: string): ReadonlySet<string> => new Set(list.split(' ').map(foldPlural));

const LISTS = readDataFile('search/populations.yaml') as {
  readonly adults: string;
  readonly young: string;
  readonly titles: readonly { readonly words: string; readonly names: string }[];
};
const ADULTS = toTerms(LISTS.adults);
const YOUNG = toTerms(LISTS.young);

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

/** Whether a title is for the young alone. */
export const isForYoung = (title: readonly string[]): boolean => findGroup(title) === 'young';

/** Group of people within one of those, and the words by which titles name it. */
export interface NamedGroup {
  readonly terms: ReadonlySet<string>;
  readonly names: readonly string[];
}

const GROUPS: readonly NamedGroup[] = LISTS.titles.map(({ words, names }) => ({
  terms: toTerms(words),
  names: names.split('|'),
}));

/** The narrowest group that some terms name. */
export const findNamedGroup = (line: readonly string[]): NamedGroup | undefined =>
  GROUPS.find(({ terms }) => line.some((term) => terms.has(term)));
