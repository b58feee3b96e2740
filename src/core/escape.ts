import type { Steps } from './give-way.js';

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

/** Characters that are escaped in one step. */
const CHARS_A_STEP = 65_536;

/** A long text as XML character data: each sign that is escaped costs as much as a thousand that are not. */
export function* escapeInSteps(text: string): Steps<string> {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; from += CHARS_A_STEP) {
    pieces.push(escapeText(text.slice(from, from + CHARS_A_STEP)));
    yield;
  }
  return pieces.join('');
}
