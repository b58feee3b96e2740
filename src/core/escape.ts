/** Most texts need no escaping: testing first is several times as fast. */
const MARKUP = /[&<>]/;
const QUOTES = /["']/;

/** A text as HTML or XML character data, safe between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  const escaped = escapeText(text);
  return QUOTES.test(escaped) ? escaped.replaceAll('"', '&quot;').replaceAll("'", '&#39;') : escaped;
}

/** A text as XML character data, safe between tags. Quotes are not escaped. */
export function escapeText(text: string): string {
  return MARKUP.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text;
}
