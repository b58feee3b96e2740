import type { Language } from '../core/model/language.js';

/** An address to type and to scan. */
export interface HandoutAddress {
  readonly address: string;
  /** The text before the address: `Read more at`. */
  readonly readAt: string;
  /** Alternative text of the QR code. */
  readonly scan: string;
}

/** One article on a handout, with texts ready to print. */
export interface HandoutArticle extends HandoutAddress {
  readonly title: string;
  readonly language: Language;
  /** Its kind: `Health topic`. */
  readonly kind: string;
  /** Note that it is not in the handout's language; undefined if it is. */
  readonly otherLanguage: string | undefined;
  /** Its full text as sanitised HTML; undefined if it may not, or cannot, be printed. */
  readonly html: string | undefined;
  /** The caution beside every page on a drug; undefined for others. */
  readonly caution: string | undefined;
  /** Pages on its subject in the patient's language, if that is not one of ours. */
  readonly links: readonly HandoutAddress[];
  /** Its author. */
  readonly source: string;
  /** The date of its text; empty if unknown. */
  readonly dated: string;
}

/** A handout with texts ready to print: the page and the PDF show the same. */
export interface Handout {
  readonly language: Language;
  readonly heading: string;
  /** The hospital's name; undefined if not configured. */
  readonly siteName: string | undefined;
  readonly printed: string;
  readonly note: { readonly head: string; readonly text: string } | undefined;
  /** Caption of the space for a label with the patient's name; undefined if not wanted. */
  readonly label: string | undefined;
  readonly articles: readonly HandoutArticle[];
  readonly scanHint: string;
  /** Teach-back questions with lines to write on; undefined if not wanted. */
  readonly teachBack: { readonly head: string; readonly lines: readonly string[] } | undefined;
  readonly help: { readonly head: string; readonly lines: readonly string[] };
  /** The site's notice of language assistance. */
  readonly notice: string | undefined;
  readonly sources: { readonly head: string; readonly lines: readonly string[] };
  readonly isLarge: boolean;
}

const listTexts = (article: HandoutArticle): string => {
  const { title, kind, otherLanguage = '', html = '', caution = '', links, source, dated } = article;
  const leads = links.map(({ readAt }) => readAt);
  return [title, kind, otherLanguage, html.replace(/<[^<>]*>/g, ' '), caution, ...leads, source, dated].join(' ');
};

/** All printed text of a handout that comes from a site or a clinician. */
export function collectText({ siteName = '', note, articles }: Handout): string {
  return [siteName, note?.text ?? '', ...articles.map(listTexts)].join(' ');
}

/** An address as people type it, with break opportunities. */
export const readable = (address: string): string =>
  address.replace(/^https?:\/\/(www\.)?/, '').replaceAll('/', '/\u200b');
