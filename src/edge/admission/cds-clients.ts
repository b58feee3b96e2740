import { hash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { CdsClient } from '../../config/cds-hooks.js';
import { findOwn } from '../../core/find-own.js';
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
import { IssuerUnavailable, createIssuerKeys } from './issuer-keys.js';

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

/** Why a token was rejected, for the log: no token and nothing of a patient, but the claim that does not fit, as it was sent. */
export interface CdsRefusal {
  readonly reason: string;
  /** The issuer that the token names. */
  readonly issuer?: string | undefined;
  /** The sent value, where it is not the right one. */
  readonly sent?: string | undefined;
}

const MOST_CHARS = 200;

/** A value of a token for the log: one line, not too long. */
const describe = (value: unknown): string | undefined =>
  value === undefined
    ? undefined
    : JSON.stringify(value)
        .replaceAll(/[^\x20-\x7e]/g, '?')
        .slice(0, MOST_CHARS);

/** The client that a token names, if its header is acceptable: nothing is fetched for any other. */
function findClient(token: string, known: readonly Known[]): Known | CdsRefusal {
  try {
    const { kid, jku } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    const issuer = describe(iss);
    const found = known.find(({ client }) => client.issuer === iss);
    if (!found) return { reason: 'unknown-issuer', issuer };
    // The address of keys that a token names is never followed: it equals that of the list, or the token is rejected.
    if (jku !== undefined && jku !== found.client.jwksUrl) return { reason: 'jku', issuer, sent: describe(jku) };
    return typeof kid === 'string' && kid !== '' ? found : { reason: 'kid', issuer };
  } catch {
    return { reason: 'no-jwt' };
  }
}

/** Reasons by the errors of jose. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'expired',
  ERR_JOSE_ALG_NOT_ALLOWED: 'alg',
  ERR_JOSE_NOT_SUPPORTED: 'alg',
  ERR_JWKS_NO_MATCHING_KEY: 'kid',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'kid',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature',
};

/** Explains why a token could not be verified. */
function explainFailure(cause: unknown, token: string, issuer: string): CdsRefusal {
  if (cause instanceof IssuerUnavailable) return { reason: 'keys-unavailable', issuer };
  if (cause instanceof errors.JWTClaimValidationFailed) {
    const { claim, payload } = cause;
    return {
      reason: claim,
      issuer,
      sent: describe(claim === 'typ' ? decodeProtectedHeader(token).typ : payload[claim]),
    };
  }
  const reason = cause instanceof errors.JOSEError ? findOwn(REASONS, cause.code) : undefined;
  const { alg, kid } = decodeProtectedHeader(token);
  const sent = reason === 'alg' ? alg : reason === 'kid' ? kid : undefined;
  return { reason: reason ?? 'not-verified', issuer, sent: describe(sent) };
}

/**
 * Creates what verifies the JWTs of CDS clients (CDS Hooks 2.0.1, "Trusting CDS Clients"): signed by ES384 or RS384
 * with a key of a listed issuer, issued for exactly this address, not too long valid, and used once. Undefined if the
 * site names no client.
 * @param now milliseconds since 1970
 * @param logRefusal logs why a token was rejected; the client gets no reason
 */
// ts-unused-exports:disable-next-line
export function createCdsClients(
  clients: readonly CdsClient[],
  now: () => number,
  logRefusal: (refusal: CdsRefusal) => void = () => undefined,
): CdsClients | undefined {
  if (clients.length === 0) return undefined;
  const known = clients.map((client): Known => ({ client, keys: createIssuerKeys(client.jwksUrl, now) }));
  /** Until when each token is valid, by a digest of its issuer and its id. */
  const used = new LRUCache<string, number>({ max: LIMITS.clientTokens });

  /** Finds what is wrong with the time or the id of a verified token. */
  const findStale = (issuer: string, { jti, exp = 0, ...payload }: JWTPayload): string | undefined => {
    const until = exp * 1000 + CLOCK_TOLERANCE_SECONDS * 1000;
    if (isFromFuture(payload, now())) return 'issued-in-the-future';
    if (typeof jti !== 'string' || jti === '') return 'jti';
    if (until - now() > LIMITS.clientTokenMs) return 'valid-too-long';
    const key = hash('sha256', JSON.stringify([issuer, jti]), 'base64');
    if ((used.get(key) ?? 0) > now()) return 'used-twice';
    used.set(key, until);
    return undefined;
  };

  return {
    verify: async (token, address) => {
      const found = findClient(token, known);
      if ('reason' in found) {
        logRefusal(found);
        return GUESS;
      }
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
        const stale = findStale(issuer, payload);
        if (stale !== undefined) {
          logRefusal({ reason: stale, issuer });
          return UNFIT;
        }
        return { access: { identity: { client: issuer.slice(0, MAX_CLIENT_CHARS), scopes: [] } }, isGuess: false };
      } catch (cause) {
        logRefusal(explainFailure(cause, token, issuer));
        return judgeFailure(cause);
      }
    },
  };
}
