import type { Language } from '../core/model/language.js';
import type { Logo } from '../core/model/department.js';

/** An address to type and to scan. */
export interface HandoutAddress {
  readonly address: string;
  /** The text before the address: `Read more at`. */
  readonly readAt: string;
  /** Alternative text of the QR code. */
  readonly scan: string;
  /** The language (BCP 47) of the text before it, and how to scan it in that language; undefined: the handout's. */
  readonly inLanguage?: { readonly language: string; readonly scanHint: string } | undefined;
}

/** The contents of a drug's leaflet. */
export interface LeafletContents {
  readonly head: string;
  /** Which parts come first and are marked; empty if none is. */
  readonly lead: string;
  readonly entries: readonly {
    readonly heading: string;
    /** Place in the text; ids of its HTML are the same. */
    readonly anchor: string;
    /** The patient's situations that the part is about; empty: it is not marked. */
    readonly mark: string;
  }[];
}

/** One article in one language on a handout, with texts ready to print. */
export interface HandoutArticle extends HandoutAddress {
  readonly title: string;
  readonly language: Language;
  /** Language of the words around its text; undefined: the handout's. */
  readonly wordsLanguage?: Language | undefined;
  /** Its kind: `Health topic`. */
  readonly kind: string;
  /** Note that it is not in the handout's language; undefined if it is. */
  readonly otherLanguage: string | undefined;
  /** Its full text as sanitised HTML; undefined if it may not, or cannot, be printed. */
  readonly html: string | undefined;
  /** Contents of a leaflet; undefined for other articles and for a short one. */
  readonly contents?: LeafletContents | undefined;
  /** The caution beside every page on a drug; undefined for others. */
  readonly caution: string | undefined;
  /** Pages on its subject in the patient's language, if that is not one of ours. */
  readonly links: readonly HandoutAddress[];
  /** Its author. */
  readonly source: string;
  /** The date of its text; empty if unknown. */
  readonly dated: string;
}

/** A heading with lines below it. */
interface HeadedLines {
  readonly head: string;
  readonly lines: readonly string[];
}

/** The words of a handout around its articles, in one language. */
export interface HandoutWords {
  readonly language: Language;
  readonly heading: string;
  readonly printed: string;
  readonly help: HeadedLines;
  readonly noteHead: string;
  readonly contentsHead: string;
  readonly scanHint: string;
  /** Teach-back questions with lines to write on; undefined if not wanted. */
  readonly teachBack: HeadedLines | undefined;
  readonly noticeHead: string;
  readonly sources: HeadedLines;
  /** The foot of a page, with `{page}` and `{pages}` in it. */
  readonly page: string;
}

/** A line of the site's notice of language assistance. */
export interface NoticeLine {
  readonly text: string;
  /** BCP 47; undefined if unknown. */
  readonly language: string | undefined;
}

/** A fact of an appointment or a call, with its label in the languages of the paper. */
export interface FollowUpFact {
  readonly label: string;
  readonly text: string;
}

/** The typed follow-up: appointments, and when to call whom. */
export interface HandoutFollowUp {
  readonly head: string;
  readonly parts: readonly { readonly head: string; readonly entries: readonly (readonly FollowUpFact[])[] }[];
}

/** A handout with texts ready to print: the page and the PDF show the same. */
export interface Handout {
  /** In the handout's language; a bilingual handout has words in its second language too. */
  readonly words: readonly [HandoutWords, ...HandoutWords[]];
  /** The hospital's name; undefined if not configured. */
  readonly siteName: string | undefined;
  /** The clinician's note; empty if there is none. */
  readonly note: string;
  readonly followUp: HandoutFollowUp | undefined;
  /** Space for a label with the patient's name; undefined if not wanted. */
  readonly label: { readonly caption: string; readonly isOnEachPage: boolean } | undefined;
  /** In a bilingual handout each article is followed by its text in the second language. */
  readonly articles: readonly HandoutArticle[];
  /** The address of all of the handout, below a heading; undefined if not wanted. */
  readonly whole: (HandoutAddress & { readonly head: string }) | undefined;
  readonly notice: readonly NoticeLine[];
  readonly isLarge: boolean;
}

/** Articles from which on a handout has a list of contents. */
const MIN_CONTENTS = 3;

/** The articles that a list of contents names; none if there are too few for one. */
export const listContents = ({ articles }: Handout): readonly HandoutArticle[] =>
  articles.length < MIN_CONTENTS ? [] : articles;

const listTexts = (article: HandoutArticle): string => {
  const { title, kind, otherLanguage = '', html = '', caution = '', links, source, dated, contents } = article;
  const leads = links.flatMap(({ readAt, inLanguage }) => [readAt, inLanguage?.scanHint ?? '']);
  const listed = contents ? [contents.head, contents.lead, ...contents.entries.map(({ heading }) => heading)] : [];
  return [title, kind, otherLanguage, ...listed, html.replace(/<[^<>]*>/g, ' '), caution, ...leads, source, dated].join(
    ' ',
  );
};

/** All printed text of a handout that comes from a site or a clinician, but for the notice. */
export function collectText({ siteName = '', note, followUp, articles }: Handout): string {
  const facts = followUp?.parts.flatMap(({ entries }) => entries.flat().map(({ text }) => text)) ?? [];
  return [siteName, note, ...facts, ...articles.map(listTexts)].join(' ');
}

/** An address as people type it, with break opportunities. */
export const readable = (address: string): string =>
  address.replace(/^https?:\/\/(www\.)?/, '').replaceAll('/', '/\u200b');

/** A job of the printing thread. */
export interface PrintJob {
  readonly handout: Handout;
  readonly logo: Logo | undefined;
  readonly now: Date;
}

/** The result of a job. */
export interface PrintResult {
  /** Undefined if some letters cannot be printed. */
  readonly pdf: Uint8Array | undefined;
  /** Pages of the PDF. */
  readonly pages: number;
  /** Letters of the handout that no font of ours has. */
  readonly unprintable: readonly string[];
  /** Lines of the notice that the PDF omits because no font has their letters. */
  readonly omitted: readonly NoticeLine[];
}
