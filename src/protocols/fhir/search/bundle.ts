import type { Bundle, BundleEntry, BundleLink } from '@medplum/fhirtypes';
import { nameOutcomes, createOutcome } from '../rest/outcome.js';
import { PAGE_PARAMETER, writePagePlace } from './page-place.js';
import type { Search } from './read-search.js';
import { shorten } from './shorten.js';

/** The matches of a search, by default in the order of their ids. */
export function sortItems<T>(items: readonly T[], sort: Search<T>['sort'], getId: (item: T) => string): T[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const rules = sort.map(({ key, isDescending }) => {
    const keys = new Map(items.map((item) => [item, key(item)]));
    return (a: T, b: T): number => {
      const [left, right] = [keys.get(a), keys.get(b)];
      // An item without a sort key comes last, whichever way the rest goes.
      if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
      return isDescending ? compare(right, left) : compare(left, right);
    };
  });
  return [...items].sort((a, b) => {
    for (const rule of rules) {
      const order = rule(a, b);
      if (order !== 0) return order;
    }
    return compare(getId(a), getId(b));
  });
}

/** Parts of a page of a searchset. */
export interface PageFacts {
  /** Address of the type, without a query. */
  readonly address: string;
  /** Mark of the release that answers (page-place.ts). */
  readonly release: string;
  readonly offset: number;
  readonly total: number;
  /** Matches of this page and what they include, mode and all; at most `count` matches. */
  readonly entries: readonly BundleEntry[];
  /** Outcome entries, which the first page alone shows, beside what was ignored. */
  readonly notes: readonly BundleEntry[];
}

function listPageLinks(
  { used, count }: Pick<Search<never>, 'used' | 'count'>,
  { address, release, offset, total }: PageFacts,
): BundleLink[] {
  const search = new URLSearchParams(used.map(([name, value]) => [name, value])).toString();
  const to = (relation: string, place: number): BundleLink => {
    const page = place === 0 ? '' : `${PAGE_PARAMETER}=${writePagePlace({ offset: place, release })}`;
    const query = search === '' || page === '' ? search + page : `${search}&${page}`;
    return { relation, url: query === '' ? address : `${address}?${query}` };
  };
  const self = to('self', offset);
  if (count === 0) return [self];
  const last = total === 0 ? 0 : Math.floor((total - 1) / count) * count;
  return [
    self,
    to('first', 0),
    ...(offset > 0 ? [to('previous', Math.max(0, Math.min(offset - count, last)))] : []),
    ...(offset + count < total ? [to('next', offset + count)] : []),
    to('last', last),
  ];
}

/** Lists the ignored parameters of a search, as R4 lets a server report them (search, 3.1.1.1): in an outcome among the entries. */
function listIgnored({ ignored }: Pick<Search<never>, 'ignored'>): BundleEntry[] {
  if (ignored.length === 0) return [];
  const issue = ignored.flatMap((text) => createOutcome('warning', 'not-supported', text).issue);
  return [{ resource: { resourceType: 'OperationOutcome', issue }, search: { mode: 'outcome' } }];
}

/** An entry with its resource as the search wants it: mostly whole. */
function shortenEntry<T>(entry: BundleEntry, search: Search<T>): BundleEntry {
  const resource = entry.resource && shorten(entry.resource, search);
  return resource === undefined || resource === entry.resource ? entry : { ...entry, resource };
}

/** A page of a search as a Bundle (R4 search, 3.1.1.2; bundle, searchset). */
export function createSearchBundle<T>(search: Search<T>, page: PageFacts): Bundle {
  const { summary, hasTotal } = search;
  const shown = summary === 'count' ? [] : page.entries;
  const entry = nameOutcomes([
    ...shown.map((one) => shortenEntry(one, search)),
    ...(page.offset === 0 && summary !== 'count' ? page.notes : []),
    // A bare total misleads most of all where a parameter was ignored.
    ...(page.offset === 0 ? listIgnored(search) : []),
  ]);
  const bundle: Bundle = { resourceType: 'Bundle', type: 'searchset' };
  if (hasTotal || summary === 'count') bundle.total = page.total;
  bundle.link = listPageLinks({ used: search.used, count: summary === 'count' ? 0 : search.count }, page);
  if (entry.length > 0) bundle.entry = entry;
  return bundle;
}
