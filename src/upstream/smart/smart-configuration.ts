import { isSafeAddress } from '../is-local-host.js';
import { LaunchFailure } from '../failures.js';

/** Parts of `{iss}/.well-known/smart-configuration` that a launch uses (SMART App Launch 2.2, conformance). */
export interface SmartConfiguration {
  /** Undefined where the document names none: then id tokens are the FHIR server's. */
  readonly issuer: string | undefined;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly capabilities: readonly string[];
  /** Whether tokens are offered that are renewed while the user is signed in (`online_access`). */
  readonly isOnline: boolean;
  /** Where the keys are that sign id tokens; undefined: the document does not say. */
  readonly jwksUri: string | undefined;
}

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? (value as unknown[]).filter((one) => typeof one === 'string') : [];

const isSafe = (address: unknown): address is string => typeof address === 'string' && isSafeAddress(address);

/**
 * Reads an EHR's SMART configuration.
 * @throws LaunchFailure `ehr-unfit` where an endpoint is missing or unsafe, or PKCE by S256 is not offered
 */
export function readSmartConfiguration(text: string): SmartConfiguration {
  const unfit = (fault: string): LaunchFailure =>
    new LaunchFailure('ehr-unfit', new Error(`smart-configuration: ${fault}`));
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw unfit('it is not JSON');
  }
  if (typeof document !== 'object' || document === null) throw unfit('it is no object');
  const {
    issuer,
    authorization_endpoint: authorizationEndpoint,
    token_endpoint: tokenEndpoint,
    capabilities,
    scopes_supported: scopes,
    jwks_uri: jwksUri,
    code_challenge_methods_supported: challenges,
  } = document as Record<string, unknown>;
  if (!isSafe(authorizationEndpoint)) throw unfit('authorization_endpoint is not https');
  if (!isSafe(tokenEndpoint)) throw unfit('token_endpoint is not https');
  if (!textsIn(challenges).includes('S256')) throw unfit('code_challenge_methods_supported lacks S256');
  return {
    issuer: typeof issuer === 'string' ? issuer : undefined,
    authorizationEndpoint,
    tokenEndpoint,
    capabilities: textsIn(capabilities),
    isOnline: textsIn(capabilities).includes('permission-online') || textsIn(scopes).includes('online_access'),
    jwksUri: isSafe(jwksUri) ? jwksUri : undefined,
  };
}
