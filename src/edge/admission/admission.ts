import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { Config } from '../../config/config.js';
import { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';
import { READ_ARTICLES, requireIdentity, requireRight } from '../../protocols/access.js';
import { findArea, isForBrowsers, type ReadArea } from '../../protocols/read-areas.js';
import type { Access } from '../../protocols/identity.js';
import type { HeaderKind, Route } from '../../protocols/route.js';
import type { RouteMethod } from '../../protocols/route-document.js';
import type { Authenticator } from './authenticate.js';
import type { CdsClients } from './cds-clients.js';
import { createRateLimit, type RateLimit } from './rate-limit.js';
import { isRead } from '../answers/answer-builder.js';
import { isForHost, splitAddress } from '../read-request.js';

/**
 * Finds the person of a request: by the cookie of a session, or by a proxy's headers.
 * @param baseUrl address by which the client reaches us
 */
export type FindPerson = (request: IncomingMessage, baseUrl: string) => Promise<Access | undefined>;

export interface AdmissionOptions {
  /** Undefined: no authorization is set up. */
  readonly authenticator: Authenticator | undefined;
  /** EHRs that call CDS Hooks; undefined: the site names none. */
  readonly cdsClients?: CdsClients | undefined;
  /** Finds people who have signed in; undefined: there is no sign-in. */
  readonly people?: FindPerson | undefined;
  /** Areas that only authenticated clients read. */
  readonly closed: ReadonlySet<ReadArea | undefined>;
  /** Requests of each client; undefined: as many as it likes. */
  readonly rateLimit: RateLimit | undefined;
  /** Counts invalid tokens by client address. */
  readonly guesses: RateLimit | undefined;
  /** Names by which clients may address the server, in lower case, without ports; undefined: any. */
  readonly hostNames: ReadonlySet<string> | undefined;
}

/** The client of an authenticated request. */
export const findClientName = (access: Access | undefined): string | undefined =>
  access && 'identity' in access ? access.identity.client : undefined;

/**
 * Another site's page can have our answer run as a script (JSONP), and a browser sends a password along by itself: such a
 * request does not speak for the person.
 */
const isForeignScript = ({ headers }: IncomingMessage): boolean =>
  headers['sec-fetch-dest'] === 'script' && headers['sec-fetch-site'] !== 'same-origin';

/** The token of a request: a bearer's (RFC 6750), or the password from a browser's prompt (RFC 7617; any user). */
function readToken(request: IncomingMessage, takesPassword: boolean): string | undefined {
  const { authorization = '' } = request.headers;
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  if (bearer !== undefined || !takesPassword || isForeignScript(request)) return bearer;
  const [, encoded] = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization) ?? [];
  const pair = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 || colon === pair.length - 1 ? undefined : pair.slice(colon + 1);
}

/** Kinds of route that a client may ask as often as it likes. */
const UNLIMITED: ReadonlySet<HeaderKind> = new Set(['operations', 'asset']);

