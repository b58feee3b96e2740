import * as oauth from 'oauth4webapi';
import type { SignInProvider } from '../../config/sign-in.js';
import { findOwn } from '../../core/find-own.js';
import { LIMITS } from '../../limits.js';
import {
  KeysUnreachable,
  OAuthCalls,
  buildRequestAddress,
  createRequest,
  type PendingRequest,
} from '../oauth-calls.js';
import { SealedRequests } from '../sealer.js';
import { SignInFailure } from '../failures.js';

/** A person who has signed in. */
export interface SignedIn {
  /** By which the log and the audit trail name them. */
  readonly name: string;
  readonly groups: readonly string[];
}

/** A request whose person is at the provider. */
interface PendingSignIn extends PendingRequest {
  /** Path of ours that the person wanted. */
  readonly wanted: string;
  /** As a JWT's claims may be anything. */
  readonly [claim: string]: unknown;
}

const MOST_GROUPS = 1000;
const MOST_NAME_CHARS = 80;

/** Follows a claim's dots into objects. */
function findClaim(claims: object, name: string): unknown {
  const whole = findOwn(claims as Readonly<Record<string, unknown>>, name);
  if (whole !== undefined) return whole;
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? findOwn(value as Readonly<Record<string, unknown>>, key)
          : undefined,
      claims,
    );
}

/** Groups are a list, or a text with blanks or commas between them. */
export function readGroups(value: unknown): string[] {
  const parts: readonly unknown[] =
    typeof value === 'string' ? value.split(/[\s,]+/) : Array.isArray(value) ? value : [];
  return parts.slice(0, MOST_GROUPS).flatMap((one) => (typeof one === 'string' && one !== '' ? [one.trim()] : []));
}

/** A name as a log line may have it. */
export const cleanName = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N}._@+-]/gu, '_').slice(0, MOST_NAME_CHARS);

/** Signs people in at an OpenID provider: code flow with PKCE (OpenID Connect Core, 3.1; RFC 9700). */
export class ProviderClient {
  readonly #provider: SignInProvider;
  readonly #calls: OAuthCalls;
  readonly #pending: SealedRequests<PendingSignIn>;
  readonly #client: oauth.Client;
  #known: { readonly server: oauth.AuthorizationServer; readonly until: number } | undefined;

  /** @param key secret that seals requests, shared by all instances; undefined: each process has its own */
  constructor(userAgent: string, provider: SignInProvider, key: string | undefined) {
    this.#provider = provider;
    this.#calls = new OAuthCalls(userAgent);
    this.#pending = new SealedRequests('sign-in', key);
    this.#client = { client_id: provider.clientId };
  }

