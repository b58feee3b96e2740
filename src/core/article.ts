import type { AgeGroup } from './age-group.js';
import type { Language } from './language.js';

export const ARTICLE_KINDS = ['topic', 'ency', 'encypi', 'drug', 'herb', 'test', 'genetics', 'vis', 'local'] as const;
/**
 * The kind opens an article's id: MedlinePlus health topic, A.D.A.M. encyclopedia article, A.D.A.M. patient
 * instruction, ASHP drug page, supplement, medical test, genetics page, CDC Vaccine Information Statement, a site's own
 * handout.
 */
export type ArticleKind = (typeof ARTICLE_KINDS)[number];

/** Ids of a site's own articles begin so. */
export const LOCAL_ID_PREFIX = 'local-' satisfies `${ArticleKind}-`;

export const SENSITIVITIES = ['HIV', 'STD', 'PSY', 'ETH', 'SDV', 'SEX', 'GDIS', 'TBOO'] as const;
/** HL7 v3-ActCode information sensitivity; TBOO is what a clinician speaks about first (hospice, the end of life). */
export type Sensitivity = (typeof SENSITIVITIES)[number];

export type Sex = 'male' | 'female';
export type RecipientType = 'PAT' | 'PROV' | 'PAYOR';

/** The phase of care that a page is written for: the first minutes, or the weeks after treatment. */
export type CarePurpose = 'first-aid' | 'aftercare';

/** Who wrote and answers for an article, and what must be said when pointing to it. */
export interface Publisher {
  readonly id: string;
  readonly name: string;
  /** Empty where it has none. */
  readonly url: string;
  /** Text that may not be reproduced: title, address and metadata only. */
  readonly licensed: boolean;
  readonly texts: Readonly<Partial<Record<Language, PublisherText>>>;
}

export interface PublisherText {
  /** "Source: …", said wherever an article of theirs is shown. */
  readonly attribution: string;
  /** The copyright line; empty where the content is in the public domain. */
  readonly rights: string;
  /** The publisher's own disclaimer, in its words. */
  readonly disclaimer: string;
}

/** Where the addresses of a site's own handouts begin; they are served from its folder. */
const HANDOUTS = 'handouts/';

/** The address of a handout by its file name. */
export const handoutUrl = (fileName: string): string => `${HANDOUTS}${encodeURIComponent(fileName)}`;

/** The file name in a handout's address; undefined for any other address. */
export function handoutName(url: string): string | undefined {
  if (!url.startsWith(HANDOUTS)) return undefined;
  const written = url.slice(HANDOUTS.length);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

/** What an article is in one language. */
export interface ArticleText {
  readonly language: Language;
  readonly title: string;
  /** Absolute http(s) address, or `handouts/<file>` of the site's own folder. */
  readonly url: string;
  readonly alsoCalled: readonly string[];
  /** The publisher's summary as HTML, sanitised on its way in; undefined where the library holds none. */
  readonly summaryHtml: string | undefined;
  /** Where title and address come from; `recalled` ones were never seen, `confirmed` ones were recalled and then seen. */
  readonly origin: string;
  /** The day on which the page was last found at its address; undefined where nobody has looked. */
  readonly seenOn?: string | undefined;
}

/** A page of another publisher, or a list of pages, on an article's subject in a further language: link only. */
export interface LanguageLink {
  /** BCP 47; `mul` for a page that lists several languages. */
  readonly language: string;
  /** Its English title; undefined for a page that lists several languages. */
  readonly title?: string | undefined;
  readonly url: string;
  /** Name of its publisher. */
  readonly publisher: string;
}

/** An article: one thing in several languages. Dates are ISO 8601 days. */
export interface Article {
  readonly id: string;
  readonly kind: ArticleKind;
  readonly publisher: Publisher;
  /** Empty where the page is written for any age. */
  readonly ageGroups: readonly AgeGroup[];
  readonly sex: Sex | undefined;
  /** NIH institute named in MedlinePlus's attribution. */
  readonly institute: string | undefined;
  readonly sensitivity: Sensitivity | undefined;
  /** Undefined where the page is not for one phase of care. */
  readonly care: CarePurpose | undefined;
  readonly reviewedOn: string | undefined;
  /** The day on which the review date and reviewers were read off the page. */
  readonly seenOn: string | undefined;
  readonly reviewers: readonly string[];
  readonly relatedTopics: readonly string[];
  /** Names of the groups under which its publisher lists it: English, or of a page in Spanish alone Spanish. */
  readonly groups: readonly string[];
  readonly patientInstructions: readonly string[];
  readonly images: readonly string[];
  readonly referenceCount: number | undefined;
  /** Pages in further languages; some are in one of ours too. */
  readonly links: readonly LanguageLink[];
  readonly texts: Readonly<Partial<Record<Language, ArticleText>>>;
}

/** What is not said of an article of which nothing is said. */
export const UNSAID = {
  ageGroups: [],
  sex: undefined,
  institute: undefined,
  sensitivity: undefined,
  care: undefined,
  reviewedOn: undefined,
  seenOn: undefined,
  reviewers: [],
  relatedTopics: [],
  groups: [],
  patientInstructions: [],
  images: [],
  referenceCount: undefined,
  links: [],
} as const satisfies Partial<Article>;

/** What is not said of a text of which nothing is said. */
export const UNSAID_TEXT = {
  title: '',
  url: '',
  alsoCalled: [],
  summaryHtml: undefined,
  origin: 'curated',
  seenOn: undefined,
} as const satisfies Partial<ArticleText>;

/** An article's text in the asked language, else in another. Undefined for an article without any text. */
export function textIn(article: Article, languages: readonly Language[]): ArticleText | undefined {
  for (const language of languages) {
    const text = article.texts[language];
    if (text) return text;
  }
  return undefined;
}

/**
 * The publisher's own summary, sanitised HTML, where it may be shown: licensed text stays on its publisher's site.
 * Undefined where there is none to show.
 */
export function summaryOf({ publisher }: Article, { summaryHtml }: ArticleText): string | undefined {
  return publisher.licensed ? undefined : summaryHtml;
}

/** A publisher's words in the asked language, else in English. */
export function publisherTextIn(publisher: Publisher, language: Language): PublisherText {
  return publisher.texts[language] ?? publisher.texts.en ?? { attribution: publisher.name, rights: '', disclaimer: '' };
}

/** Ids of the articles that an article points to. */
export const idsPointedTo = ({ relatedTopics, patientInstructions }: Article): string[] => [
  ...relatedTopics,
  ...patientInstructions,
];
