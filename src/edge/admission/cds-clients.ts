import { hash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { CdsClient } from '../../config/cds-hooks.js';
import { LIMITS } from '../../limits.js';
import {
  CLOCK_TOLERANCE_SECONDS,
  GUESS,
  MAX_CLIENT_CHARS,
  UNFIT,
  isFromFuture,
  judgeFailure,
  type Verdict,
} from './authenticate.js';
import { createIssuerKeys } from './issuer-keys.js';

/** Finds out which EHR calls; it never rejects. */
export interface CdsClients {
  /** @param address the address that was called, as the client knows it, without its query */
  verify(token: string, address: string): Promise<Verdict>;
}

const ALGORITHMS = ['ES384', 'RS384'];
const CLAIMS = ['iss', 'aud', 'exp', 'iat', 'jti'];

interface Known {
  readonly client: CdsClient;
  readonly keys: JWTVerifyGetKey;
}

/** The client that a token names, if its header is acceptable: nothing is fetched for any other. */
function findClient(token: string, known: readonly Known[]): Known | undefined {
  try {
    const { kid, jku } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    const found = known.find(({ client }) => client.issuer === iss);
    // The address of keys that a token names is never followed: it equals that of the list, or the token is rejected.
    const isListed = jku === undefined || jku === found?.client.jwksUrl;
    return isListed && typeof kid === 'string' && kid !== '' ? found : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Creates what verifies the JWTs of CDS clients (CDS Hooks 2.0.1, "Trusting CDS Clients"): signed by ES384 or RS384
 * with a key of a listed issuer, issued for exactly this address, not too long valid, and used once. Undefined if the
 * site names no client.
 * @param now milliseconds since 1970
 */
// ts-unused-exports:disable-next-line
export function createCdsClients(clients: readonly CdsClient[], now: () => number): CdsClients | undefined {
  if (clients.length === 0) return undefined;
  const known = clients.map((client): Known => ({ client, keys: createIssuerKeys(client.jwksUrl, now) }));
  /** Until when each token is valid, by a digest of its issuer and its id. */
  const used = new LRUCache<string, number>({ max: LIMITS.clientTokens });

  const isFresh = (issuer: string, jti: unknown, exp = 0): boolean => {
    const until = exp * 1000 + CLOCK_TOLERANCE_SECONDS * 1000;
    if (typeof jti !== 'string' || jti === '' || until - now() > LIMITS.clientTokenMs) return false;
    const key = hash('sha256', JSON.stringify([issuer, jti]), 'base64');
    if ((used.get(key) ?? 0) > now()) return false;
    used.set(key, until);
    return true;
  };

  return {
    verify: async (token, address) => {
      const found = findClient(token, known);
      if (!found) return GUESS;
      const { issuer } = found.client;
      try {
        const { payload } = await jwtVerify(token, found.keys, {
          issuer,
          audience: address,
          algorithms: ALGORITHMS,
          typ: 'JWT',
          requiredClaims: CLAIMS,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(now()),
        });
        if (isFromFuture(payload, now()) || !isFresh(issuer, payload.jti, payload.exp)) return UNFIT;
        return { access: { identity: { client: issuer.slice(0, MAX_CLIENT_CHARS), scopes: [] } }, isGuess: false };
      } catch (cause) {
        return judgeFailure(cause);
      }
    },
  };
}
