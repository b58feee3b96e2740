import { createHash, timingSafeEqual } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { AuthorizationConfig, JwtConfig } from '../config-authorization.js';
import { LIMITS } from '../config.js';
import type { RequestError } from '../core/errors.js';
import type { Access } from '../protocols/route.js';

/** Finds out who asks by the header Authorization; it never rejects. */
export type Authenticate = (authorization: string | undefined) => Promise<Access>;

/** A static token is made by whoever runs the server: it may do everything that can be done here. */
const ALL_SCOPES = ['system/*.cud'];
/** Signatures of a key pair alone: whoever checks a shared secret could also sign with it. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const MAX_CLIENT_CHARS = 80;
/** Clocks of two machines differ. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Undefined: no token of this kind, or not a valid one. */
type Check = (token: string) => Promise<Access | undefined> | Access | undefined;

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares with every token, in a time that tells nothing of them. */
function checkStatic(tokens: readonly string[]): Check {
  const digests = tokens.map(digestOf);
  return (token) => {
    const sent = digestOf(token);
    let found: number | undefined;
    for (const [index, digest] of digests.entries()) if (timingSafeEqual(digest, sent)) found = index;
    return found === undefined ? undefined : { identity: { client: `token-${found + 1}`, scopes: ALL_SCOPES } };
  };
}

/** Scopes stand in `scope`, divided by blanks (RFC 8693), or in `scp`. */
function scopesIn({ scope, scp }: JWTPayload): string[] {
  const written = typeof scope === 'string' ? scope : Array.isArray(scp) ? scp.join(' ') : scp;
  return typeof written === 'string' ? written.split(/\s+/).filter((one) => one !== '') : [];
}

function clientOf({ client_id: id, azp, sub }: JWTPayload): string {
  const name = [id, azp, sub].find((one): one is string => typeof one === 'string' && one !== '') ?? 'unnamed';
  return name.slice(0, MAX_CLIENT_CHARS);
}

/** The keys could not be fetched: that says nothing of the token. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout) return true;
  // jose's own word for an answer that is not 200, or no JWKS.
  const isPlain = error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC';
  return isPlain || error instanceof errors.JWKSInvalid || !(error instanceof errors.JOSEError);
}

function checkJwt({ issuer, audience, jwksUrl }: JwtConfig): Check {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: LIMITS.jwksTimeoutMs });
  const wanted = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['exp'] };
  return async (token) => {
    // What is no JWT need not be asked of anybody.
    if (token.split('.').length !== 3) return undefined;
    try {
      const { payload } = await jwtVerify(token, keys, { ...wanted, clockTolerance: CLOCK_TOLERANCE_SECONDS });
      return { identity: { client: clientOf(payload), scopes: scopesIn(payload) } };
    } catch (cause) {
      return isUnreachable(cause) ? { refused: 'unavailable', cause } : undefined;
    }
  };
}

/** Makes what looks at tokens; undefined where no authorization is set up. */
export function createAuthenticate(config: AuthorizationConfig | undefined): Authenticate | undefined {
  if (!config) return undefined;
  const { tokens, jwt } = config;
  const checks = [...(tokens.length > 0 ? [checkStatic(tokens)] : []), ...(jwt ? [checkJwt(jwt)] : [])];
  return async (authorization) => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return { refused: authorization === undefined ? 'missing' : 'invalid' };
    for (const check of checks) {
      const access = await check(token);
      if (access) return access;
    }
    return { refused: 'invalid' };
  };
}

const REALM = 'Bearer realm="Education Connect"';

/** The header WWW-Authenticate of an error (RFC 6750, 3); undefined where it is not about a token. */
export function challengeOf({ code, values }: RequestError): string | undefined {
  if (code === 'authorization-required') {
    return values.refused === 'invalid' ? `${REALM}, error="invalid_token"` : REALM;
  }
  if (code === 'not-permitted') return `${REALM}, error="insufficient_scope", scope="${values.scope ?? ''}"`;
  return undefined;
}
