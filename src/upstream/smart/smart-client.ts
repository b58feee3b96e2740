import { hash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import type { Ehr } from '../../config/ehrs.js';
import { isLocalHost } from '../is-local-host.js';
import { fetchOutside, readLimited } from '../outbound.js';
import { LaunchFailure, type LaunchFailureReason } from './launch-failure.js';
import { PendingLaunches, type PendingLaunch } from './pending-launches.js';
import { listScopes } from './scopes.js';
import { readSmartConfiguration, type SmartConfiguration } from './smart-configuration.js';
import { LIMITS } from '../../limits.js';
import { findOwn } from '../../core/find-own.js';

/** What the EHR granted, with the context of the launch (SMART App Launch 2.2, token response). */
export interface Granted {
  readonly accessToken: string;
  /** Undefined: the response does not say. */
  readonly expiresInSeconds: number | undefined;
  readonly scopes: readonly string[];
  readonly patientId: string;
  readonly encounterId: string | undefined;
  /** Whether the page must show whose chart it is. */
  readonly needsBanner: boolean;
  /** The user as a relative reference: `Practitioner/12`; undefined where no id token came. */
  readonly user: string | undefined;
  /** `appContext` of the card whose link launched us; undefined for any other launch. */
  readonly appContext: string | undefined;
}

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

/** Errors of the token endpoint (RFC 6749, 5.2). */
const TOKEN_ERRORS: Readonly<Record<string, LaunchFailureReason>> = {
  invalid_grant: 'code-expired',
  invalid_client: 'client-refused',
  unauthorized_client: 'client-refused',
  invalid_scope: 'scope-refused',
};

const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;
const USER = /(?:^|\/)((?:Practitioner|PractitionerRole|Patient|RelatedPerson|Person)\/[A-Za-z0-9.-]{1,64})$/;

const toText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** How we authenticate, as oauth4webapi takes it. */
async function authenticate({ clientId, authentication }: Ehr, tokenEndpoint: string): Promise<oauth.ClientAuth> {
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

const listRequested = ({ ehr, scopeVersion, isStandalone }: PendingLaunch): string[] =>
  listScopes(ehr, scopeVersion, isStandalone);

/** The SMART client: discovery, the authorization request, and the exchange of a code for a token. */
export class SmartClient {
  readonly #userAgent: string;
  readonly #pending: PendingLaunches;
  readonly #known = new Map<string, { readonly configuration: SmartConfiguration; readonly until: number }>();

  /** @param launchKey secret that seals pending launches, shared by all instances; undefined: each process has its own */
  constructor(userAgent: string, ehrs: readonly Ehr[], launchKey: string | undefined) {
    this.#userAgent = userAgent;
    this.#pending = new PendingLaunches(ehrs, launchKey);
  }

  /** Fetches for oauth4webapi: through the site's proxies, limited in time and size, without redirects. */
  readonly #fetch = async (address: string, options: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(options.headers);
    headers.set('User-Agent', this.#userAgent);
    const signal = AbortSignal.timeout(LIMITS.smartTimeoutMs);
    const answer = await fetchOutside(address, { ...options, headers, redirect: 'manual', signal });
    const bytes = await readLimited(answer, LIMITS.smartAnswerBytes);
    const { status } = answer;
    return new Response(bytes.length === 0 ? null : bytes, { status, headers: answer.headers });
  };

  /** Reads `{iss}/.well-known/smart-configuration`, which is cached. @throws LaunchFailure `ehr-unreachable`, `ehr-unfit` */
  async discover({ iss }: Ehr, now: Date): Promise<SmartConfiguration> {
    const known = this.#known.get(iss);
    if (known && known.until > now.getTime()) return known.configuration;
    let text: string;
    try {
      const answer = await this.#fetch(`${iss}/.well-known/smart-configuration`, {
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
    const configuration = await this.discover(ehr, now);
    const pending: PendingLaunch = {
      ehr,
      state: randomBytes(24).toString('base64url'),
      nonce: randomBytes(24).toString('base64url'),
      codeVerifier: randomBytes(48).toString('base64url'),
      redirectUri,
      scopeVersion: ehr.scopeVersion ?? (configuration.capabilities.includes('permission-v2') ? 2 : 1),
      isStandalone: launch === undefined,
    };
    const address = new URL(configuration.authorizationEndpoint);
    const parameters = {
      response_type: 'code',
      client_id: ehr.clientId,
      redirect_uri: redirectUri,
      scope: listRequested(pending).join(' '),
      state: pending.state,
      nonce: pending.nonce,
      aud: ehr.iss,
      ...(launch === undefined ? {} : { launch }),
      code_challenge: hash('sha256', pending.codeVerifier, 'base64url'),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return { state: pending.state, sealed: await this.#pending.seal(pending, now), address: address.href };
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
    const server = describeServer(configuration, configuration.issuer ?? ehr.iss);
    const client: oauth.Client = { client_id: ehr.clientId };
    // RFC 9207: there is nothing to compare it with.
    if (configuration.issuer === undefined) sent.delete('iss');
    const parameters = validate(server, client, sent, pending.state);
    const authentication = await authenticate(ehr, configuration.tokenEndpoint);
    let response: Response;
    try {
      response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        parameters,
        pending.redirectUri,
        pending.codeVerifier,
        {
          [oauth.customFetch]: (address, options) => this.#fetch(address, options),
          // Plain http is for the house alone, as everywhere here.
          // eslint-disable-next-line @typescript-eslint/no-deprecated
          [oauth.allowInsecureRequests]: isLocalHost(configuration.tokenEndpoint),
        },
      );
    } catch (error) {
      throw new LaunchFailure('ehr-unreachable', error);
    }
    if (response.status >= 500)
      throw new LaunchFailure('ehr-failed', new Error(`the token endpoint answered ${response.status}`));
    try {
      const { issuer, nonce } = readClaims(await response.clone().text());
      const issued = isIssuer(issuer, configuration, ehr) ? describeServer(configuration, issuer) : server;
      const answer = await oauth.processAuthorizationCodeResponse(issued, client, response, {
        // Some servers leave the nonce out. PKCE ties the code to this browser all the same (RFC 9700, 2.1.1).
        expectedNonce: nonce === undefined ? oauth.expectNoNonce : pending.nonce,
      });
      return { granted: readGranted(answer, pending), ehr };
    } catch (error) {
      if (error instanceof LaunchFailure) throw error;
      const code = error instanceof oauth.ResponseBodyError ? findOwn(TOKEN_ERRORS, error.error) : undefined;
      const isRefusal =
        error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError;
      throw new LaunchFailure(code ?? (isRefusal ? 'client-refused' : 'bad-token'), error);
    }
  }
}

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
const describeServer = (
  { authorizationEndpoint, tokenEndpoint }: SmartConfiguration,
  issuer: string,
): oauth.AuthorizationServer => ({
  issuer,
  authorization_endpoint: authorizationEndpoint,
  token_endpoint: tokenEndpoint,
  id_token_signing_alg_values_supported: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'PS256', 'PS384'],
});

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

/** @throws LaunchFailure `no-patient`, `bad-token` */
function readGranted(answer: oauth.TokenEndpointResponse, pending: PendingLaunch): Granted {
  const claims = oauth.getValidatedIdTokenClaims(answer);
  const patientId = toText(answer.patient);
  if (patientId === undefined) throw new LaunchFailure('no-patient');
  if (!FHIR_ID.test(patientId)) throw new LaunchFailure('bad-token', new Error('the patient of the response is no id'));
  const encounterId = toText(answer.encounter);
  const [, user] = USER.exec(toText(claims?.fhirUser) ?? toText(claims?.profile) ?? '') ?? [];
  return {
    accessToken: answer.access_token,
    expiresInSeconds: answer.expires_in,
    // RFC 6749, 5.1: a response without scope grants what was requested.
    scopes: answer.scope === undefined ? listRequested(pending) : answer.scope.split(/\s+/),
    patientId,
    encounterId: encounterId !== undefined && FHIR_ID.test(encounterId) ? encounterId : undefined,
    needsBanner: answer.need_patient_banner !== false,
    user,
    appContext: toText(answer.appContext)?.slice(0, 100),
  };
}
