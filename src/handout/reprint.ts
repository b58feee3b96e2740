import { dropBetween } from '../core/drop-between.js';
import { sanitizeSummary } from '../import/read/sanitize-summary.js';

/** Elements that the sanitiser would drop and a reader would miss: a picture of an exercise, a form. */
const NEEDED = /<(?:img|picture|svg|math|video|audio|object|embed|iframe|form|input|select|canvas|dl|pre)[\s>/]/i;

/** Comments and elements that are not shown. */
const INVISIBLE = [
  [/<!--/g, /-->/g],
  [/<script\b/gi, /<\/script\s*>/gi],
  [/<style\b/gi, /<\/style\s*>/gi],
  [/<head\b/gi, /<\/head\s*>/gi],
  [/<title\b/gi, /<\/title\s*>/gi],
] as const;

/** The content of the body without invisible elements. */
function readBody(document: string): string {
  const shown = INVISIBLE.reduce((text, [begin, end]) => dropBetween(text, begin, end), document);
  const body = /<body[^<>]*>/i.exec(shown);
  return body ? (shown.slice(body.index + body[0].length).split(/<\/body\s*>/i, 1)[0] ?? '') : shown;
}

/**
 * The sanitised text of a site's own HTML page, to be printed beside others'. Undefined if it has a picture or a form, or if nothing is left.
 * @param url base of its relative links
 */
export function toReprint(document: string, url: string): string | undefined {
  const body = readBody(document);
  const html = NEEDED.test(body) ? undefined : sanitizeSummary(body, url);
  return html?.replace(/<[^<>]*>/g, '').trim() ? html : undefined;
}
