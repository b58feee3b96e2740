import { decodeEntities } from '../build/decode-entities.js';

/** Titles and headings of "not found" pages sent with status 200, in English and Spanish. */
const NOT_FOUND = [
  /\b(?:page|file|document|article|topic|content|url|link)\b.{0,40}\b(?:not|can'?t|couldn'?t) (?:be )?(?:found|available|exist)/,
  /\b(?:page|file|document|article|topic|content|url|link)\b.{0,40}\b(?:no longer|does ?n[o']t) (?:available|exists?)/,
  /^(?:error:? )?not found\b/,
  /^(?:error|http)?[ :]*404\b|\b404\b.{0,20}(?:error|not found)/,
  /\bno (?:se )?(?:(?:ha|pudo|puede) )?(?:sido )?encontr(?:ad|ó|ar)/,
  /\bp[^ ]{0,2}gina (?:ya )?no (?:existe|está|esta|disponible)/,
];

/** The home page of a site, or of its part in a language. */
const HOME = /^\/(?:(?:en|es|english|spanish|espanol)\/?)?(?:(?:index|default|home)(?:\.\w{1,5})?\/?)?$/i;

const TITLE = /<title[^<>]{0,200}>([^<]{1,500})/i;
const MOST_HEADING_CHARS = 1000;

const stripMarkup = (html: string): string =>
  decodeEntities(html.replace(/<[^<>]{0,500}>/g, ' '))
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();

/** Whether a title or a heading is that of a "not found" page. */
export function isNotFoundTitle(words: string): boolean {
  const plain = stripMarkup(words);
  return NOT_FOUND.some((pattern) => pattern.test(plain));
}

/** The first heading of a page; empty where it has none, or one without an end. */
function readHeading(html: string): string {
  const begin = /<h1[^<>]*>/i.exec(html);
  const rest = begin ? html.slice(begin.index + begin[0].length).slice(0, MOST_HEADING_CHARS) : '';
  const [heading = '', ...behind] = rest.split(/<\/h1/i);
  return behind.length > 0 ? heading : '';
}

/** Whether a page's title or first heading states that it was not found. */
export function isNotFoundPage(html: string): boolean {
  return isNotFoundTitle(TITLE.exec(html)?.[1] ?? '') || isNotFoundTitle(readHeading(html));
}

/** Whether an address is a site's home page, to which sites redirect requests for deleted pages. */
export function isHome({ pathname, search }: URL): boolean {
  return search === '' && HOME.test(pathname);
}
