import type { Language } from '../core/language.js';

/** A page on an article's subject in a further language that the patient reads. */
export interface HandoutLink {
  /** Its language, title and publisher. */
  readonly name: string;
  readonly address: string;
  /** What the QR code is, for who does not see it. */
  readonly scan: string;
}

/** One article on a handout, in words that are ready to print. */
export interface HandoutArticle {
  readonly title: string;
  readonly language: Language;
  /** What it is: `Health topic`. */
  readonly kind: string;
  /** That it is not in the handout's language; undefined where it is. */
  readonly otherLanguage: string | undefined;
  /** Its text in full as sanitised HTML; undefined where it may not, or cannot, be printed. */
  readonly html: string | undefined;
  /** What is said beside every page on a drug; undefined for others. */
  readonly caution: string | undefined;
  /** Pages in the language that the patient reads, where it is none of ours. */
  readonly links: readonly HandoutLink[];
  readonly address: string;
  /** What leads to the address: `Read more at`. */
  readonly readAt: string;
  /** What the QR code is, for who does not see it. */
  readonly scan: string;
  /** Who wrote it. */
  readonly source: string;
  /** Of when its text is; empty where that is not known. */
  readonly dated: string;
}

/** A handout in words that are ready to print: the page and the PDF show the same. */
export interface Handout {
  readonly language: Language;
  readonly heading: string;
  /** The hospital's name; undefined where it is not configured. */
  readonly siteName: string | undefined;
  readonly printed: string;
  readonly note: { readonly head: string; readonly text: string } | undefined;
  /** Caption of the room for a label with the patient's name; undefined where none is wanted. */
  readonly label: string | undefined;
  readonly articles: readonly HandoutArticle[];
  readonly scanHint: string;
  /** What the reader tells back in own words, with lines to write on; undefined where it is not wanted. */
  readonly teachBack: { readonly head: string; readonly lines: readonly string[] } | undefined;
  readonly help: { readonly head: string; readonly lines: readonly string[] };
  /** The site's notice of language assistance. */
  readonly notice: string | undefined;
  readonly sources: { readonly head: string; readonly lines: readonly string[] };
  readonly isLarge: boolean;
}
