import sanitizeHtml from 'sanitize-html';

const MAX_NESTING = 50;
/**
 * What cannot be linked becomes a span, and every span goes in the end. Were it not allowed to begin with, sanitize-html
 * would close the links behind it as spans.
 */
const SPAN = /<\/?span>/g;

/**
 * A publisher's summary as the library keeps and every answer shows it: plain text structure, links by http(s) that tell
 * nobody where they were followed from. Undefined where nothing is left.
 * @param url of the page, which links in it may be relative to
 */
export function sanitizeSummary(html: string, url: string): string | undefined {
  const sanitized = sanitizeHtml(html, {
    // Deeper than any page nests: each level costs as much as all those above it.
    nestingLimit: MAX_NESTING,
    allowedTags: ['span', 'p', 'ul', 'ol', 'li', 'strong', 'em', 'b', 'i', 'h3', 'h4', 'br', 'a'],
    allowedAttributes: { a: ['href', 'rel'] },
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
