import * as oauth from 'oauth4webapi';
import { LIMITS } from '../limits.js';
import { isLocalHost } from './is-local-host.js';
import { fetchOutside, readLimited } from './outbound.js';

/** The keys of an authorization server could not be read. */
export class KeysUnreachable extends Error {}

/** Calls of authorization servers by oauth4webapi: through the site's proxies, limited in time and size, without redirects. */
export class OAuthCalls {
  readonly #userAgent: string;
  /** Keys of id tokens, by their address. */
  readonly #keys = new Map<string, oauth.JWKSCacheInput>();

  constructor(userAgent: string) {
    this.#userAgent = userAgent;
  }

  readonly fetch = async (address: string, options: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(options.headers);
    headers.set('User-Agent', this.#userAgent);
    const signal = AbortSignal.timeout(LIMITS.smartTimeoutMs);
    const answer = await fetchOutside(address, { ...options, headers, redirect: 'manual', signal });
    const bytes = await readLimited(answer, LIMITS.smartAnswerBytes);
    const { status } = answer;
    return new Response(bytes.length === 0 ? null : bytes, { status, headers: answer.headers });
  };

  /** Options for a call of an address by oauth4webapi. */
  through(address: string) {
    return {
      [oauth.customFetch]: (called: string, options: object) => this.fetch(called, options),
      // Plain http is for the house alone, as everywhere here.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      [oauth.allowInsecureRequests]: isLocalHost(address),
    };
  }

  /**
   * Verifies the signature of a token response's id token by the keys of its server (OpenID Connect Core, 3.1.3.7). Keys that are known
   * may have been rolled: with others the token is tried once more. A server that publishes no keys is trusted by its connection alone.
   * @throws KeysUnreachable; oauth4webapi's errors where no key fits
   */
  async verifyIdToken(server: oauth.AuthorizationServer, response: Response): Promise<void> {
    const { jwks_uri: jwksUri } = server;
    if (jwksUri === undefined) return;
    const known = this.#keys.get(jwksUri);
    try {
      await this.#verifyBy(known ?? {}, server, response, jwksUri);
    } catch (error) {
      if (known === undefined || error instanceof KeysUnreachable) throw error;
      await this.#verifyBy({}, server, response, jwksUri);
    }
  }

  async #verifyBy(
    keys: oauth.JWKSCacheInput,
    server: oauth.AuthorizationServer,
    response: Response,
    jwksUri: string,
  ): Promise<void> {
    this.#keys.set(jwksUri, keys);
    try {
      // A copy: oauth4webapi remembers the keys of a server by its object too.
      await oauth.validateApplicationLevelSignature({ ...server }, response, {
        ...this.through(jwksUri),
        [oauth.jwksCache]: keys,
      });
    } catch (error) {
      if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError)
        throw error;
      throw new KeysUnreachable('the keys cannot be read', { cause: error });
    }
  }
}
