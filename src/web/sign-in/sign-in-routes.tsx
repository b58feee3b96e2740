import { firstValue, wholeValue, type Handler, type Route, type RouteRequest } from '../../protocols/route.js';
import { isOwnPath } from '../form-origin.js';
import type { ProviderClient } from '../../upstream/sign-in/provider-client.js';
import { SignInFailure } from '../../upstream/failures.js';
import { describeSignIn } from './account-page.js';
import { createErrorRenderer } from '../pages/error-page.js';
import { createPageContext, type PageOptions } from '../page-context.js';
import { NO_STORE, pageResponse, redirect } from '../parts/layout.js';
import { CALLBACK_PATH, SIGN_IN_PATH, pendingCookie, sessionCookie } from './cookies.js';
import { nameClient, type People } from './people.js';

/** The parts of signing in. */
export interface SignInParts {
  readonly people: People;
  /** Loads the provider's client with the first sign-in; undefined: a proxy signs people in. */
  readonly provider: (() => Promise<ProviderClient>) | undefined;
  /** Notes why a sign-in failed. */
  readonly logFailure: (failure: SignInFailure) => void;
}

type Options = PageOptions & SignInParts;

/** Longest texts that a provider sends back. */
const MOST_CHARS = 4096;

/** Adds the page of a sign-in that fails: what happened, and what to do. */
function withFailures(options: Options, handle: Handler): Handler {
  return async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      if (!(error instanceof SignInFailure)) throw error;
      options.logFailure(error);
      const page = createPageContext(options, request, { path: '/', basket: [] });
      const { t } = page;
      const { reason, status } = error;
      const main = (
        <>
          <h1>{t('signIn.failed')}</h1>
          <p class="notice notice-problem" role="alert">
            {t(`signIn.failures.${reason}`)}
          </p>
          <p>
            <a href={page.href(SIGN_IN_PATH)}>{t('signIn.again')}</a>
          </p>
          <p class="hint">{t('launch.reference', { reason: `sign-in-${reason}` })}</p>
        </>
      );
      const facts = { outcome: `sign-in-${reason}` };
      return pageResponse(page, { title: t('signIn.failed'), main }, { status, facts, headers: NO_STORE });
    }
  };
}

/**
 * A page that leads on to the provider at once. A redirect would not: browsers reject one that follows a form, a search among them, by
 * the page's `form-action`.
 */
function leadToProvider(request: RouteRequest, options: Options, address: string, title: 'leading' | 'signedOut') {
  const page = createPageContext(options, request, { path: '/', basket: [] });
  const { t } = page;
  const main = (
    <>
      <h1>{t(`signIn.${title}`)}</h1>
      <p>
        <a href={address}>{t('signIn.continue')}</a>
      </p>
    </>
  );
  const headers = { ...NO_STORE, Refresh: `0; url=${address}` };
  return pageResponse(page, { title: t(`signIn.${title}`), main }, { facts: { outcome: 'ok' }, headers });
}

/** Loads the provider's client. @throws SignInFailure `by-proxy` where a proxy signs people in */
async function loadProvider({ provider }: Options): Promise<ProviderClient> {
  if (!provider) throw new SignInFailure('by-proxy');
  return provider();
}

/** `/sign-in?to=…`: leads the browser to the provider. Nothing is stored. */
async function begin(request: RouteRequest, options: Options) {
  const { baseUrl, now } = request;
  const to = wholeValue(request.parameters, 'to');
  const wanted = isOwnPath(to) ? to : '/';
  const client = await loadProvider(options);
  const { state, sealed, address } = await client.begin(wanted, `${baseUrl}${CALLBACK_PATH}`, now);
  return {
    ...leadToProvider(request, options, address, 'leading'),
    cookies: [pendingCookie(state).write(sealed, request)],
  };
}

/** `/sign-in/callback`: reads the provider's response, opens a session, and leads to the page that the person wanted. */
async function finish(request: RouteRequest, options: Options) {
  const { baseUrl, now, query, parameters } = request;
  const state = firstValue(parameters, 'state');
  const sealed = pendingCookie(state).read(request);
  if (sealed === '' || query.length > MOST_CHARS) throw new SignInFailure('wrong-state');
  const client = await loadProvider(options);
  const { person, wanted } = await client.finish(sealed, new URLSearchParams(query), now);
  const value = await options.people.open(person, now);
  return {
    ...redirect(`${baseUrl}${wanted}`),
    facts: { outcome: 'ok', client: nameClient(person.name) },
    cookies: [pendingCookie(state).clear(request), sessionCookie.write(value, request)],
  };
}

/** `/sign-out`: ends the session here, and the provider's where it has an address for it. */
async function signOut(request: RouteRequest, options: Options) {
  const { people, provider } = options;
  const { baseUrl, now } = request;
  const ended = await people.end(request, now);
  const home = `${baseUrl}/`;
  const client = ended && (await provider?.());
  const address = await client?.findSignOut(home, now);
  return {
    ...(address === undefined ? redirect(home) : leadToProvider(request, options, address, 'signedOut')),
    facts: { outcome: 'ok', ...(ended ? { client: nameClient(ended.name) } : {}) },
    cookies: [sessionCookie.clear(request)],
  };
}

/** Routes by which people sign in and out. */
export function signInRoutes(options: Options): Route[] {
  const common = { protocol: 'sign-in', headerKind: 'page', renderError: createErrorRenderer(options) } as const;
  return [
    {
      ...common,
      path: SIGN_IN_PATH,
      get: withFailures(options, (request) => begin(request, options)),
      document: describeSignIn('begin'),
    },
    {
      ...common,
      path: CALLBACK_PATH,
      get: withFailures(options, (request) => finish(request, options)),
      document: describeSignIn('callback'),
    },
    {
      ...common,
      path: '/sign-out',
      post: (request) => signOut(request, options),
      document: describeSignIn('signOut'),
    },
  ];
}
