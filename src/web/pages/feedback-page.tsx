import { findCodeSystem } from '../../core/codes/code-systems.js';
import type { Coding } from '../../core/codes/concept.js';
import { RequestError } from '../../core/errors.js';
import { FEEDBACK_REASONS, findFeedbackReason } from '../../core/evaluation/feedback.js';
import type { Library } from '../../core/model/library.js';
import { normalizeCode } from '../../core/codes/normalize-code.js';
import { LIMITS } from '../../limits.js';
import type { ShownArticle } from '../../protocols/feed/language-links.js';
import { firstValue, type Handler, type Parameters, type Route, type RouteRequest } from '../../protocols/route.js';
import { findShown } from '../find-shown.js';
import { findFormOrigin } from '../form-origin.js';
import { looksLikeChart } from '../list/looks-like-chart.js';
import { CarriedDepartment } from '../department.js';
import {
  type PageContext,
  type PageOptions,
  type Query,
  createPageContext,
  choosePageLanguage,
} from '../page-context.js';
import { namedCode } from '../parts/article-facts.js';
import { BASKET, readArticleIds } from '../parts/basket.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { PLACE, Phrase } from '../parts/phrase.js';
import { pageRoute, describePage } from './page-route.js';

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
function readSubject(request: RouteRequest, options: PageOptions): ShownArticle & { coding: Coding | undefined } {
  const { parameters } = request;
  if (!options.feedback) throw new RequestError('not-found');
  const [shown] = findShown([firstValue(parameters, 'article')], choosePageLanguage(request, options), options.library);
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

/** "Wrong page?": a reason, and what it is about. No field is about a patient. @param lacksReason the form came without a reason */
function formHandler(options: PageOptions, lacksReason: boolean): Handler {
  return async (request) => {
    const { article, text, coding } = readSubject(request, options);
    const about = { article: article.id, system: coding?.system, code: coding?.code };
    const page = createContext(request, options, '/feedback', about);
    const { t } = page;
    const main = (
      <>
        <h1>{t('feedback.title')}</h1>
        <p class="lead">
          <Phrase text={t('feedback.lead', { title: PLACE })}>
            <span lang={text.language}>{text.title}</span>
          </Phrase>
        </p>
        {coding ? <p>{t('feedback.shownFor', { code: namedCode(coding.system, coding.code) })}</p> : null}
        <form action={`${page.basePath}/feedback`} method="post">
          <input type="hidden" name="article" value={article.id} />
          <input type="hidden" name="lang" value={page.language} />
          <CarriedDepartment page={page} />
          {coding ? <input type="hidden" name="system" value={coding.system} /> : null}
          {coding ? <input type="hidden" name="code" value={coding.code} /> : null}
          {page.searched === undefined ? null : <input type="hidden" name="q" value={page.searched} />}
          <fieldset class="fields" aria-describedby={lacksReason ? 'no-reason' : undefined}>
            <legend>{t('feedback.reason')}</legend>
            {lacksReason ? (
              <p class="notice notice-problem" id="no-reason" role="alert">
                {t('feedback.choose')}
              </p>
            ) : null}
            {FEEDBACK_REASONS.map((reason) => (
              <p class="choice-line">
                <input type="radio" id={`reason-${reason}`} name="reason" value={reason} required />
                <label for={`reason-${reason}`}>{t(`feedback.reasons.${reason}`)}</label>
              </p>
            ))}
          </fieldset>
          {options.feedbackText ? (
            <p>
              <label for="remark">{t('feedback.remark')}</label>
              <textarea id="remark" name="remark" rows={3} maxLength={LIMITS.maxRemarkChars} autocomplete="off" />
            </p>
          ) : null}
          <button type="submit">{t('feedback.send')}</button>
        </form>
      </>
    );
    return pageResponse(
      page,
      { title: t('feedback.title'), main, searched: page.searched ?? '' },
      { status: lacksReason ? 400 : 200, facts: { outcome: 'ok' }, headers: NO_STORE },
    );
  };
}

function sendHandler(options: PageOptions): Handler {
  const showAgain = formHandler(options, true);
  return async (request) => {
    // Feedback must come from a page of ours: a client without these headers is rejected too.
    if (findFormOrigin(request) !== 'own') throw new RequestError('foreign-form');
    const subject = readSubject(request, options);
    const reason = findFeedbackReason(firstValue(request.parameters, 'reason'));
    if (!reason) return showAgain(request);
    const { article, text, coding } = subject;
    const mostChars = options.feedbackText ? LIMITS.maxRemarkChars : 0;
    const remark = firstValue(request.parameters, 'remark').slice(0, mostChars);
    await options.feedback?.add({ reason, article: article.id, language: text.language, coding, remark }, request.now);
    const page = createContext(request, options, '/');
    const { t, href, searched } = page;
    const main = (
      <>
        <h1>{t('feedback.thanks')}</h1>
        <p class="notice" role="status">
          {t('feedback.thanksText')}
        </p>
        <p>
          <a href={searched === undefined ? href('/') : href('/find', { q: searched })}>
            {t(searched === undefined ? 'feedback.back' : 'feedback.backToResults')}
          </a>
        </p>
      </>
    );
    const document = { title: t('feedback.thanks'), main, searched: searched ?? '' };
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
