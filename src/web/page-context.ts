import Negotiator from 'negotiator';
import type { Config } from '../config/config.js';
import { ANYONE, type RequestContext } from '../core/answer/knowledge-request.js';
import { DEFAULT_LANGUAGE, LANGUAGES, chooseLanguage, type Language } from '../core/model/language.js';
import { findForeignLanguage } from '../core/model/language-links.js';
import type { TerminologySource } from '../core/answer/terminology-source.js';
import type { FeedbackQueue } from '../core/evaluation/feedback.js';
import type { Library } from '../core/model/library.js';
import type { HandoutPrinter } from '../handout/handout-printer.js';
import type { HelpLines } from '../handout/help-lines.js';
import type { HouseTexts } from '../handout/house-texts.js';
import type { Vocabulary } from '../core/words/vocabulary.js';
import { NO_POLICY, findRefusal, findTreatment, type Sensitive, type Treatment } from '../core/policy/site-policy.js';
import { LIMITS } from '../limits.js';
import { firstValue, type CacheableParameters, type Parameters, type RouteRequest } from '../protocols/route.js';
import type { WardList } from '../read-ward-lists.js';
import type { Texts, Translate } from '../texts.js';
import type { ShownArticle } from '../protocols/feed/language-links.js';
import { assetAddress, type Assets } from './asset-files.js';
import { findShown } from './find-shown.js';
import type { ChartReader } from './list/packet.js';
import { BASKET, readBasket } from './parts/basket.js';
import type { CatalogueReader } from './catalogue.js';

/** Where the hospital's logo is. */
export const LOGO_PATH = '/site-logo';

/** Settings of the site that the pages need. */
type SiteFacts = Pick<
  Config,
  | 'connectorName'
  | 'siteName'
  | 'siteLogo'
  | 'languageNotice'
  | 'interpreterHelp'
  | 'feedbackText'
  | 'timeZone'
  | 'maxArticles'
  | 'chartThresholds'
  | 'signsIn'
>;

/** Parts that pages are made with: the site's configuration, and the parts of the server. */
export interface PageOptions extends SiteFacts {
  readonly library: Library;
  /** Knowledge of words beside the library. */
  readonly vocabulary: Vocabulary;
  /** Listings of the library. */
  readonly catalogue: CatalogueReader;
  /** Queried for what the library does not have. */
  readonly terminologySource: TerminologySource | undefined;
  readonly texts: Texts;
  readonly assets: Assets;
  /** The site's lists of articles, which the first page offers. */
  readonly wardLists: readonly WardList[];
  /** Readers' feedback; undefined: it is off, and its address is 404. */
  readonly feedback: FeedbackQueue | undefined;
  readonly readChart: ChartReader;
  /** Notes that an article of a card of CDS Hooks was opened; undefined: all of its articles were. */
  readonly noteCardOpened?: (card: string, article: string | undefined, now: Date) => void;
  readonly printer: HandoutPrinter;
  readonly helpLines: HelpLines;
  readonly houseTexts: HouseTexts;
}

/** Parameters of an address of ours; empty and undefined ones are left out, lists repeat their name. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A page's language, reader and addresses. */
export interface PageContext {
  readonly language: Language;
  readonly t: Translate;
  readonly texts: Texts;
  /** The hospital's name; the connector's where none is configured. */
  readonly siteName: string;
  readonly connectorName: string;
  /** Address of the hospital's logo; undefined where it has none. */
  readonly logoUrl: string | undefined;
  /** The site's words for staff on how to reach an interpreter; undefined: none. */
  readonly interpreterHelp: string | undefined;
  readonly takesFeedback: boolean;
  /** Whether people sign in here. */
  readonly signsIn: boolean;
  /** The reader: as in the request, else a patient of whom nothing is known, for whom a clinician chooses. */
  readonly reader: RequestContext;
  /** Returns the site's treatment of an article for this reader. */
  readonly findTreatment: (sensitive: Sensitive) => Treatment;
  /** Whether the site lets this reader see an article. */
  readonly isGiven: (sensitive: Sensitive) => boolean;
  /** Whether the site has its own handouts marked whose day of review has passed. */
  readonly marksOverdue: boolean;
  readonly baseUrl: string;
  /** ISO 8601 day; undefined on the page of an error. */
  readonly today: string | undefined;
  /** The language of an address of ours that names none: the one that the browser prefers. */
  readonly preferred: Language;
  /** Path of `baseUrl`, which stands before every address of our own; mostly empty. */
  readonly basePath: string;
  /** The typed query that led to this page; undefined without a search. */
  readonly searched?: string | undefined;
  /** Path of the launch's session where an EHR launched us: its articles are in a basket of its own, and its handout below this path. */
  readonly launched?: string | undefined;
  /** Articles for the handout that the address carries, for browsers without a script. */
  readonly basket: readonly ShownArticle[];
  /** Ids of the articles that are ticked, where the page was posted with them; undefined: those that the answer chooses. */
  readonly ticked?: ReadonlySet<string>;
  /** Additions that distinguish articles of one title on the page, by their ids (parts/namesakes.tsx). */
  readonly namesakes?: ReadonlyMap<string, string>;
  /** Days (ISO 8601, in the site's zone) on which the patient received articles, by their ids: these are not ticked. */
  readonly givenOn?: ReadonlyMap<string, string>;
  /** The address of a file in resources/web. */
  readonly asset: (name: string) => string;
  /** An address of ours in the page's language. */
  readonly href: (path: string, query?: Query) => string;
  /** This page in the other language. */
  readonly otherLanguageUrl: string;
}

