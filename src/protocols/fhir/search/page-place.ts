import { RequestError } from '../../../core/errors.js';
import { badValue } from '../rest/bad-request.js';

/** The parameter of page links. What stands in it is for this server alone. */
export const PAGE_PARAMETER = '_page';

/** Where a page begins, and in which release. */
export interface PagePlace {
  readonly offset: number;
  /** As page links name it: a hash. */
  readonly release: string;
}

export const writePagePlace = ({ offset, release }: PagePlace): string =>
  Buffer.from(`${offset}.${release}`).toString('base64url');

/** @throws RequestError `bad-parameter-value` for what is no link of ours */
export function readPagePlace(value: string): PagePlace {
  const found = /^(\d{1,9})\.([0-9a-f]{12})$/.exec(Buffer.from(value, 'base64url').toString('latin1'));
  if (!found) throw badValue(PAGE_PARAMETER, 'expected a link that this server gave');
  return { offset: Number(found[1]), release: found[2] ?? '' };
}

/**
 * The first match of the requested page.
 * @throws RequestError `resource-gone` for a page of another release: its matches are not those that the client has
 * seen
 */
export function readOffset(place: PagePlace | undefined, release: string): number {
  if (!place) return 0;
  if (place.release !== release) throw new RequestError('resource-gone');
  return place.offset;
}
