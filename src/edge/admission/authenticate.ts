import { createHash, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import type { AuthorizationConfig, JwtConfig, StaticToken } from '../../config/authorization.js';
import { LIMITS } from '../../limits.js';
import type { Access } from '../../protocols/identity.js';
import { IssuerUnavailable, createIssuerKeys } from './issuer-keys.js';

/** Result of verifying a token. */
export interface Verdict {
  readonly access: Access;
  /** Nothing shows that it ever was a token, and it is not one that merely comes again: a client that sends many of these guesses. */
  readonly isGuess: boolean;
}

/** Finds out whose a token is; it never rejects. */
export interface Authenticator {
  /** The client of a token that was verified a short while ago; undefined if it must be verified. */
  recall(token: string): Access | undefined;
  verify(token: string): Promise<Verdict>;
}

/** Signatures of a key pair alone: a server that verifies with a shared secret could also sign with it. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Characters of a client's name. */
export const MAX_CLIENT_CHARS = 80;
/** Clocks of two machines differ. */
export const CLOCK_TOLERANCE_SECONDS = 5;
/** An issuer's clock may be ahead by so much; a token that was issued later than now is not valid. */
const ISSUED_AHEAD_SECONDS = 30;
export const GUESS: Verdict = { access: { refused: 'invalid' }, isGuess: true };
/** Genuine, and not for this call: its client is no guesser. */
export const UNFIT: Verdict = { access: { refused: 'invalid' }, isGuess: false };

/** A verdict and until when it holds, in milliseconds; a JWT's ends with it. */
interface Found extends Verdict {
  readonly until: number;
}

interface Remembered extends Found {
  /** When it was found, in milliseconds. */
  readonly from: number;
}

/** Undefined: no token of this kind, or not a valid one. */
type Check = (token: string) => Promise<Found | undefined> | Found | undefined;

const hashToken = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares with every token, in a time that tells nothing of them. */
function checkStatic(tokens: readonly StaticToken[]): Check {
  const digests = tokens.map(({ token }) => hashToken(token));
  return (token) => {
    const sent = hashToken(token);
    let found: StaticToken | undefined;
    for (const [index, digest] of digests.entries()) if (timingSafeEqual(digest, sent)) found = tokens[index];
    if (!found) return undefined;
    const identity = { client: found.client, scopes: found.scopes };
    return { access: { identity }, isGuess: false, until: Infinity };
  };
}

/** Scopes are in `scope`, divided by blanks (RFC 8693), or in `scp`. */
function scopesIn({ scope, scp }: JWTPayload): string[] {
  const written = typeof scope === 'string' ? scope : Array.isArray(scp) ? scp.join(' ') : scp;
  return typeof written === 'string' ? written.split(/\s+/).filter((one) => one !== '') : [];
}

function findClient({ client_id: id, azp, sub }: JWTPayload): string {
  const name = [id, azp, sub].find((one): one is string => typeof one === 'string' && one !== '') ?? 'unnamed';
  return name.slice(0, MAX_CLIENT_CHARS);
}

/** Returns the verdict on a token whose verification failed. */
export function judgeFailure(cause: unknown): Verdict {
  if (cause instanceof IssuerUnavailable) {
    return { access: { refused: 'unavailable', cause: cause.cause }, isGuess: true };
  }
  // The issuer's signature stands, though the token is none for us, or no longer.
  const isGenuine = cause instanceof errors.JWTExpired || cause instanceof errors.JWTClaimValidationFailed;
  return isGenuine ? UNFIT : GUESS;
}

/** Whether a token was issued in the future. @param now milliseconds since 1970 */
export const isFromFuture = ({ iat = 0 }: JWTPayload, now: number): boolean => iat > now / 1000 + ISSUED_AHEAD_SECONDS;

/** Verifies a token. Where it does not say which of several keys signed it, as while they are exchanged, a few are tried. */
async function verifyPayload(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (several) {
    if (!(several instanceof errors.JWKSMultipleMatchingKeys)) throw several;
    let tried = 0;
    for await (const key of several) {
      tried += 1;
      if (tried > LIMITS.jwksKeysTried) break;
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function checkJwt({ issuer, audience }: JwtConfig, keys: JWTVerifyGetKey, now: () => number): Check {
  const wanted = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['exp'] };
  return async (token) => {
    // A text that is no JWT need not be verified.
    if (token.split('.').length !== 3) return undefined;
    try {
      const currentDate = new Date(now());
      const options = { ...wanted, clockTolerance: CLOCK_TOLERANCE_SECONDS, currentDate };
      const payload = await verifyPayload(token, keys, options);
      if (isFromFuture(payload, now())) return { ...UNFIT, until: 0 };
      const identity = { client: findClient(payload), scopes: scopesIn(payload) };
      return { access: { identity }, isGuess: false, until: (payload.exp ?? 0) * 1000 };
    } catch (cause) {
      const verdict = judgeFailure(cause);
      return verdict === GUESS ? undefined : { ...verdict, until: 0 };
    }
  };
}

/**
 * Creates what verifies tokens; undefined if no authorization is configured. A token that was found valid is remembered
 * by its digest for some minutes, and never past its end: a frequent client is not verified each time.
 * @param now milliseconds since 1970
 */
export function createAuthenticator(
  config: AuthorizationConfig | undefined,
  now: () => number,
): Authenticator | undefined {
  if (!config) return undefined;
  const { tokens, jwt } = config;
  const checks = [
    ...(tokens.length > 0 ? [checkStatic(tokens)] : []),
    ...(jwt ? [checkJwt(jwt, createIssuerKeys(jwt.jwksUrl, now), now)] : []),
  ];
  const remembered = new LRUCache<string, Remembered>({ max: LIMITS.rememberedTokens });
  /** Tokens that could not be verified: a client that sends its own again, while the issuer is away, does not guess. */
  const unjudged = new LRUCache<string, true>({ max: LIMITS.rememberedTokens });
  const buildKey = (token: string): string => hashToken(token).toString('base64');
  const isNew = (token: string): boolean => {
    const key = buildKey(token);
    if (unjudged.get(key)) return false;
    unjudged.set(key, true);
    return true;
  };
  return {
    recall: (token) => {
      const found = remembered.get(buildKey(token));
      // A future time is from before the clock was set back: its age is unknown.
      return found && found.from <= now() && now() < found.until ? found.access : undefined;
    },
    verify: async (token) => {
      for (const check of checks) {
        const found = await check(token);
        if (!found) continue;
        const from = now();
        const until = Math.min(found.until, from + LIMITS.tokenRememberedMs);
        if ('identity' in found.access) remembered.set(buildKey(token), { ...found, from, until });
        else if (found.access.refused === 'unavailable') return { ...found, isGuess: isNew(token) };
        return found;
      }
      return GUESS;
    },
  };
}
