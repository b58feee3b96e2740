import type { ComponentChildren } from 'preact';
import type { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';
import { ERRORS_PATH } from '../../protocols/render-error.js';
import { firstValue, type ErrorRenderer, type RouteRequest, type RouteResponse } from '../../protocols/route.js';
import { createPageContext, type PageContext, type PageOptions, type Query } from '../page-context.js';
import { NO_STORE, pageResponse, redirect } from '../parts/layout.js';
import { looksLikeChart } from '../list/looks-like-chart.js';
import { LinkItem } from '../parts/link-item.js';
import { findOwn } from '../../core/find-own.js';
import { MOST_ADDRESS_CHARS, isOwnPath } from '../form-origin.js';
import { SIGN_IN_PATH } from '../sign-in/cookies.js';

interface ProblemProps {
  readonly error: RequestError;
  readonly page: PageContext;
  readonly children: ComponentChildren;
}

/** The error in the words of a person in front of a browser; undefined if it has no other words than for a program. */
function formatPlainly({ code, values }: RequestError, { t }: PageContext): string | undefined {
  const key = `page.errors.${code}`;
  const text = t(key, values);
  return text === key ? undefined : text;
}

/** An error in the words that programs receive too. */
const formatTechnically = ({ code, values }: RequestError, { t }: PageContext): string => t(`errors.${code}`, values);

/** An error to a person in front of a browser. */
export const formatError = (error: RequestError, page: PageContext): string =>
  formatPlainly(error, page) ?? formatTechnically(error, page);

/**
 * The error with its parameters and reasons, on demand, for the staff who set up the link or the export, and its code, which links to
 * the page of errors.
 */
export function TechnicalError({ error, page }: Pick<ProblemProps, 'error' | 'page'>) {
  return (
    <details class="more">
      <summary>{page.t('page.technical')}</summary>
      {formatPlainly(error, page) === undefined ? null : <p class="hint">{formatTechnically(error, page)}</p>}
      <p class="hint">
        <a href={`${page.href(ERRORS_PATH)}#${error.code}`}>
          {page.t('page.errorList.more')}: <code>{error.code}</code>
        </a>
      </p>
    </details>
  );
}

/** The window's title for an error: the error in a sentence. */
export function problemTitle(error: RequestError, page: PageContext): string {
  const [sentence = ''] = formatError(error, page).split(/\.(?: |$)/);
  return `${page.t(error.status < 500 ? 'page.problem' : 'page.ourProblem')}: ${sentence}`;
}

/** Whether the same request may succeed later, and no other would before. */
const isTransient = ({ status }: RequestError): boolean => [401, 408, 429].includes(status) || status >= 500;

/** The problem, and next steps: to try once more, or the page's own offers, and browsing. */
export function Problem({ error, page, children }: ProblemProps) {
  const { t } = page;
  return (
    <>
      <h1>{t(error.status < 500 ? 'page.problem' : 'page.ourProblem')}</h1>
      <p class="notice notice-problem" role="alert">
        {formatError(error, page)}
      </p>
      {isTransient(error) ? (
        <ul class="tries">
          <li>
            {/* An empty address is the page's own. */}
            <a href="">{t('page.try.same')}</a>
          </li>
        </ul>
      ) : (
        <ul class="tries">
          {children}
          <LinkItem href={page.href('/browse')}>{t('page.try.browse')}</LinkItem>
        </ul>
      )}
      <TechnicalError error={error} page={page} />
    </>
  );
}

/** Parameters of our own pages; other parameters may be anything, and go into no link. */
const OWN_PARAMETERS: readonly string[] = ['q', 'system', 'letter', 'group', 'kind', 'article', 'code', 'language'];

/** The place of a page with an error, for the link to the other language. */
function findPlace({ path, parameters }: Pick<RouteRequest, 'path' | 'parameters'>): {
  path: string;
  query: Query;
} {
  const query: Record<string, string[]> = {};
  let chars = path.length;
  for (const [name, value] of parameters) {
    if (!OWN_PARAMETERS.includes(name) || looksLikeChart(value)) continue;
    query[name] = [...(findOwn(query, name) ?? []), value];
    chars += name.length + value.length;
  }
  if (!isOwnPath(path)) return { path: '/', query: {} };
  return { path, query: chars > MOST_ADDRESS_CHARS ? {} : query };
}

/** Whether the person has not signed in, at an address that only staff may open. */
const needsSignIn = ({ code, values }: RequestError): boolean =>
  code === 'authorization-required' && values.refused === 'sign-in';

/** Sends the browser to sign in, and then to the requested page. */
function leadToSignIn({ baseUrl, path, parameters }: Parameters<ErrorRenderer>[1]): RouteResponse {
  const query = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString();
  const wanted = `${path}${query === '' ? '' : `?${query}`}`;
  const to = isOwnPath(wanted) ? `?${new URLSearchParams({ to: wanted }).toString()}` : '';
  return { ...redirect(`${baseUrl}${SIGN_IN_PATH}${to}`), facts: { outcome: 'authorization-required' } };
}

/** Tells a person whose form was sent after their session had ended how not to lose it. */
function SignInAgain({ page }: { page: PageContext }) {
  const { t } = page;
  return (
    <>
      <h1>{t('signIn.ended')}</h1>
      <p class="notice notice-problem" role="alert">
        {t('signIn.endedHint')}
      </p>
      <p>
        <a href={page.href(SIGN_IN_PATH, { to: '/account' })} target="_blank" rel="noopener">
          {t('signIn.inNewTab')}
        </a>
      </p>
    </>
  );
}

/** An error at an address of ours as a page: what went wrong, and where to go on. */
export function createErrorRenderer(options: PageOptions): ErrorRenderer {
  return (error, request) => {
    const isUnsigned = needsSignIn(error);
    if (isUnsigned && request.method !== 'POST') return leadToSignIn(request);
    const page = createPageContext(options, request, findPlace(request));
    const { t } = page;
    const sent = firstValue(request.parameters, 'q');
    const query = looksLikeChart(sent) ? '' : sent.slice(0, LIMITS.maxQueryChars);
    const main = isUnsigned ? (
      <SignInAgain page={page} />
    ) : (
      <Problem error={error} page={page}>
        <LinkItem href={page.href('/')}>{t('page.try.again')}</LinkItem>
      </Problem>
    );
    const document = { title: problemTitle(error, page), main, searched: query };
    return pageResponse(page, document, { status: error.status, facts: { outcome: error.code }, headers: NO_STORE });
  };
}
