import PDFDocument from 'pdfkit';
import { getOrAdd } from '../core/remember.js';
import type { FontName, Fonts } from './fonts.js';
import { breakLines, type Line } from './lines.js';
import type { Run } from './rich-text.js';
import type { StructureElement, StructureType, TaggedDocument } from './tagged-document.js';

/** A US Letter page and its margins in points: space for a binder's holes and for printers that cut edges. */
const PAGE = { size: 'LETTER', width: 612, height: 792 } as const;
const MARGIN = { side: 54, top: 54, bottom: 64 } as const;
const LEADING = 1.35;

export interface TextStyle {
  /** Font size in points. */
  readonly size: number;
  /** Points from the left margin. */
  readonly indent?: number;
  /** Points left free at the right. */
  readonly keepRight?: number;
  readonly before?: number;
  readonly after?: number;
  /** Points of the following content that must be on the same page. */
  readonly keepNext?: number;
  /** A bullet or number before the first line. */
  readonly label?: { readonly text: string; readonly element: StructureElement; readonly indent: number } | undefined;
  /** The text's language if it differs from the document's. */
  readonly lang?: string | undefined;
}

interface PdfFacts {
  readonly title: string;
  readonly language: string;
  readonly author: string;
  readonly createdOn: Date;
}

/**
 * Writes a tagged PDF (PDF/UA-1, ISO 14289-1) from top to bottom: every text is in a structure element, in reading
 * order; rules and page numbers are artifacts. docs/pdf-ua.md has the checklist.
 */
export class TaggedPdf {
  readonly #document: PDFKit.PDFDocument;
  readonly #tagged: TaggedDocument;
  readonly #fonts: Fonts;
  readonly #chunks: Buffer[] = [];
  readonly #finished: Promise<void>;
  readonly #root: StructureElement;
  readonly #registered = new Set<FontName>();
  readonly #widths = new Map<string, number>();
  y: number = MARGIN.top;

