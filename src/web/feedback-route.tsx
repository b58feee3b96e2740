import { findCodeSystem } from '../core/codes/code-systems.js';
import type { Coding } from '../core/codes/concept.js';
import { RequestError } from '../core/errors.js';
import { findFeedbackReason } from '../core/evaluation/feedback.js';
import type { Library } from '../core/model/library.js';
import { normalizeCode } from '../core/codes/normalize-code.js';
import { LIMITS } from '../limits.js';
import type { Handler, Parameters, Route, RouteRequest } from '../protocols/route.js';
import { findShown } from './find-shown.js';
import { BASKET, readArticleIds } from './parts/basket.js';
import { describePage } from './describe-page.js';
import { pageRoute } from './pages/page-route.js';
import { FeedbackForm, Thanks, type Subject } from './pages/feedback-page.js';
import { NO_STORE, pageResponse } from './parts/layout.js';
import type { PageContext, PageOptions, Query } from './page-context.js';
import { createPageContext, firstValue, choosePageLanguage } from './page-context.js';
import { looksLikeChart } from './list/looks-like-chart.js';

function parseHost(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : undefined;
}

/**
 * Finds where a posted form comes from, by the browser's headers: a page of ours, another site, or unknown if there are none.
 * Sec-Fetch-Site (`none`: the person reloads) is sent over https alone, Origin by every browser of this decade.
 */
export function findFormOrigin({ headers, baseUrl }: RouteRequest): 'own' | 'foreign' | 'unknown' {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return 'own';
  if (site !== undefined && site !== 'none') return 'foreign';
  if (headers.origin === undefined) return 'unknown';
  const origin = parseHost(headers.origin);
  return origin !== undefined && (origin === headers.host || origin === parseHost(baseUrl)) ? 'own' : 'foreign';
}

/** The code that the article was shown for. A drug's name may be anything: it is stored only if it leads to the article. */
function readCoding(parameters: Parameters, article: string, library: Library): Coding | undefined {
  const system = findCodeSystem(firstValue(parameters, 'system'))?.id;
  const code = system && normalizeCode(system, firstValue(parameters, 'code'));
  if (!system || code === undefined) return undefined;
  if (system !== 'drug-name') return { system, code };
  const rows = library.findMappings([{ system, code }]);
  return rows.some((row) => row.article === article) ? { system, code } : undefined;
}

/** @throws RequestError `article-not-found`; `not-found` if feedback is off */
function readSubject(request: RouteRequest, options: PageOptions): Subject {
  const { parameters } = request;
  if (!options.feedback) throw new RequestError('not-found');
  const [shown] = findShown([firstValue(parameters, 'article')], choosePageLanguage(request), options.library);
  if (!shown) throw new RequestError('article-not-found');
  return { ...shown, coding: readCoding(parameters, shown.article.id, options.library) };
}

/** A page with its basket, and with what was typed before a page was found wrong, to come back to it. @param about of the form */
function createContext(request: RouteRequest, options: PageOptions, path: string, about?: Query): PageContext {
  const sent = firstValue(request.parameters, 'q').slice(0, LIMITS.maxQueryChars);
  // A chart is no search.
  const searched = sent === '' || looksLikeChart(sent) ? undefined : sent;
  // `article` is what feedback is about.
  const basket = readArticleIds(request.parameters, [BASKET]);
  const query = about ? { ...about, q: searched } : {};
  return { ...createPageContext(options, request, { path, query, basket }), searched };
}

function formHandler(options: PageOptions, lacksReason: boolean): Handler {
  return async (request) => {
    const subject = readSubject(request, options);
    const { article, coding } = subject;
    const about = { article: article.id, system: coding?.system, code: coding?.code };
    const page = createContext(request, options, '/feedback', about);
    const main = (
      <FeedbackForm subject={subject} takesRemark={options.feedbackText} lacksReason={lacksReason} page={page} />
    );
    return pageResponse(
      page,
      { title: page.t('feedback.title'), main, searched: page.searched ?? '' },
      { status: lacksReason ? 400 : 200, facts: { outcome: 'ok' }, headers: NO_STORE },
    );
  };
}

function sendHandler(options: PageOptions): Handler {
  const showAgain = formHandler(options, true);
  return async (request) => {
    // What is stored must come from a page of ours: a client without these headers is rejected too.
    if (findFormOrigin(request) !== 'own') throw new RequestError('foreign-form');
    const subject = readSubject(request, options);
    const reason = findFeedbackReason(firstValue(request.parameters, 'reason'));
    if (!reason) return showAgain(request);
    const { article, text, coding } = subject;
    const mostChars = options.feedbackText ? LIMITS.maxRemarkChars : 0;
    const remark = firstValue(request.parameters, 'remark').slice(0, mostChars);
    await options.feedback?.add({ reason, article: article.id, language: text.language, coding, remark }, request.now);
    const page = createContext(request, options, '/');
    const document = { title: page.t('feedback.thanks'), main: <Thanks page={page} />, searched: page.searched ?? '' };
    return pageResponse(page, document, { facts: { outcome: 'ok' }, headers: NO_STORE });
  };
}

/** `/feedback?article=…&system=…&code=…`: "Wrong page?" of a card. */
export function feedbackRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: '/feedback',
    get: formHandler(options, false),
    post: sendHandler(options),
    postsPerMinute: LIMITS.feedbackPerMinute,
    document: describePage('feedback'),
  });
}
