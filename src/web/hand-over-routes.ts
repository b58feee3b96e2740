import type { FeedbackQueue } from '../core/feedback.js';
import { RequestError } from '../core/errors.js';
import type { Route } from '../protocols/route.js';
import type { Logo } from '../read-logo.js';
import { feedbackRoute, findFormOrigin } from './feedback-route.js';
import type { PacketRouteOptions } from './packet-route.js';
import { packetRoute } from './packet-route.js';
import type { PageOptions } from './page-context.js';
import { sheetRoute } from './sheet-route.js';
import { logoRoute } from './site-logo.js';

export interface HandOverOptions extends Pick<PacketRouteOptions, 'readChart' | 'chartThresholds'> {
  readonly siteName: string | undefined;
  readonly siteLogo: Logo | undefined;
  /** IANA name of the time zone whose day a sheet was printed on. */
  readonly timeZone: string;
  /** Whether feedback in a reader's own words is kept. */
  readonly feedbackText: boolean;
  /** Undefined: no feedback is taken. */
  readonly queue: FeedbackQueue | undefined;
  readonly limits: {
    readonly maxChartQuestions: number;
    readonly maxListSteps: number;
    readonly maxPacketBytes: number;
    readonly maxSheetArticles: number;
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

/** A packet, the sheet to hand over, and what is wrong with a page. */
export function handOverRoutes(web: PageOptions, options: HandOverOptions): Route[] {
  const { siteName, siteLogo, timeZone, feedbackText, queue, readChart, chartThresholds, limits } = options;
  const { maxChartQuestions, maxListSteps, maxPacketBytes, maxSheetArticles, maxNoteChars, maxRemarkChars } = limits;
  return [
    packetRoute({
      ...web,
      readChart,
      chartThresholds,
      mostEntries: maxChartQuestions,
      mostSteps: maxListSteps,
      maxPacketBytes,
      maxSheetArticles,
    }),
    sheetRoute({
      ...web,
      limits: { maxArticles: maxSheetArticles, maxNoteChars },
      siteName,
      timeZone,
      hasLogo: siteLogo !== undefined,
    }),
    logoRoute(web, siteLogo),
    feedbackRoute({
      ...web,
      queue,
      maxRemarkChars: feedbackText ? maxRemarkChars : undefined,
      postsPerMinute: limits.feedbackPerMinute,
    }),
  ].map(withoutForeignForms);
}
