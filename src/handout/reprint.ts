import { sanitizeSummary } from '../import/sanitize-summary.js';

/** What the sanitiser would drop, and a reader would miss: a dose in a table, a picture of an exercise. */
const NEEDED = /<(?:img|picture|table|svg|math|video|audio|object|embed|iframe|form|input|select|canvas|dl|pre)[\s>/]/i;

/** What stands in the body, without what no reader sees. */
function bodyOf(document: string): string {
  const shown = document.replace(/<!--[^]*?-->/g, '').replace(/<(script|style|head|title)\b[^]*?<\/\1\s*>/gi, '');
  return /<body[^>]*>([^]*?)(?:<\/body\s*>|$)/i.exec(shown)?.[1] ?? shown;
}

/**
 * The text of an HTML page of a site's own, sanitised, to be printed beside others'. Undefined where it cannot be: it has a table,
 * a picture or a form, or nothing is left.
 * @param url that links in it may be relative to
 */
export function toReprint(document: string, url: string): string | undefined {
  const body = bodyOf(document);
  const html = NEEDED.test(body) ? undefined : sanitizeSummary(body, url);
  return html?.replace(/<[^>]*>/g, '').trim() ? html : undefined;
}
