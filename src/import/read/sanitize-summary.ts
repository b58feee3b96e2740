import { createRequire } from 'node:module';
import type Sanitize from 'sanitize-html';

const require = createRequire(import.meta.url);

const MAX_NESTING = 50;
const TABLE = ['table', 'tbody', 'tr', 'th', 'td'];
/**
 * A link that is not allowed becomes a span, and all spans are removed at the end. If spans were not allowed at first,
 * sanitize-html would close the following links as spans.
 */
const SPAN = /<\/?span>/g;

/**
 * A publisher's summary as stored and shown: plain text structure, http(s) links without referrer. Undefined if nothing
 * is left.
 * @param url of the page, for its relative links
 */
export function sanitizeSummary(html: string, url: string): string | undefined {
  // Loaded with the first text: it takes a twentieth of a start.
  const sanitizeHtml = require('sanitize-html') as typeof Sanitize;
  const sanitized = sanitizeHtml(html, {
    // Deeper than any page nests: each level costs as much as all levels above it.
    nestingLimit: MAX_NESTING,
    allowedTags: ['span', 'p', 'ul', 'ol', 'li', 'strong', 'em', 'b', 'i', 'h3', 'h4', 'br', 'a', ...TABLE],
    allowedAttributes: { a: ['href', 'rel'], th: ['colspan', 'rowspan'], td: ['colspan', 'rowspan'] },
    transformTags: {
      h1: 'h3',
      h2: 'h3',
      a: (_tag, { href = '' }) => {
        const target = URL.canParse(href, url) ? new URL(href, url) : undefined;
        const isLink = href !== '' && /^https?:$/.test(target?.protocol ?? '');
        if (!target || !isLink) return { tagName: 'span', attribs: {} };
        return { tagName: 'a', attribs: { href: target.href, rel: 'noreferrer' } };
      },
    },
  });
  return sanitized.replace(SPAN, '').trim() || undefined;
}
