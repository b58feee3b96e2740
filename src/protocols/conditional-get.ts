import type { IncomingHttpHeaders } from 'node:http';

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
