import { escapeHtml } from '../../core/escape.js';
import { findOwn } from '../../core/find-own.js';
import type { Language } from '../../core/model/language.js';

/** Elements of SPL's narrative that HTML has under the same or another name. */
const TAGS: Readonly<Record<string, string>> = {
  paragraph: 'p',
  item: 'li',
  table: 'table',
  thead: 'thead',
  tbody: 'tbody',
  tfoot: 'tfoot',
  tr: 'tr',
  th: 'th',
  td: 'td',
  sup: 'sup',
  sub: 'sub',
};
/** Elements that are left out if nothing is in them. */
const NEVER_EMPTY = new Set(['p', 'strong', 'em', 'sup', 'sub', 'caption']);
const SPAN = /^[1-9]\d?$/;
const ORDERED = /^ordered$/i;
/** SPL's styles of lists whose items are lettered or numbered, with HTML's. */
const MARKERS: readonly (readonly [style: RegExp, type: string])[] = [
  [/littlealpha/i, 'a'],
  [/bigalpha/i, 'A'],
  [/littleroman/i, 'i'],
  [/bigroman/i, 'I'],
  [/arabic/i, '1'],
];
/** A picture's description that is a file's name tells a reader nothing. */
const FILE_NAME = /\.(?:jpe?g|png|gif|bmp|tiff?)$|\\/i;
const PICTURE = { en: 'Picture', es: 'Imagen' } as const;

interface OpenElement {
  /** Empty: the element has no counterpart in HTML. */
  readonly tags: readonly string[];
  /** Place of its first piece. */
  from: number;
}

type Attributes = Readonly<Record<string, string>>;
/** HTML, or the id of a picture whose description may follow later in the document. */
type Piece = string | { readonly picture: string };

/** Blanks that bind words are ordinary ones here: whole paragraphs are written with them, and could not be broken into lines. */
const squeeze = (text: string): string => text.replace(/[ \t\r\n\f\u00a0]+/g, ' ');

/** The operator that some labels write for a bullet or a degree, which few fonts have. */
const replaceRing = (text: string): string => text.replace(/(\d ?)\u2218/g, '$1°').replaceAll('\u2218', '◦');

/** Tags of emphasis by a `styleCode`, which may name several styles. */
function findEmphasis(style: string): string[] {
  const isBold = /bold/i.test(style);
  return [...(isBold ? ['strong'] : []), ...(/italics|underline|emphasis/i.test(style) ? ['em'] : [])];
}

function buildSpans({ colspan = '', rowspan = '' }: Attributes): string {
  const write = (name: string, span: string): string => (SPAN.test(span) && span !== '1' ? ` ${name}="${span}"` : '');
  return write('colspan', colspan) + write('rowspan', rowspan);
}

/** True if an address may be a link: pages alone, no places in the label itself. */
const isPage = (href: string): boolean => /^https?:\/\/\S+$/i.test(href) && URL.canParse(href);

/**
 * Writes the narrative of one patient's section as HTML, with every word and no other than the label's, except the note that a picture
 * stands here.
 */
export class SectionWriter {
  readonly #pieces: Piece[] = [];
  readonly #open: OpenElement[] = [];

  #push(html: string): void {
    this.#pieces.push(html);
  }

  #start(tags: readonly string[], attributes = ''): void {
    this.#open.push({ tags, from: this.#pieces.length });
    for (const tag of tags) this.#push(`<${tag}${attributes}>`);
  }

  /** Opens a section's title. @param level of the section, 0 for the patient's section itself */
  startTitle(level: number): void {
    this.#start([level === 0 ? 'h3' : 'h4']);
  }

  /** Opens an element without a counterpart in HTML. */
  startPlain(): void {
    this.#start([]);
  }

  /** Opens an element of the narrative. @param parent name of the element around it */
  start(name: string, attributes: Attributes, parent: string): void {
    const tag = findOwn(TAGS, name);
    if (tag !== undefined) this.#start([tag], tag === 'td' || tag === 'th' ? buildSpans(attributes) : '');
    else if (name === 'content') this.#start(findEmphasis(attributes.styleCode ?? ''));
    else if (name === 'list') this.#startList(attributes);
    else if (name === 'caption') this.#startCaption(parent);
    else if (name === 'linkHtml' && isPage(attributes.href ?? ''))
      this.#start(['a'], ` href="${escapeHtml(attributes.href ?? '')}" rel="noreferrer"`);
    else this.#startOther(name, attributes, parent);
  }

  #startList({ listType = '', styleCode = '' }: Attributes): void {
    const type = MARKERS.find(([style]) => style.test(styleCode))?.[1];
    const isOrdered = type !== undefined || ORDERED.test(listType);
    this.#start([isOrdered ? 'ol' : 'ul'], type === undefined || type === '1' ? '' : ` type="${type}"`);
  }

  /** A table's caption is HTML's own; a list's stands before the list; an item's takes the place of its bullet. */
  #startCaption(parent: string): void {
    if (parent === 'table') this.#start(['caption']);
    else if (parent === 'list') this.#start(['strong']);
    else this.#start([]);
  }

  #startOther(name: string, { referencedObject = '' }: Attributes, parent: string): void {
    const isBlock = name === 'renderMultiMedia' && parent === 'text';
    this.#start(isBlock ? ['p'] : []);
    if (name === 'br') this.#push('<br />');
    if (name === 'footnote') this.#push(' [');
    if (name === 'renderMultiMedia') this.#pieces.push({ picture: referencedObject });
  }

  text(text: string): void {
    this.#push(escapeHtml(squeeze(replaceRing(text))));
  }

  /** Closes the element that was opened last. */
  end(name: string): void {
    const element = this.#open.pop();
    if (!element) return;
    const { tags, from } = element;
    if (name === 'footnote') this.#push(']');
    // The caption of an item is divided from the text behind it.
    if (name === 'caption' && tags.length === 0) this.#push(' ');
    const added = this.#pieces.slice(from + tags.length);
    const isEmpty = added.every((piece) => typeof piece === 'string' && piece.trim() === '');
    if (isEmpty && tags.length > 0 && tags.every((tag) => NEVER_EMPTY.has(tag))) {
      this.#pieces.length = from;
      if (added.length > 0) this.#push(' ');
      return;
    }
    for (const tag of [...tags].reverse()) this.#push(`</${tag}>`);
    const list = this.#open.at(-1);
    if (name === 'caption' && list && /^[ou]l$/.test(list.tags[0] ?? '')) this.#moveBefore(list, from);
  }

  /** Moves the pieces of a caption before its list: it is no item, and has no number. */
  #moveBefore(list: OpenElement, from: number): void {
    const moved = this.#pieces.splice(from);
    this.#pieces.splice(list.from, 0, ...moved);
    list.from += moved.length;
  }

  /** @param findPicture returns a picture's description by the id of its element */
  finish(findPicture: (id: string) => string | undefined, language: Language): string {
    const html = this.#pieces.map((piece) => {
      if (typeof piece === 'string') return piece;
      const text = squeeze(findPicture(piece.picture) ?? '').trim();
      const described = text === '' || FILE_NAME.test(text) ? '' : `: ${escapeHtml(text)}`;
      return `<em>[${PICTURE[language]}${described}]</em>`;
    });
    return html.join('').trim();
  }
}
