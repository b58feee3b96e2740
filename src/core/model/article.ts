import type { AgeGroup } from '../answer/age-group.js';
import type { PublicKeeper } from '../keeping/keeper.js';
import type { LeafletFacts } from '../leaflets/leaflet.js';
import type { Language } from './language.js';

export const ARTICLE_KINDS = [
  'topic',
  'ency',
  'encypi',
  'drug',
  'herb',
  'test',
  'genetics',
  'vis',
  'label',
  'local',
] as const;
/**
 * The kind opens an article's id: MedlinePlus health topic, A.D.A.M. encyclopedia article, A.D.A.M. patient
 * instruction, ASHP drug page, supplement, medical test, genetics page, CDC Vaccine Information Statement, a drug's own leaflet, a site's
 * own handout.
 */
export type ArticleKind = (typeof ARTICLE_KINDS)[number];

/** Prefix of the ids of a site's own articles. */
export const LOCAL_ID_PREFIX = 'local-' satisfies `${ArticleKind}-`;

export const SENSITIVITIES = ['HIV', 'STD', 'PSY', 'ETH', 'SDV', 'SEX', 'GDIS', 'TBOO'] as const;
/** HL7 v3-ActCode information sensitivity; TBOO is what a clinician speaks about first (hospice, the end of life). */
export type Sensitivity = (typeof SENSITIVITIES)[number];

export type Sex = 'male' | 'female';
export type RecipientType = 'PAT' | 'PROV' | 'PAYOR';

/** The phase of care that a page is written for: the first minutes, or the weeks after treatment. */
export type CarePurpose = 'first-aid' | 'aftercare';

/** FHIR system of a GDTI: GS1's address of the application identifier with which a vaccine statement's bar code begins. */
export const GDTI_SYSTEM = 'https://id.gs1.org/253';

/** The organisation that wrote and answers for an article, and the texts to show when linking to it. */
export interface Publisher {
  readonly id: string;
  readonly name: string;
  /** Empty if it has none. */
  readonly url: string;
  /** The text may not be reproduced: title, address and metadata only. */
  readonly licensed: boolean;
  readonly texts: Readonly<Partial<Record<Language, PublisherText>>>;
}

export interface PublisherText {
  /** "Source: …", shown wherever one of its articles is shown. */
  readonly attribution: string;
  /** The copyright line; empty where the content is in the public domain. */
  readonly rights: string;
  /** The publisher's own disclaimer, in its words. */
  readonly disclaimer: string;
}

/** Prefix of the addresses of a site's own handouts, which are served from its folder. */
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

/** A publisher's own words on an article's subject, in one language. */
export interface Summary {
  /** Sanitised HTML; it is read where it is stored, each time. */
  readonly html: string;
  /** The day on which these were its publisher's words, ISO 8601; undefined if it is not known. */
  readonly on: string | undefined;
}

/** An article's content in one language. */
export interface ArticleText {
  readonly language: Language;
  readonly title: string;
  /** Absolute http(s) address, or `handouts/<file>` of the site's own folder. */
  readonly url: string;
  readonly alsoCalled: readonly string[];
  /** Undefined if the library holds none. */
  readonly summary: Summary | undefined;
  /** Source of title and address; `recalled` ones were never seen, `confirmed` ones were recalled and then seen. */
  readonly origin: string;
  /** The day on which the page was last found at its address; undefined if it was never checked. */
  readonly seenOn?: string | undefined;
  /** Who answers for a site's own handout, and until when it is good; undefined if the site does not say. */
  readonly keeper?: PublicKeeper | undefined;
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
  /** Empty if the page is for any age. */
  readonly ageGroups: readonly AgeGroup[];
  readonly sex: Sex | undefined;
  /** NIH institute named in MedlinePlus's attribution. */
  readonly institute: string | undefined;
  readonly sensitivity: Sensitivity | undefined;
  /** Undefined if the page is not for one phase of care. */
  readonly care: CarePurpose | undefined;
  readonly reviewedOn: string | undefined;
  /** The day of a vaccine statement's edition, which tells it from earlier ones of the same name. */
  readonly editionOn: string | undefined;
  /** GS1's Global Document Type Identifier of a vaccine statement, as in its bar code: the same in all its editions. */
  readonly gdti: string | undefined;
  /** The day on which review date and reviewers were read from the page. */
  readonly seenOn: string | undefined;
  readonly reviewers: readonly string[];
  readonly relatedTopics: readonly string[];
  /** Names of the groups under which its publisher lists it, in English; in Spanish if the page is only in Spanish. */
  readonly groups: readonly string[];
  readonly patientInstructions: readonly string[];
  readonly images: readonly string[];
  readonly referenceCount: number | undefined;
  /** Present on a drug's own leaflet alone. */
  readonly leaflet?: LeafletFacts;
  /** Pages in further languages; some are also in English or Spanish. */
  readonly links: readonly LanguageLink[];
  readonly texts: Readonly<Partial<Record<Language, ArticleText>>>;
}

/** Default values of an article's optional fields. */
export const DEFAULT_FACTS = {
  ageGroups: [],
  sex: undefined,
  institute: undefined,
  sensitivity: undefined,
  care: undefined,
  reviewedOn: undefined,
  editionOn: undefined,
  gdti: undefined,
  seenOn: undefined,
  reviewers: [],
  relatedTopics: [],
  groups: [],
  patientInstructions: [],
  images: [],
  referenceCount: undefined,
  links: [],
} as const satisfies Partial<Article>;

/** Default values of a text's optional fields. */
export const DEFAULT_TEXT_FACTS = {
  title: '',
  url: '',
  alsoCalled: [],
  summary: undefined,
  origin: 'curated',
  seenOn: undefined,
} as const satisfies Partial<ArticleText>;

/** An article's text in the first available of the languages. Undefined if the article has no text. */
export function textIn(article: Article, languages: readonly Language[]): ArticleText | undefined {
  for (const language of languages) {
    const text = article.texts[language];
    if (text) return text;
  }
  return undefined;
}

/**
 * The publisher's own summary. Undefined if there is none or it is licensed: such text stays on the publisher's site.
 */
export function findSummary({ publisher }: Article, { summary }: ArticleText): Summary | undefined {
  return publisher.licensed ? undefined : summary;
}

/** A publisher's texts in the requested language, else in English. */
export function publisherTextIn(publisher: Publisher, language: Language): PublisherText {
  return publisher.texts[language] ?? publisher.texts.en ?? { attribution: publisher.name, rights: '', disclaimer: '' };
}

/** Ids of the articles that an article points to. */
export const idsPointedTo = ({ relatedTopics, patientInstructions }: Article): string[] => [
  ...relatedTopics,
  ...patientInstructions,
];

/** All names of an article, in every language. */
export const listNames = ({ texts }: Pick<Article, 'texts'>): string[] =>
  Object.values(texts).flatMap(({ title, alsoCalled }) => [title, ...alsoCalled]);
