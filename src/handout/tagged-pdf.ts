import type { Fonts } from './fonts.js';
import { breakLines, endWithSpace, groupByLink, type Line, type LinePart } from './lines.js';
import type { Run } from './rich-text.js';
import type { StructureElement, StructureType } from './tagged-document.js';
import { PAGE, SIDE, TaggedPages, type DrawOnPage, type PdfFacts } from './tagged-pages.js';
import { hasRightToLeft, isRightToLeft, isShaped, orderVisually } from './visual-order.js';

/** Text of at most so many lines is not divided between pages. */
const SHORT_LINES = 3;

/** Distances in points. */
export interface PageLayout {
  readonly top: number;
  readonly bottom: number;
  /** Top margin of pages after the first, which have a head. */
  readonly laterTop: number;
  /** Line height per point of font size. */
  readonly leading: number;
}

export interface TextStyle {
  /** Font size in points. */
  readonly size: number;
  /** Points from the left margin. */
  readonly indent?: number;
  /** Points left free at the right. */
  readonly keepRight?: number;
  readonly before?: number;
  readonly after?: number;
  /** Points of the following content that must be on the page of the last lines. */
  readonly keepNext?: number;
  /** A bullet or number before the first line. */
  readonly label?: { readonly text: string; readonly element: StructureElement; readonly indent: number } | undefined;
  /** The text's language if it differs from the document's. */
  readonly lang?: string | undefined;
}

/** A link of the contents whose page number is not written yet. */
interface OpenEntry {
  readonly link: StructureElement;
  readonly destination: string;
  readonly page: number;
  readonly y: number;
  readonly size: number;
  /** End of its title. */
  readonly from: number;
}

/**
 * Writes a tagged PDF (PDF/UA-1, ISO 14289-1) from top to bottom: every text is in a structure element, in reading
 * order; rules and page numbers are artifacts. docs/pdf-ua.md has the checklist.
 */
export class TaggedPdf extends TaggedPages {
  readonly #layout: PageLayout;
  readonly #pageOf = new Map<string, number>();
  readonly #entries: OpenEntry[] = [];
  /** End of the last line of text, in points from the left margin. */
  lastEnd = 0;

  constructor(facts: PdfFacts, fonts: Fonts, layout: PageLayout) {
    super(facts, fonts);
    this.#layout = layout;
    this.y = layout.top;
  }

  /** Share of the last page that is used. */
  get fill(): number {
    return this.y / (PAGE.height - this.#layout.bottom);
  }

  /** Points from the top to the bottom of a later page. */
  get room(): number {
    return PAGE.height - this.#layout.bottom - this.#layout.laterTop;
  }

  get #top(): number {
    return this.pages === 1 ? this.#layout.top : this.#layout.laterTop;
  }

