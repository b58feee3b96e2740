import { hash, randomBytes } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import type { Ehr } from '../config/ehrs.js';
import { LIMITS } from '../limits.js';
import { isLocalHost } from './is-local-host.js';
import { fetchOutside, readLimited } from './outbound.js';

/** How a client of ours is known to an authorization server. */
type ClientFacts = Pick<Ehr, 'clientId' | 'authentication'>;

/** An authorization request whose user is at the server. */
export interface PendingRequest {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** Creates an authorization request with secrets of its own. */
export const createRequest = (redirectUri: string): PendingRequest => ({
  state: randomBytes(24).toString('base64url'),
  nonce: randomBytes(24).toString('base64url'),
  codeVerifier: randomBytes(48).toString('base64url'),
  redirectUri,
});

/** Builds the address that the browser is sent to (RFC 6749, 4.1.1), with PKCE by S256. @param more parameters of its kind */
export function buildRequestAddress(
  endpoint: string,
  clientId: string,
  { state, nonce, codeVerifier, redirectUri }: PendingRequest,
  scopes: readonly string[],
  more: Readonly<Record<string, string>> = {},
): string {
  const address = new URL(endpoint);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    nonce,
    ...more,
    code_challenge: hash('sha256', codeVerifier, 'base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address.href;
}

/** How we authenticate, as oauth4webapi takes it. */
async function authenticate(
  { clientId, authentication }: ClientFacts,
  tokenEndpoint: string,
): Promise<oauth.ClientAuth> {
  if (authentication.method === 'none') return oauth.None();
  if (authentication.method === 'client_secret_basic') return oauth.ClientSecretBasic(authentication.secret);
  const { key, keyId, algorithm } = authentication;
  const how =
    algorithm === 'ES384' ? { name: 'ECDSA', namedCurve: 'P-384' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' };
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  const signing = await globalThis.crypto.subtle.importKey('pkcs8', pkcs8, how, false, ['sign']);
  return oauth.PrivateKeyJwt(
    { key: signing, kid: keyId },
    {
      // SMART App Launch 2.2, client-confidential-asymmetric: for the token endpoint, issued by the client to itself.
      [oauth.modifyAssertion]: (header, payload) => {
        Object.assign(header, { typ: 'JWT' });
        Object.assign(payload, { aud: tokenEndpoint, iss: clientId, sub: clientId });
      },
    },
  );
}

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

  /** Exchanges a code for a token (RFC 6749, 4.1.3). */
  async exchange(
    client: ClientFacts,
    server: oauth.AuthorizationServer,
    parameters: URLSearchParams,
    { redirectUri, codeVerifier }: PendingRequest,
  ): Promise<Response> {
    const endpoint = server.token_endpoint ?? '';
    return oauth.authorizationCodeGrantRequest(
      server,
      { client_id: client.clientId },
      await authenticate(client, endpoint),
      parameters,
      redirectUri,
      codeVerifier,
      this.through(endpoint),
    );
  }

  /** Renews a token (RFC 6749, 6). */
  async refresh(client: ClientFacts, server: oauth.AuthorizationServer, refreshToken: string): Promise<Response> {
    const endpoint = server.token_endpoint ?? '';
    const authentication = await authenticate(client, endpoint);
    const named = { client_id: client.clientId };
    return oauth.refreshTokenGrantRequest(server, named, authentication, refreshToken, this.through(endpoint));
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
