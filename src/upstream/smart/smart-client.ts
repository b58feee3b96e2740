import * as oauth from 'oauth4webapi';
import type { Ehr } from '../../config/ehrs.js';
import { KeysUnreachable, OAuthCalls, buildRequestAddress, createRequest } from '../oauth-calls.js';
import { readGranted, renewGranted, type Granted } from './granted.js';
import { LaunchFailure, type LaunchFailureReason } from '../failures.js';
import { PendingLaunches, type PendingLaunch } from './pending-launches.js';
import { listScopes } from './scopes.js';
import { readSmartConfiguration, type SmartConfiguration } from './smart-configuration.js';
import type { Abilities } from '../write-back/abilities.js';
import { LIMITS } from '../../limits.js';
import { findOwn } from '../../core/find-own.js';
import { decodeJwt } from 'jose';

/** Errors of the authorization endpoint (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6). */
const AUTHORIZATION_ERRORS: Readonly<Record<string, LaunchFailureReason>> = {
  access_denied: 'denied',
  login_required: 'sign-in-needed',
  interaction_required: 'sign-in-needed',
  consent_required: 'sign-in-needed',
  account_selection_required: 'sign-in-needed',
  invalid_scope: 'scope-refused',
  unauthorized_client: 'client-refused',
  invalid_client: 'client-refused',
  server_error: 'ehr-failed',
  temporarily_unavailable: 'ehr-failed',
};

/** The issuer and the nonce of a token response's id token, not verified yet; nothing where there is none. */
function readClaims(text: string): { readonly issuer?: string | undefined; readonly nonce?: unknown } {
  try {
    const { id_token: token } = JSON.parse(text) as { id_token?: unknown };
    if (typeof token !== 'string') return {};
    const { iss, nonce } = decodeJwt(token);
    return { issuer: iss, nonce };
  } catch {
    return {};
  }
}

/**
 * Whether an id token may come from this issuer: the FHIR server, or an address beside the token endpoint, as SMART's own launcher names
 * it. The token endpoint itself sent it, over a connection that is verified (OpenID Connect Core, 3.1.3.7, 6).
 */
function isIssuer(issuer: string | undefined, { tokenEndpoint }: SmartConfiguration, { iss }: Ehr): issuer is string {
  const folder = new URL('.', tokenEndpoint);
  const isBeside = folder.pathname !== '/' && issuer?.startsWith(folder.href) === true;
  return isBeside || issuer?.replace(/(?<!\/)\/+$/, '') === iss;
}

/**
 * The authorization server as oauth4webapi takes it.
 * @param issuer who issues id tokens; SMART configurations name another than OpenID discovery may, or none
 */
const toAuthorizationServer = (
  { authorizationEndpoint, tokenEndpoint, jwksUri }: SmartConfiguration,
  issuer: string,
): oauth.AuthorizationServer => ({
  issuer,
  authorization_endpoint: authorizationEndpoint,
  token_endpoint: tokenEndpoint,
  ...(jwksUri === undefined ? {} : { jwks_uri: jwksUri }),
  id_token_signing_alg_values_supported: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'PS256', 'PS384'],
});

/** Checks an authorization response. @throws LaunchFailure */
function validate(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  sent: URLSearchParams,
  state: string,
): URLSearchParams {
  try {
    return oauth.validateAuthResponse(server, client, sent, state);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      throw new LaunchFailure(findOwn(AUTHORIZATION_ERRORS, error.error) ?? 'request-refused', error);
    }
    throw new LaunchFailure('wrong-state', error);
  }
}

/** Errors of the token endpoint (RFC 6749, 5.2). */
const TOKEN_ERRORS: Readonly<Record<string, LaunchFailureReason>> = {
  invalid_grant: 'code-expired',
  invalid_client: 'client-refused',
  unauthorized_client: 'client-refused',
  invalid_scope: 'scope-refused',
};

/** The SMART client: discovery, the authorization request, and the exchange of a code for a token. */
export class SmartClient {
  readonly #calls: OAuthCalls;
  readonly #pending: PendingLaunches;
  readonly #readAbilities: (base: string, now: Date) => Promise<Abilities | undefined>;
  readonly #known = new Map<string, { readonly configuration: SmartConfiguration; readonly until: number }>();

  /**
   * @param launchKey secret that seals pending launches, shared by all instances; undefined: each process has its own
   * @param readAbilities reads what a server can do, to request no scopes that it lacks; undefined: not known
   */
  constructor(
    userAgent: string,
    ehrs: readonly Ehr[],
    launchKey: string | undefined,
    readAbilities: (base: string, now: Date) => Promise<Abilities | undefined> = async () => undefined,
  ) {
    this.#calls = new OAuthCalls(userAgent);
    this.#readAbilities = readAbilities;
    this.#pending = new PendingLaunches(ehrs, launchKey);
  }