const findOtherLanguage = (language: Language): Language =>
  LANGUAGES.find((one) => one !== language) ?? DEFAULT_LANGUAGE;

function formatQuery(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as readonly string[]) : [value as string | undefined]).flatMap((one) =>
      one === undefined || one === '' ? [] : [[name, one] as [string, string]],
    ),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

/** Who opens a page, and how. */
export type Visit = Pick<RouteRequest, 'parameters' | 'headers' | 'baseUrl'> & Partial<Pick<RouteRequest, 'now'>>;

/** The language of ours that the browser prefers (RFC 9110 section 12.5.4); English where it names none. */
function preferredLanguage({ headers }: Pick<Visit, 'headers'>): Language {
  const sent = headers['accept-language']?.split(',', LIMITS.maxLanguages).join();
  if (sent === undefined) return DEFAULT_LANGUAGE;
  const [first = DEFAULT_LANGUAGE] = new Negotiator({ headers: { 'accept-language': sent } }).languages([...LANGUAGES]);
  return chooseLanguage(first) ?? DEFAULT_LANGUAGE;
}

/** The language of a page: that of `lang`, else the one that the browser prefers. */
export function choosePageLanguage(visit: Pick<Visit, 'parameters' | 'headers'>): Language {
  return chooseLanguage(firstValue(visit.parameters, 'lang')) ?? preferredLanguage(visit);
}

/** The language in `lang` if it is none of ours (BCP 47): the page states it, and links to pages in it. */
export function readForeignLanguage(parameters: Parameters): string | undefined {
  return findForeignLanguage(firstValue(parameters, 'lang'));
}

/** The parameters with which a page may be cached: its own, and the language. */
export function cacheableWith(...names: readonly string[]): CacheableParameters {
  return { names: new Set([...names, 'lang']), anyCase: false };
}

/** The site's policy for the reader of a page. */
function applyPolicy(reader: RequestContext, library: Pick<Library, 'status'>) {
  const policy = library.status().policy ?? NO_POLICY;
  return {
    reader,
    marksOverdue: policy.overdue !== 'show',
    findTreatment: (sensitive: Sensitive) => findTreatment(sensitive, reader, policy),
    isGiven: (sensitive: Sensitive) => findRefusal(sensitive, reader, policy) === undefined,
  };
}

/** The page for a reader of whom more is known. */
export const readBy = (page: PageContext, reader: RequestContext, library: Pick<Library, 'status'>): PageContext => ({
  ...page,
  ...applyPolicy({ ...reader, language: page.language, listsHeld: true }, library),
});

/** Where a page is. */
interface PagePlace {
  /** The page's own path, below that of `baseUrl`. */
  readonly path: string;
  /** Its parameters but for the language. */
  readonly query?: Query;
  /** The language that the reader asks for, where it is none of ours: our own links keep it. Left out: that of the address. */
  readonly foreignLanguage?: string | undefined;
  /** Ids of the basket, where the address does not carry them as others do. */
  readonly basket?: readonly string[] | undefined;
}

export function createPageContext(
  {
    texts,
    assets,
    connectorName,
    siteName = connectorName,
    siteLogo,
    interpreterHelp,
    feedback,
    signsIn,
    library,
  }: PageOptions,
  visit: Visit,
  {
    path,
    query = {},
    foreignLanguage = readForeignLanguage(visit.parameters),
    basket: ids = readBasket(visit.parameters),
  }: PagePlace,
  language: Language = choosePageLanguage(visit),
): PageContext {
  const { baseUrl } = visit;
  const preferred = preferredLanguage(visit);
  const basePath = baseUrl.replace(/^https?:\/\/[^/]+/, '');
  const carried = { [BASKET]: ids.join(',') };
  const hrefIn = (wanted: string, to: string, sent: Query): string =>
    `${basePath}${to}${formatQuery({ ...carried, ...sent, ...(wanted === preferred ? {} : { lang: wanted }) })}`;
  const other = findOtherLanguage(language);
  return {
    language,
    t: texts(language),
    texts,
    siteName,
    connectorName,
    logoUrl: siteLogo ? `${basePath}${LOGO_PATH}` : undefined,
    interpreterHelp,
    takesFeedback: feedback !== undefined,
    signsIn,
    ...applyPolicy({ ...ANYONE, language, foreignLanguage, listsHeld: true }, library),
    baseUrl,
    today: visit.now?.toISOString().slice(0, 10),
    preferred,
    basePath,
    basket: findShown(ids, language, library),
    asset: (name) => basePath + assetAddress(assets, name),
    href: (to, sent = {}) => hrefIn(foreignLanguage ?? language, to, sent),
    otherLanguageUrl: hrefIn(other, path, query),
  };
}