/** Admits requests: authentication, then the rate limit, then the right. It precedes every answer, also cached ones. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Whether clients are checked: if not, a cached answer is sent at once. */
  readonly looksAtReaders: boolean;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.looksAtReaders = options.closed.size > 0 || options.rateLimit !== undefined;
  }

  /** Returns the error for a request to another host. Probes and scrapes may use any name of the instance. */
  findMisdirection(request: IncomingMessage, findRoute: () => Route): RequestError | undefined {
    const { hostNames } = this.#options;
    if (!hostNames || isForHost(request, hostNames) || findRoute().headerKind === 'operations') return undefined;
    return new RequestError('wrong-host');
  }

  /**
   * Identifies the client, on routes that check it; each request is counted against its client.
   * @param baseUrl address by which the client reaches us
   * @throws RequestError `rate-limited`
   */
  async identify(request: IncomingMessage, route: Route, baseUrl: string): Promise<Access | undefined> {
    const { rateLimit } = this.#options;
    const access = await this.#findOut(request, route, baseUrl);
    // Monitoring must not be limited, nor the style sheet of a page.
    if (rateLimit && !UNLIMITED.has(route.headerKind)) await rateLimit(request, findClientName(access));
    return access;
  }

  /**
   * Lets those pass who may do what they request, where not everyone may.
   * @throws RequestError `authorization-required`, `not-permitted`, `issuer-unavailable`
   */
  permit(access: Access | undefined, { method, headers }: IncomingMessage, route: Route): void {
    // The EHRs that alone may call a route, where there are such.
    if (route.isForCdsClients && this.#options.cdsClients) {
      requireIdentity(access);
      return;
    }
    const isClosed = this.#options.closed.has(findArea(route));
    if (isClosed) requireIdentity(access);
    const routeMethod = isRead(method) ? 'GET' : (method as RouteMethod);
    const rights = route.neededRights?.(routeMethod, headers) ?? (isClosed ? [READ_ARTICLES] : []);
    for (const right of rights) requireRight(access, right);
  }

  async #findOut(request: IncomingMessage, route: Route, baseUrl: string): Promise<Access | undefined> {
    const { authenticator, people, cdsClients, closed } = this.#options;
    if (route.isForCdsClients && cdsClients) {
      const address = baseUrl + splitAddress(request.url ?? '/').path;
      // Each token is for one call: none is remembered.
      return this.#authenticate(request, {
        recall: () => undefined,
        verify: (token) => cdsClients.verify(token, address),
      });
    }
    const area = findArea(route);
    // Tokens are ignored where anyone may read: a proxy may have added them. FHIR checks the rights of a write itself.
    const { isByRight = false, isForPrograms = false } = route;
    const isTokenRead = closed.has(area) || isByRight || (area === 'fhir' && !isRead(request.method));
    if (!isTokenRead) return undefined;
    const isBrowsers = isForBrowsers(area);
    if (people && isBrowsers && !isForeignScript(request)) {
      const person = await people(request, baseUrl);
      if (person) return person;
      const isProgram = isForPrograms && !(request.headers.accept ?? '').includes('text/html');
      if (request.headers.authorization === undefined) return { refused: isProgram ? 'missing' : 'sign-in' };
    }
    return authenticator && this.#authenticate(request, authenticator, isBrowsers);
  }

  async #authenticate(request: IncomingMessage, authenticator: Authenticator, takesPassword = false): Promise<Access> {
    const { guesses } = this.#options;
    const token = readToken(request, takesPassword);
    if (token === undefined) {
      return { refused: request.headers.authorization === undefined ? 'missing' : 'invalid' };
    }
    const known = authenticator.recall(token);
    if (known) return known;
    // Valid tokens are accepted even from an address that guesses: it may be a proxy's. To verify one costs a hash or a signature.
    const { access, isGuess } = await authenticator.verify(token);
    if (isGuess) await guesses?.(request);
    return access;
  }
}

/**
 * Creates the admission that the site configures.
 * @param clock by which tokens expire
 * @param log gets the reasons of rejected calls
 * @param people finds those who have signed in; undefined: there is no sign-in
 */
export async function createAdmission(
  config: Config,
  clock: () => Date,
  log: Pick<Logger, 'warn'>,
  people?: FindPerson,
): Promise<Admission> {
  const { authorization, rateLimitPerMinute, trustedProxies, hostNames, cdsHooks } = config;
  const now = (): number => clock().getTime();
  // Verifiers of tokens are loaded only where a site has tokens.
  const authenticate = authorization && (await import('./authenticate.js'));
  const cds = cdsHooks.clients.length > 0 ? await import('./cds-clients.js') : undefined;
  return new Admission({
    authenticator: authenticate?.createAuthenticator(authorization, now),
    cdsClients: cds?.createCdsClients(cdsHooks.clients, now, (refusal) => {
      log.warn(refusal, 'call of CDS Hooks rejected');
    }),
    people,
    closed: authorization?.closed ?? new Set(),
    rateLimit: createRateLimit(rateLimitPerMinute, trustedProxies),
    guesses: createRateLimit(LIMITS.guessesPerMinute, trustedProxies),
    hostNames,
  });
}