  constructor({ title, language, author, createdOn }: PdfFacts, fonts: Fonts) {
    this.#fonts = fonts;
    const options = {
      size: PAGE.size,
      margins: { left: 0, right: 0, top: 0, bottom: 0 },
      pdfVersion: '1.7',
      subset: 'PDF/UA',
      tagged: true,
      displayTitle: true,
      lang: language,
      bufferPages: true,
      // No default font: pdfkit's is not embedded, which PDF/UA forbids.
      font: '',
      info: { Title: title, Author: author, CreationDate: createdOn },
    };
    this.#document = new PDFDocument(options as PDFKit.PDFDocumentOptions);
    this.#tagged = this.#document as unknown as TaggedDocument;
    this.#finished = new Promise((resolve, reject) => {
      this.#document.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
      this.#document.on('end', resolve);
      this.#document.on('error', reject);
    });
    this.#root = this.#tagged.struct('Document', { lang: language });
    this.#tagged.addStructure(this.#root);
  }

  /** Points between the margins. */
  get width(): number {
    return PAGE.width - 2 * MARGIN.side;
  }

  #font(name: FontName, size: number): void {
    if (!this.#registered.has(name)) {
      this.#document.registerFont(name, this.#fonts.font(name) as unknown as Buffer);
      this.#registered.add(name);
    }
    this.#document.font(name).fontSize(size);
  }

  readonly #measure = (text: string, font: FontName, size: number): number => {
    const width = getOrAdd(this.#widths, `${font} ${text}`, () => {
      this.#font(font, 1000);
      return this.#document.widthOfString(text) / 1000;
    });
    return width * size;
  };

  /** Opens an element below another, or below the document. */
  open(type: StructureType, parent: StructureElement = this.#root, options: object = {}): StructureElement {
    const element = this.#tagged.struct(type, options);
    parent.add(element);
    return element;
  }

  /** Starts a new page if fewer points are left on this one. */
  ensure(points: number): void {
    if (this.y + points <= PAGE.height - MARGIN.bottom || this.y === MARGIN.top) return;
    this.#document.addPage();
    this.y = MARGIN.top;
  }

  #drawPart(element: StructureElement, tag: string, text: string, x: number): void {
    const content = this.#tagged.markStructureContent(tag);
    this.#document.text(text, x, this.y, { lineBreak: false });
    this.#tagged.endMarkedContent();
    element.add(content);
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

  #drawLine({ parts }: Line, element: StructureElement, tag: string, { size, indent = 0 }: TextStyle): void {
    let x = MARGIN.side + indent;
    for (const [index, { text, font, width, href }] of parts.entries()) {
      this.#font(font, size);
      // A space at the end of a line separates its last word from the next line's first when read aloud or copied.
      const spokenText = index === parts.length - 1 ? `${text} ` : text;
      if (href === undefined) this.#drawPart(element, tag, spokenText, x);
      else {
        const link = this.#tagged.struct('Link');
        element.add(link);
        this.#drawPart(link, 'Link', spokenText, x);
        const described = { structParent: link, Contents: new String(href) };
        this.#tagged.link(x, this.y, width, size * LEADING, href, described);
        link.end();
        this.#underline(x, width, size);
      }
      x += width;
    }
    this.y += size * LEADING;
  }

  /** The lines of a text at a size, within its available width. */
  #break(runs: readonly Run[], { size, indent = 0, keepRight = 0 }: TextStyle): Line[] {
    const room = { size, width: this.width - indent - keepRight };
    return [...breakLines(runs, room, this.#fonts, this.#measure)];
  }

  /** Writes a block of text at the current position; neither its first nor its last line is alone on a page. */
  text(type: StructureType, runs: readonly Run[], style: TextStyle, parent?: StructureElement): void {
    const { size, before = 0, after = 0, keepNext = 0, label, lang } = style;
    const lines = this.#break(runs, style);
    if (lines.length === 0) return;
    const height = size * LEADING;
    if (this.y > MARGIN.top) this.y += before;
    const isShort = lines.length <= 3 || type.startsWith('H');
    this.ensure((isShort ? lines.length : 2) * height + keepNext);
    if (label) this.#drawLabel(label, size);
    const element = this.open(type, parent, lang === undefined ? {} : { lang });
    for (const [index, line] of lines.entries()) {
      this.ensure(index === lines.length - 2 ? 2 * height : height);
      this.#drawLine(line, element, type, style);
    }
    element.end();
    this.y += after;
  }

  #drawLabel({ text, element, indent }: NonNullable<TextStyle['label']>, size: number): void {
    this.#font('regular', size);
    this.#drawPart(element, 'Lbl', text, MARGIN.side + indent);
    element.end();
  }

  /** Draws a rule over the whole width, as an artifact. */
  rule({ before, after }: { readonly before: number; readonly after: number }): void {
    this.y += before;
    this.artifact((document, left, top) => {
      document
        .lineWidth(0.75)
        .moveTo(left, top)
        .lineTo(left + this.width, top)
        .stroke('#555');
    });
    this.y += after;
  }

  /** Writes a short text relative to the current position, which does not change. */
  caption(text: string, { size, x, y }: { readonly size: number; readonly x: number; readonly y: number }): void {
    const element = this.open('P');
    this.y += y;
    for (const piece of this.#fonts.divide(text, {})) {
      this.#font(piece.font, size);
      this.#drawPart(element, 'P', piece.text, MARGIN.side + x);
    }
    this.y -= y;
    element.end();
  }

  /** Draws an artifact, which screen readers skip: a rule, a box. Page and position do not change. */
  artifact(draw: (document: PDFKit.PDFDocument, left: number, top: number) => void): void {
    this.#tagged.markContent('Artifact', { type: 'Layout' });
    draw(this.#document, MARGIN.side, this.y);
    this.#tagged.endMarkedContent();
  }

  /** Draws a picture with its alternative text; `y` does not change. @param x points from the left margin */
  figure(
    alt: string,
    { x, width, height }: { readonly x: number; readonly width: number; readonly height: number },
    draw: (document: PDFKit.PDFDocument, left: number, top: number) => void,
    parent: StructureElement = this.#root,
  ): void {
    const left = MARGIN.side + x;
    const bbox = [left, this.y, left + width, this.y + height];
    const element = this.#tagged.struct('Figure', { alt, bbox });
    parent.add(element);
    const content = this.#tagged.markStructureContent('Figure');
    draw(this.#document, left, this.y);
    this.#tagged.endMarkedContent();
    element.add(content);
    element.end();
  }

  /** Writes the page numbers as artifacts. */
  #writePages(write: (page: number, pages: number) => string): void {
    const { count } = this.#document.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.#document.switchToPage(page);
      this.#tagged.markContent('Artifact', { type: 'Pagination' });
      const size = 10;
      let x: number = MARGIN.side;
      for (const { font, text } of this.#fonts.divide(write(page + 1, count), {})) {
        this.#font(font, size);
        this.#document.text(text, x, PAGE.height - MARGIN.bottom + 20, { lineBreak: false });
        x += this.#measure(text, font, size);
      }
      this.#tagged.endMarkedContent();
      this.#tagged.endPageMarkings(this.#tagged.page);
      this.#tagged.page.end();
    }
    this.#tagged._pageBuffer = [];
    this.#tagged._pageBufferStart += count;
  }

  /** Ends the document. @param write formats the footer of a page */
  async finish(write: (page: number, pages: number) => string): Promise<Buffer> {
    this.#writePages(write);
    this.#root.end();
    this.#document.end();
    await this.#finished;
    return Buffer.concat(this.#chunks);
  }
}