  #lineHeight(size: number): number {
    return size * this.#layout.leading;
  }

  /** Starts a new page if fewer points are left on this one. */
  ensure(points: number): void {
    if (this.y + points <= PAGE.height - this.#layout.bottom || this.y === this.#top) return;
    this.document.addPage();
    this.y = this.#top;
  }

  /** Underlines a link on a screen, and an address on paper. */
  #underline(x: number, width: number, size: number): void {
    const y = this.y + size * 1.15;
    this.artifact((document) => {
      document
        .lineWidth(0.5)
        .moveTo(x, y)
        .lineTo(x + width, y)
        .stroke('#000');
    });
  }

  /** Draws a frame around marks, which sets them apart from the text. */
  #frameMarks(parts: readonly LinePart[], from: number, size: number): void {
    let x = from;
    for (const { width, isMark } of parts) {
      const left = x - 1.5;
      if (isMark)
        this.artifact((document) => {
          document
            .lineWidth(0.75)
            .rect(left, this.y + size * 0.08, width + 3, size * 1.22)
            .stroke('#000');
        });
      x += width;
    }
  }

  #drawLine(line: Line, element: StructureElement, tag: string, style: TextStyle, isTurned: boolean): void {
    const { size, indent = 0, keepRight = 0 } = style;
    const room = this.width - indent - keepRight;
    let x = SIDE + indent + (isTurned ? Math.max(0, room - line.width) : 0);
    // A line that is read from right to left is drawn as a whole: its links are plain text.
    for (const { href, parts } of isTurned ? [{ href: undefined, parts: line.parts }] : groupByLink(line.parts)) {
      const text = parts.map((part) => part.text).join('');
      // A space at the end of a line separates its last word from the next line's first when read aloud or copied.
      const isLast = parts.at(-1) === line.parts.at(-1);
      const ended = isLast ? endWithSpace(parts) : parts;
      const drawn = hasRightToLeft(text) ? orderVisually(parts, isTurned, size, this.measure) : ended;
      const [from, owner] = [x, href === undefined ? element : this.open('Link', element)];
      for (const { anchor } of parts) if (anchor !== undefined) this.#place(anchor);
      if (!isTurned) this.#frameMarks(parts, from, size);
      const draw = (): void => {
        x = this.drawParts(drawn, size, from);
      };
      this.drawTagged(owner, href === undefined ? tag : 'Link', draw, isShaped(text) ? `${text} ` : undefined);
      if (href === undefined) continue;
      const described = { structParent: owner, Contents: new String(href) };
      this.tagged.link(from, this.y, x - from, this.#lineHeight(size), href, described);
      owner.end();
      this.#underline(from, x - from, size);
    }
    this.lastEnd = x - SIDE;
    this.y += this.#lineHeight(size);
  }

  /** The lines of a text within its available width. */
  #break(runs: readonly Run[], { size, indent = 0, keepRight = 0, lang }: TextStyle): Line[] {
    const format = { size, width: this.width - indent - keepRight, language: lang };
    return [...breakLines(runs, format, this.fonts, this.measure)];
  }

  /** Points that a text takes, with the space around it. */
  heightOf(runs: readonly Run[], style: TextStyle): number {
    const lines = this.#break(runs, style).length;
    return lines === 0 ? 0 : (style.before ?? 0) + lines * this.#lineHeight(style.size) + (style.after ?? 0);
  }

  /** Widths in points of a text's longest word, and of the longest of its lines that nothing breaks. */
  widthsOf(runs: readonly Run[], size: number): { readonly longestWord: number; readonly whole: number } {
    const widest = (all: readonly Run[]): number =>
      Math.max(
        0,
        ...[...breakLines(all, { size, width: Infinity }, this.fonts, this.measure)].map(({ width }) => width),
      );
    const words = runs.map((run) => ({ ...run, text: run.text.replaceAll(/\s+/g, '\n') }));
    return { longestWord: widest(words), whole: widest(runs) };
  }

  /** Points of the first lines of a text, which are never alone on a page. */
  leadOf(runs: readonly Run[], style: TextStyle): number {
    return Math.min(this.heightOf(runs, style), (style.before ?? 0) + SHORT_LINES * this.#lineHeight(style.size));
  }

  /** Writes a block of text at the current position; neither its first nor its last line is alone on a page. */
  text(type: StructureType, runs: readonly Run[], style: TextStyle, parent?: StructureElement): void {
    const { size, before = 0, after = 0, keepNext = 0, label, lang } = style;
    const lines = this.#break(runs, style);
    if (lines.length === 0) return;
    const height = this.#lineHeight(size);
    if (this.y > this.#top) this.y += before;
    const isShort = lines.length <= SHORT_LINES || type.startsWith('H');
    const next = keepNext === 0 ? 0 : after + keepNext;
    this.ensure(isShort ? lines.length * height + next : 2 * height);
    if (label) this.#drawLabel(label, size);
    const whole = runs.map(({ text }) => text).join('');
    const element = this.open(type, parent, { lang, actual: isShaped(whole) ? whole : undefined });
    const isTurned = isRightToLeft(whole);
    for (const [index, line] of lines.entries()) {
      // The last two lines stay together, and with the text that they introduce.
      if (!isShort) this.ensure(index === lines.length - 2 ? 2 * height + next : height);
      this.#drawLine(line, element, type, style, isTurned);
    }
    element.end();
    this.y += after;
  }

  #drawLabel({ text, element, indent }: NonNullable<TextStyle['label']>, size: number): void {
    this.drawTagged(element, 'Lbl', () => this.drawParts(this.toParts(text, size), size, SIDE + indent));
    element.end();
  }

  /** Names the current position, so that links of the contents lead there. */
  #place(name: string): void {
    this.#pageOf.set(name, this.pages);
    this.document.addNamedDestination(name, 'XYZ', SIDE, this.y, null);
  }

  /** Adds a bookmark at the current position; links of the contents lead there. */
  bookmark(title: string, name: string): void {
    this.#place(name);
    // pdfkit counts from the right edge.
    this.document.outline.addItem(title, { top: this.y, left: PAGE.width } as object);
  }

  /** Writes a line of the contents: a link to a bookmark, with the number of its page. `parent` must stay open. */
  contentsLine(title: string, destination: string, style: TextStyle, parent: StructureElement): void {
    const { size, after = 0, lang } = style;
    const lines = this.#break([{ text: title }], { ...style, keepRight: size * 3 });
    this.ensure(lines.length * this.#lineHeight(size));
    const item = this.open('TOCI', parent, lang === undefined ? {} : { lang });
    const link = this.open('Link', item);
    const top = this.y;
    for (const line of lines) {
      this.drawTagged(link, 'Link', () => this.drawParts(endWithSpace(line.parts), size, SIDE));
      this.y += this.#lineHeight(size);
    }
    const described = { structParent: link, Contents: new String(title) };
    this.tagged.goTo(SIDE, top, this.width, this.y - top, destination, described);
    const y = this.y - this.#lineHeight(size);
    this.#entries.push({ link, destination, page: this.pages - 1, y, size, from: SIDE + (lines.at(-1)?.width ?? 0) });
    this.y += after;
  }

  /** Writes the page numbers of the contents, with dots that lead to them. */
  #numberContents(): void {
    for (const { link, destination, page, y, size, from } of this.#entries) {
      this.document.switchToPage(page);
      this.y = y;
      const number = this.toParts(String(this.#pageOf.get(destination) ?? ''), size);
      const x = SIDE + this.width - number.reduce((sum, { width }) => sum + width, 0);
      this.artifact((document) => {
        const dots = y + size * 0.95;
        document
          .lineWidth(0.75)
          .dash(0.75, { space: 3 })
          .moveTo(from + 8, dots)
          .lineTo(x - 6, dots)
          .stroke('#555')
          .undash();
      });
      this.drawTagged(link, 'Link', () => this.drawParts(number, size, x));
      link.end();
    }
  }

  /** Draws a rule to the right margin, as an artifact. @param from points from the left margin */
  rule({ before, after, from = 0 }: { readonly before: number; readonly after: number; readonly from?: number }): void {
    this.y += before;
    this.artifact((document, left, top) => {
      document
        .lineWidth(0.75)
        .moveTo(left + from, top)
        .lineTo(left + this.width, top)
        .stroke('#555');
    });
    this.y += after;
  }

  override finish(drawOnPage: DrawOnPage): Promise<Buffer> {
    this.#numberContents();
    return super.finish(drawOnPage);
  }
}
