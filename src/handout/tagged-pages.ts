import PDFDocument from 'pdfkit';
import { getOrAdd } from '../core/remember.js';
import type { FontName, Fonts } from './fonts.js';
import type { LinePart } from './lines.js';
import type { StructureElement, StructureType, TaggedDocument } from './tagged-document.js';
import { hasRightToLeft } from './visual-order.js';

/** A US Letter page in points. */
export const PAGE = { size: 'LETTER', width: 612, height: 792 } as const;
/** Side margins in points: space for a binder's holes and for printers that cut edges. */
export const SIDE = 54;

export interface PdfFacts {
  readonly title: string;
  readonly language: string;
  readonly author: string;
  readonly createdOn: Date;
}

/** Points from the top of a line to its baseline, per point of font size: the fonts in a line have one baseline. */
const BASELINE = 0.95;

/** A member of pdfkit's document that its types lack. */
interface OpeningDocument {
  openImage(bytes: Buffer): { readonly width: number; readonly height: number };
}

/** Draws with pdfkit at a place in points. */
export type Draw = (document: PDFKit.PDFDocument, left: number, top: number) => void;

/** Draws what screen readers skip on a page: its number, its head. */
export type DrawOnPage = (page: number, pages: number) => Draw;

/** The pages of a tagged PDF: what is drawn on them is content of a structure element, or an artifact. */
export class TaggedPages {
  protected readonly document: PDFKit.PDFDocument;
  protected readonly tagged: TaggedDocument;
  protected readonly fonts: Fonts;
  readonly #chunks: Buffer[] = [];
  readonly #finished: Promise<void>;
  readonly #root: StructureElement;
  readonly #registered = new Set<FontName>();
  readonly #widths = new Map<string, number>();
  /** Points from the top of the page. */
  y = 0;

