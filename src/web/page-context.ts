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
import { DEPARTMENT, choosePageDepartment, nameSite, type PageDepartment } from './department.js';
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
  | 'departments'
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
export interface PageContext extends PageDepartment {
  readonly language: Language;
  /** The language of handouts for a patient whose own is not known. */
  readonly handoutLanguage: Language;
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
export interface Visit extends Pick<RouteRequest, 'parameters' | 'headers' | 'baseUrl'> {
  readonly now?: Date;
  /** The ward or clinic of the encounter of a launch. */
  readonly department?: string | undefined;
}

type LanguageVisit = Pick<Visit, 'parameters' | 'headers' | 'department'>;

/** The language of ours that the browser prefers (RFC 9110 section 12.5.4), else the usual one. */
function preferredLanguage({ headers }: Pick<Visit, 'headers'>, usual: Language = DEFAULT_LANGUAGE): Language {
  const sent = headers['accept-language']?.split(',', LIMITS.maxLanguages).join();
  if (sent === undefined) return usual;
  const [first = usual] = new Negotiator({ headers: { 'accept-language': sent } }).languages([...LANGUAGES]);
  return chooseLanguage(first) ?? usual;
}

const readPageLanguage = ({ parameters }: Pick<Visit, 'parameters'>): Language | undefined =>
  chooseLanguage(firstValue(parameters, 'lang'));

/** The language of a page: that of `lang`, else the one that the browser prefers, else the department's. */
export function choosePageLanguage(visit: LanguageVisit, { departments }: Pick<SiteFacts, 'departments'>): Language {
  const { department } = choosePageDepartment(departments, visit);
  return readPageLanguage(visit) ?? preferredLanguage(visit, department?.language);
}

/** The language in `lang` if it is none of ours (BCP 47): the page states it, and links to pages in it. */
export function readForeignLanguage(parameters: Parameters): string | undefined {
  return findForeignLanguage(firstValue(parameters, 'lang'));
}

/** The parameters with which a page may be cached: its own, the language and the department. */
export function cacheableWith(...names: readonly string[]): CacheableParameters {
  return { names: new Set([...names, 'lang', DEPARTMENT]), anyCase: false };
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
    departments,
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
  requested: Language | undefined = readPageLanguage(visit),
): PageContext {
  const { baseUrl } = visit;
  const { department, carriedDepartment } = choosePageDepartment(departments, visit);
  const preferred = preferredLanguage(visit, department?.language);
  const language = requested ?? preferred;
  const basePath = baseUrl.replace(/^https?:\/\/[^/]+/, '');
  const carried = { [BASKET]: ids.join(','), [DEPARTMENT]: carriedDepartment };
  const logoQuery = department?.logo ? formatQuery({ [DEPARTMENT]: department.id }) : '';
  const hrefIn = (wanted: string, to: string, sent: Query): string =>
    `${basePath}${to}${formatQuery({ ...carried, ...sent, ...(wanted === preferred ? {} : { lang: wanted }) })}`;
  const other = findOtherLanguage(language);
  return {
    language,
    t: texts(language),
    texts,
    handoutLanguage: requested ?? department?.language ?? language,
    department,
    carriedDepartment,
    siteName: nameSite(siteName, department?.names[language]) ?? siteName,
    connectorName,
    logoUrl: (department?.logo ?? siteLogo) ? `${basePath}${LOGO_PATH}${logoQuery}` : undefined,
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