  /** Reads the provider's configuration (OpenID Connect Discovery, 4), which is cached. @throws SignInFailure `unreachable` */
  async #discover(now: Date): Promise<oauth.AuthorizationServer> {
    if (this.#known && this.#known.until > now.getTime()) return this.#known.server;
    const { issuer } = this.#provider;
    try {
      const address = new URL(issuer);
      const response = await oauth.discoveryRequest(address, { algorithm: 'oidc', ...this.#calls.through(issuer) });
      const server = await oauth.processDiscoveryResponse(address, response);
      this.#known = { server, until: now.getTime() + LIMITS.smartConfigurationMs };
      return server;
    } catch (error) {
      throw new SignInFailure('unreachable', error);
    }
  }

  /**
   * Creates the authentication request: the address to send the browser to, and what is needed when it comes back, sealed for its cookie.
   * @param wanted path of ours that the person wanted
   * @throws SignInFailure `unreachable`
   */
  async begin(
    wanted: string,
    redirectUri: string,
    now: Date,
  ): Promise<{ state: string; sealed: string; address: string }> {
    const { authorization_endpoint: endpoint } = await this.#discover(now);
    if (endpoint === undefined) throw new SignInFailure('unreachable', new Error('no authorization endpoint'));
    const { clientId, scopes } = this.#provider;
    const pending = { ...createRequest(redirectUri), wanted };
    const address = buildRequestAddress(endpoint, clientId, pending, ['openid', ...scopes]);
    return { state: pending.state, sealed: await this.#pending.seal(pending, now), address };
  }

  /**
   * Exchanges what the provider sent back for the person.
   * @param sealed what `begin` returned
   * @param sent the parameters of the callback
   * @returns the person, and the path that they wanted
   * @throws SignInFailure
   */
  async finish(sealed: string, sent: URLSearchParams, now: Date): Promise<{ person: SignedIn; wanted: string }> {
    const pending = await this.#pending.open(sealed, sent.get('state') ?? '', now);
    if (!pending) throw new SignInFailure('wrong-state');
    const server = await this.#discover(now);
    const response = await this.#exchange(server, sent, pending);
    if (response.status >= 500)
      throw new SignInFailure('unreachable', new Error(`the token endpoint answered ${response.status}`));
    try {
      const answer = await oauth.processAuthorizationCodeResponse(server, this.#client, response, {
        expectedNonce: pending.nonce,
        requireIdToken: true,
      });
      await this.#calls.verifyIdToken(server, response);
      const claims = await this.#addUserInfo(server, answer);
      return { person: this.#readPerson(claims), wanted: pending.wanted };
    } catch (error) {
      if (error instanceof SignInFailure) throw error;
      if (error instanceof KeysUnreachable) throw new SignInFailure('unreachable', error.cause);
      throw new SignInFailure(error instanceof oauth.ResponseBodyError ? 'refused' : 'bad-token', error);
    }
  }

  async #exchange(server: oauth.AuthorizationServer, sent: URLSearchParams, pending: PendingSignIn): Promise<Response> {
    let parameters: URLSearchParams;
    try {
      parameters = oauth.validateAuthResponse(server, this.#client, sent, pending.state);
    } catch (error) {
      if (!(error instanceof oauth.AuthorizationResponseError)) throw new SignInFailure('wrong-state', error);
      throw new SignInFailure(error.error === 'access_denied' ? 'denied' : 'refused', error);
    }
    try {
      return await this.#calls.exchange(this.#provider, server, parameters, pending);
    } catch (error) {
      throw new SignInFailure('unreachable', error);
    }
  }

  /** The claims of the id token; where it lacks the groups, with those of the provider's user information (OpenID Connect Core, 5.3). */
  async #addUserInfo(server: oauth.AuthorizationServer, answer: oauth.TokenEndpointResponse): Promise<oauth.IDToken> {
    const claims = oauth.getValidatedIdTokenClaims(answer);
    if (!claims) throw new Error('no id token');
    const { userinfo_endpoint: endpoint } = server;
    if (endpoint === undefined || findClaim(claims, this.#provider.groupsClaim) !== undefined) return claims;
    const options = this.#calls.through(endpoint);
    const response = await oauth.userInfoRequest(server, this.#client, answer.access_token, options);
    const more = await oauth.processUserInfoResponse(server, this.#client, claims.sub, response);
    return { ...more, ...claims };
  }

  #readPerson(claims: oauth.IDToken): SignedIn {
    const { nameClaim, groupsClaim } = this.#provider;
    const name = findClaim(claims, nameClaim);
    return {
      name: cleanName(typeof name === 'string' && name !== '' ? name : claims.sub),
      groups: readGroups(findClaim(claims, groupsClaim)),
    };
  }

  /**
   * The address at which the provider ends its own session too (OpenID Connect RP-Initiated Logout 1.0); undefined if it has none, or is
   * away.
   * @param home address of ours that it may lead back to
   */
  async findSignOut(home: string, now: Date): Promise<string | undefined> {
    const server = await this.#discover(now).catch(() => undefined);
    if (server?.end_session_endpoint === undefined) return undefined;
    const address = new URL(server.end_session_endpoint);
    address.searchParams.set('client_id', this.#provider.clientId);
    address.searchParams.set('post_logout_redirect_uri', home);
    return address.href;
  }
}
