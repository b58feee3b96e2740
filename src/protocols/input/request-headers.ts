import type { IncomingHttpHeaders } from 'node:http';

/** Media types of the bodies that a route reads. The edge rejects the others before it reads them (415). */
export interface BodyTypes {
  /** Maximum size, but for forms. */
  readonly maxBytes: number;
  /** @param contentType as sent; empty where none was */
  readonly accepts: (contentType: string, isEmpty: boolean) => boolean;
  /** The media types, as the error names them. */
  readonly supported: string;
}

/** The media type of a form. */
export const FORM = 'application/x-www-form-urlencoded';

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

/**
 * Returns whether a client holds this very answer (RFC 9110, 13.2.2: If-None-Match, weakly compared, before If-Modified-Since).
 * @param lastModified milliseconds; undefined where it is not known
 */
export function isFresh(headers: IncomingHttpHeaders, etag: string, lastModified: number | undefined): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags === etag || tags.trim() === '*' || tags.split(',').some((tag) => opaque(tag) === opaque(etag));
  }
  const since = headers['if-modified-since'];
  return since !== undefined && lastModified !== undefined && lastModified <= Date.parse(since);
}

/** Clients name a handful; each is compared to all that is offered, and a header of thousands took a tenth of a second. */
const MOST_RANGES = 100;

/** The first media ranges of an Accept header, or of a `_format` that lists several. */
export const mediaRanges = (accept: string): string => accept.split(',', MOST_RANGES).join(',');

/** Those of an Accept header; without one, anything is acceptable (RFC 9110, 12.5.1). */
export const acceptedRanges = (accept: string | undefined): string => (accept?.trim() ? mediaRanges(accept) : '*/*');
