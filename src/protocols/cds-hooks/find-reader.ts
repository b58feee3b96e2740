import { LIMITS } from '../../limits.js';
import type { EhrClient } from '../../upstream/ehr-client.js';
import { EhrFailure } from '../../upstream/ehr-client.js';
import { EhrReader } from '../../upstream/ehr-reader.js';
import type { InFlight } from '../route.js';
import type { HookRequest } from './read-request.js';

export interface FetchOptions {
  readonly client: EhrClient;
  /** Base addresses of allowed servers, without a trailing slash. */
  readonly allowed: readonly string[];
}

const normalize = (address: string): string | undefined =>
  URL.canParse(address) ? new URL(address).href.replace(/\/+$/, '') : undefined;

/** Finds the server for missing data, read with the token of the request; a failure if there is none, or the site does not allow it. */
export function findReader(
  { fhirServer, accessToken: token }: HookRequest,
  { client, allowed }: FetchOptions,
  inFlight: InFlight | undefined,
): EhrReader | EhrFailure {
  if (fhirServer === undefined) return new EhrFailure('no-server');
  const base = allowed.find((one) => one === normalize(fhirServer));
  if (base === undefined) return new EhrFailure('not-allowed');
  return new EhrReader({ client, base, token, signal: AbortSignal.timeout(LIMITS.ehrTimeoutMs), inFlight });
}
