import type { FeedbackQueue } from '../../core/evaluation/feedback.js';
import { RequestError } from '../../core/errors.js';
import type { Route } from '../../protocols/route.js';
import { HandoutPrinter } from '../../handout/handout-printer.js';
import { HelpLines } from '../../handout/help-lines.js';
import { HouseTexts } from '../../handout/house-texts.js';
import type { Logo } from '../../read-logo.js';
import { feedbackRoute, findFormOrigin } from '../feedback-route.js';
import type { ListRouteOptions } from '../list/list-route.js';
import { listRoute } from '../list/list-route.js';
import type { PageOptions } from '../page-context.js';
import type { HandoutOptions } from './handout-route.js';
import { handoutRoutes } from './handout-route.js';
import { describePage } from '../describe-page.js';
import { pageRoute } from '../pages/page-route.js';
import { LOGO_PATH } from '../page-context.js';

/** The hospital's logo, from our own address. An SVG that is opened by itself runs no script. */
function logoRoute(options: PageOptions, logo: Logo | undefined): Route {
  return pageRoute(options, {
    path: LOGO_PATH,
    // Pages that say who may not come in are made of it too.
    isOpen: true,
    headerKind: 'asset',
    get: async () => {
      if (!logo) throw new RequestError('not-found');
      const headers = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" };
      return { status: 200, contentType: logo.contentType, body: logo.bytes, headers, facts: { outcome: 'ok' } };
    },
    document: describePage('logo'),
  });
}

export interface HandOverOptions extends Pick<ListRouteOptions, 'readChart' | 'chartThresholds'> {
  readonly siteName: string | undefined;
  readonly siteLogo: Logo | undefined;
  /** The site's notice of language assistance; undefined: none is printed. */
  readonly languageNotice: string | undefined;
  /** Folder of the site's own handouts; undefined: it has none. */
  readonly houseFolder: string | undefined;
  readonly resourcesDir: string;
  /** IANA name of the time zone whose day a handout was printed on. */
  readonly timeZone: string;
  /** Whether remarks in a reader's own words are stored. */
  readonly feedbackText: boolean;
  /** Undefined: feedback is off. */
  readonly queue: FeedbackQueue | undefined;
  readonly limits: {
    readonly maxChartQuestions: number;
    readonly maxListSteps: number;
    readonly maxListSearches: number;
    readonly maxPacketBytes: number;
    readonly maxHandoutArticles: number;
    readonly maxNoteChars: number;
    readonly maxRemarkChars: number;
    readonly feedbackPerMinute: number;
  };
}

/** Has forms that another site posts rejected: what they hold would be shown under our name. */
function withoutForeignForms(route: Route): Route {
  const { post } = route;
  if (!post) return route;
  return {
    ...route,
    post: async (request) => {
      if (findFormOrigin(request) === 'foreign') throw new RequestError('foreign-form');
      return post(request);
    },
  };
}

/** What handouts are made from: once for all addresses that show some. */
export function createHandoutOptions(web: PageOptions, options: HandOverOptions): HandoutOptions {
  const { siteName, siteLogo, languageNotice, timeZone, limits } = options;
  return {
    ...web,
    limits: { maxArticles: limits.maxHandoutArticles, maxNoteChars: limits.maxNoteChars },
    siteName,
    languageNotice,
    timeZone,
    printer: new HandoutPrinter(siteLogo),
    helpLines: new HelpLines(options.resourcesDir),
    houseTexts: new HouseTexts(options.houseFolder),
  };
}

/** What lists and charts are read and answered with. */
export function listOptions(
  web: PageOptions,
  { readChart, chartThresholds, limits }: HandOverOptions,
): ListRouteOptions {
  const { maxChartQuestions, maxListSteps, maxListSearches, maxPacketBytes, maxHandoutArticles } = limits;
  return {
    ...web,
    readChart,
    chartThresholds,
    mostEntries: maxChartQuestions,
    mostSteps: maxListSteps,
    mostSearches: maxListSearches,
    maxPacketBytes,
    maxHandoutArticles,
  };
}

/** Lists and charts, the patient handout, and what is wrong with a page. */
export function handOverRoutes(web: PageOptions, options: HandOverOptions, handout: HandoutOptions): Route[] {
  const { siteLogo, feedbackText, queue, limits } = options;
  const { maxRemarkChars } = limits;
  const others = [
    ...handoutRoutes(handout),
    logoRoute(web, siteLogo),
    feedbackRoute({
      ...web,
      queue,
      maxRemarkChars: feedbackText ? maxRemarkChars : undefined,
      postsPerMinute: limits.feedbackPerMinute,
    }),
  ];
  return [listRoute(listOptions(web, options)), ...others.map(withoutForeignForms)];
}