  constructor({ title, language, author, createdOn }: PdfFacts, fonts: Fonts) {
    this.fonts = fonts;
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
    this.document = new PDFDocument(options as PDFKit.PDFDocumentOptions);
    this.tagged = this.document as unknown as TaggedDocument;
    this.#finished = new Promise((resolve, reject) => {
      this.document.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
      this.document.on('end', resolve);
      this.document.on('error', reject);
    });
    this.#root = this.tagged.struct('Document', { lang: language });
    this.tagged.addStructure(this.#root);
  }

  /** Points between the side margins. */
  get width(): number {
    return PAGE.width - 2 * SIDE;
  }

  /** Number of pages so far. */
  get pages(): number {
    return this.document.bufferedPageRange().count;
  }

  #font(name: FontName, size: number): void {
    if (!this.#registered.has(name)) {
      this.document.registerFont(name, this.fonts.font(name) as unknown as Buffer);
      this.#registered.add(name);
    }
    this.document.font(name).fontSize(size);
  }

  protected readonly measure = (text: string, font: FontName, size: number): number => {
    const width = getOrAdd(this.#widths, `${font} ${text}`, () => {
      this.#font(font, 1000);
      return this.document.widthOfString(text) / 1000;
    });
    return width * size;
  };

  /** A short text as parts of one line. */
  protected toParts(text: string, size: number): LinePart[] {
    return this.fonts
      .divide(text, {})
      .map((piece) => ({ ...piece, width: this.measure(piece.text, piece.font, size) }));
  }

  /** Opens an element below another, or below the document. */
  open(type: StructureType, parent: StructureElement = this.#root, options: object = {}): StructureElement {
    const element = this.tagged.struct(type, options);
    parent.add(element);
    return element;
  }

  /** Opens a cell of a table with the columns that it takes; a header is of its column. */
  openCell(type: 'TH' | 'TD', row: StructureElement, columns: number): StructureElement {
    const cell = this.open(type, row);
    const scope = type === 'TH' ? { Scope: 'Column' } : {};
    const span = columns > 1 ? { ColSpan: columns } : {};
    const attributes = this.document.ref({ O: 'Table', ...scope, ...span });
    attributes.end(undefined);
    (cell as unknown as { readonly dictionary: { readonly data: Record<string, unknown> } }).dictionary.data.A =
      attributes;
    return cell;
  }

  /** Draws content of an element at once. @param spokenText its text, if it cannot be read back from its glyphs */
  protected drawTagged(element: StructureElement, tag: string, draw: () => void, spokenText?: string): void {
    const content = this.tagged.markStructureContent(tag);
    if (spokenText !== undefined) this.tagged.markContent('Span', { actual: spokenText });
    draw();
    if (spokenText !== undefined) this.tagged.endMarkedContent();
    this.tagged.endMarkedContent();
    element.add(content);
  }

  /** Draws parts of a line from left to right. @returns where they end */
  protected drawParts(parts: readonly LinePart[], size: number, from: number): number {
    let x = from;
    for (const { text, font, width } of parts) {
      this.#font(font, size);
      // With a list of features, even an empty one, pdfkit lays out a text as a whole: word by word, the words of
      // a right-to-left text would be in the wrong order.
      const features: PDFKit.Mixins.OpenTypeFeatures[] = [];
      const options = { lineBreak: false, baseline: 'alphabetic' } as const;
      const y = this.y + size * BASELINE;
      this.document.text(text, x, y, hasRightToLeft(text) ? { ...options, features } : options);
      x += width;
    }
    return x;
  }

  /** Draws an artifact, which screen readers skip: a rule, a box. Page and position do not change. */
  artifact(draw: Draw): void {
    this.tagged.markContent('Artifact', { type: 'Layout' });
    draw(this.document, SIDE, this.y);
    this.tagged.endMarkedContent();
  }

  /** Draws a logo at the left margin, as an artifact. @returns its width in points */
  logo(bytes: Uint8Array, most: { readonly width: number; readonly height: number }): number {
    const image = (this.document as unknown as OpeningDocument).openImage(Buffer.from(bytes));
    const scale = Math.min(most.width / image.width, most.height / image.height);
    this.artifact((document, left, top) => {
      document.image(image as unknown as Buffer, left, top, { scale });
    });
    return image.width * scale;
  }

  /** Writes a short text within an artifact. @param x points from the left margin @param y from the top */
  write(text: string, { x, y, size }: { readonly x: number; readonly y: number; readonly size: number }): void {
    const before = this.y;
    this.y = y;
    this.drawParts(this.toParts(text, size), size, SIDE + x);
    this.y = before;
  }

  /** Draws a picture with its alternative text; `y` does not change. @param x points from the left margin */
  figure(
    alt: string,
    { x, width, height }: { readonly x: number; readonly width: number; readonly height: number },
    draw: Draw,
    parent: StructureElement,
  ): void {
    const left = SIDE + x;
    const bbox = [left, this.y, left + width, this.y + height];
    const element = this.tagged.struct('Figure', { alt, bbox });
    parent.add(element);
    this.drawTagged(element, 'Figure', () => {
      draw(this.document, left, this.y);
    });
    element.end();
  }

  /** Ends the document. @param drawOnPage draws the foot, and the head of a later page, as artifacts */
  async finish(drawOnPage: DrawOnPage): Promise<Buffer> {
    const { pages } = this;
    for (let page = 0; page < pages; page += 1) {
      this.document.switchToPage(page);
      this.tagged.markContent('Artifact', { type: 'Pagination' });
      drawOnPage(page + 1, pages)(this.document, SIDE, 0);
      this.tagged.endMarkedContent();
      this.tagged.endPageMarkings(this.tagged.page);
      this.tagged.page.end();
    }
    this.tagged._pageBuffer = [];
    this.tagged._pageBufferStart += pages;
    this.#root.end();
    this.document.end();
    await this.#finished;
    return Buffer.concat(this.#chunks);
  }
}