  /** Reads `{iss}/.well-known/smart-configuration`, which is cached. @throws LaunchFailure `ehr-unreachable`, `ehr-unfit` */
  async discover({ iss }: Ehr, now: Date): Promise<SmartConfiguration> {
    const known = this.#known.get(iss);
    if (known && known.until > now.getTime()) return known.configuration;
    let text: string;
    try {
      const answer = await this.#calls.fetch(`${iss}/.well-known/smart-configuration`, {
        headers: { Accept: 'application/json' },
      });
      if (answer.status !== 200) throw new Error(`smart-configuration was answered with ${answer.status}`);
      text = await answer.text();
    } catch (error) {
      throw new LaunchFailure('ehr-unreachable', error);
    }
    const configuration = readSmartConfiguration(text);
    this.#known.set(iss, { configuration, until: now.getTime() + LIMITS.smartConfigurationMs });
    return configuration;
  }

  /**
   * Creates the authorization request (SMART App Launch 2.2, 2.0.9): the address to send the browser to, and what is needed when it
   * comes back, sealed for the browser's cookie. PKCE by S256; `aud` is the FHIR server.
   * @param launch the EHR's handle; undefined: standalone, the EHR asks the user for the patient
   * @throws LaunchFailure `ehr-unreachable`, `ehr-unfit`
   */
  async begin(
    ehr: Ehr,
    launch: string | undefined,
    redirectUri: string,
    now: Date,
  ): Promise<{ state: string; sealed: string; address: string }> {
    const [configuration, abilities] = await Promise.all([this.discover(ehr, now), this.#readAbilities(ehr.iss, now)]);
    const version = ehr.scopeVersion ?? (configuration.capabilities.includes('permission-v2') ? 2 : 1);
    const offer = { isOnline: configuration.isOnline, abilities };
    const pending: PendingLaunch = {
      ...createRequest(redirectUri),
      ehr,
      scopeVersion: version,
      isStandalone: launch === undefined,
      isOnline: configuration.isOnline,
    };
    const scopes = listScopes(ehr, version, launch === undefined, offer);
    const more = { aud: ehr.iss, ...(launch === undefined ? {} : { launch }) };
    const address = buildRequestAddress(configuration.authorizationEndpoint, ehr.clientId, pending, scopes, more);
    return { state: pending.state, sealed: await this.#pending.seal(pending, now), address };
  }

  /**
   * Exchanges what the EHR sent back for a token (RFC 6749, 4.1.3).
   * @param sealed what `begin` returned
   * @param sent the parameters of the callback
   * @throws LaunchFailure
   */
  async finish(sealed: string, sent: URLSearchParams, now: Date): Promise<{ granted: Granted; ehr: Ehr }> {
    const pending = await this.#pending.open(sealed, sent.get('state') ?? '', now);
    const { ehr } = pending;
    const configuration = await this.discover(ehr, now);
    const server = toAuthorizationServer(configuration, configuration.issuer ?? ehr.iss);
    const client: oauth.Client = { client_id: ehr.clientId };
    // RFC 9207: there is nothing to compare it with.
    if (configuration.issuer === undefined) sent.delete('iss');
    const parameters = validate(server, client, sent, pending.state);
    let response: Response;
    try {
      response = await this.#calls.exchange(ehr, server, parameters, pending);
    } catch (error) {
      throw new LaunchFailure('ehr-unreachable', error);
    }
    if (response.status >= 500)
      throw new LaunchFailure('ehr-failed', new Error(`the token endpoint answered ${response.status}`));
    try {
      const { issuer, nonce } = readClaims(await response.clone().text());
      const issued = isIssuer(issuer, configuration, ehr) ? toAuthorizationServer(configuration, issuer) : server;
      const answer = await oauth.processAuthorizationCodeResponse(issued, client, response, {
        // Some servers leave the nonce out. PKCE ties the code to this browser all the same (RFC 9700, 2.1.1).
        expectedNonce: nonce === undefined ? oauth.expectNoNonce : pending.nonce,
      });
      if (oauth.getValidatedIdTokenClaims(answer)) await this.#verifyIdToken(issued, response);
      return { granted: readGranted(answer, pending), ehr };
    } catch (error) {
      if (error instanceof LaunchFailure) throw error;
      const code = error instanceof oauth.ResponseBodyError ? findOwn(TOKEN_ERRORS, error.error) : undefined;
      const isRefusal =
        error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError;
      throw new LaunchFailure(code ?? (isRefusal ? 'client-refused' : 'bad-token'), error);
    }
  }

  /** Verifies an id token's signature. @throws LaunchFailure `ehr-unreachable`; OperationProcessingError */
  async #verifyIdToken(server: oauth.AuthorizationServer, response: Response): Promise<void> {
    try {
      await this.#calls.verifyIdToken(server, response);
    } catch (error) {
      throw error instanceof KeysUnreachable ? new LaunchFailure('ehr-unreachable', error.cause) : error;
    }
  }

  /**
   * Renews a token that ends, where the EHR granted this (SMART App Launch 2.2, `online_access`).
   * @returns undefined if it cannot be renewed
   */
  async renew(ehr: Ehr, granted: Granted, now: Date): Promise<Granted | undefined> {
    const { refreshToken } = granted;
    if (refreshToken === undefined) return undefined;
    try {
      const configuration = await this.discover(ehr, now);
      const server = toAuthorizationServer(configuration, configuration.issuer ?? ehr.iss);
      const client: oauth.Client = { client_id: ehr.clientId };
      const response = await this.#calls.refresh(ehr, server, refreshToken);
      return renewGranted(granted, await oauth.processRefreshTokenResponse(server, client, response));
    } catch {
      return undefined;
    }
  }
}
