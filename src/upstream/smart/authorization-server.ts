import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import type { Ehr } from '../../config/ehrs.js';
import { findOwn } from '../../core/find-own.js';
import { LaunchFailure, type LaunchFailureReason } from './launch-failure.js';
import type { SmartConfiguration } from './smart-configuration.js';

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
export function readClaims(text: string): { readonly issuer?: string | undefined; readonly nonce?: unknown } {
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
export function isIssuer(
  issuer: string | undefined,
  { tokenEndpoint }: SmartConfiguration,
  { iss }: Ehr,
): issuer is string {
  const folder = new URL('.', tokenEndpoint);
  const isBeside = folder.pathname !== '/' && issuer?.startsWith(folder.href) === true;
  return isBeside || issuer?.replace(/(?<!\/)\/+$/, '') === iss;
}

/**
 * The authorization server as oauth4webapi takes it.
 * @param issuer who issues id tokens; SMART configurations name another than OpenID discovery may, or none
 */
export const toAuthorizationServer = (
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
export function validate(
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
