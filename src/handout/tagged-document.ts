/** Structure types that we use (ISO 32000-1 section 14.8.4). */
export type StructureType =
  | 'P'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'H4'
  | 'LBody'
  | 'Lbl'
  | 'Sect'
  | 'L'
  | 'LI'
  | 'Div'
  | 'TOC'
  | 'TOCI'
  | 'Link'
  | 'Table'
  | 'TR'
  | 'TH'
  | 'TD';

/** A structure element with content. */
export interface StructureElement {
  add(child: unknown): unknown;
  end(): void;
}

/** An annotation's description for assistive technology, and the element that it belongs to. */
interface LinkOptions {
  readonly structParent: StructureElement;
  readonly Contents: unknown;
}

/** Members of pdfkit's document that its types lack: structure of content that is drawn at once. */
export interface TaggedDocument {
  struct(type: string, options?: object): StructureElement;
  addStructure(element: StructureElement): void;
  markStructureContent(tag: string): unknown;
  endMarkedContent(): void;
  markContent(tag: string, options?: object): void;
  link(x: number, y: number, width: number, height: number, url: string, options: LinkOptions): void;
  goTo(x: number, y: number, width: number, height: number, name: string, options: LinkOptions): void;
  endPageMarkings(page: unknown): void;
  /** Pages not yet written; `flushPages` writes all of them at once. */
  _pageBuffer: unknown[];
  _pageBufferStart: number;
  readonly page: { end(): void };
}
