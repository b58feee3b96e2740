import type { JWTVerifyGetKey } from 'jose';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors } from 'jose';
import { LIMITS } from '../limits.js';

/** Fetches an answer and breaks it off once it is larger than may be, as it is unpacked: jose itself would read on without an end. */
async function fetchLimited(url: string, options: RequestInit): Promise<Response> {
  const { status, body } = await fetch(url, options);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels what is still to come.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LIMITS.jwksAnswerBytes) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status });
}

/** The keys could not be fetched: that says nothing of the token. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout) return true;
  // jose's own word for an answer that is not 200, or no JWKS.
  const isPlain = error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC';
  return isPlain || error instanceof errors.JWKSInvalid || !(error instanceof errors.JOSEError);
}

/**
 * The keys of an issuer, fetched when a token comes and again when they have grown old or a new one is named. Where they cannot
 * be had anew, those that are known go on serving, and the issuer is left alone for a while.
 * @param now milliseconds since 1970
 */
export function createIssuerKeys(jwksUrl: string, now: () => number): JWTVerifyGetKey {
  const fetched = () =>
    createRemoteJWKSet(new URL(jwksUrl), {
      timeoutDuration: LIMITS.jwksTimeoutMs,
      cacheMaxAge: LIMITS.jwksMaxAgeMs,
      [customFetch]: fetchLimited,
    });
  let remote = fetched();
  let known = remote.jwks();
  let askedAt = -Infinity;
  let failedAt = -Infinity;
  return async (header, token) => {
    known = remote.jwks() ?? known;
    // To jose, keys of a time to come are fresh until that time: where the clock is set back, they are had anew.
    if (now() < askedAt - LIMITS.jwksPauseMs) {
      remote = fetched();
      failedAt = -Infinity;
    }
    askedAt = now();
    const local = known && createLocalJWKSet(known);
    if (local && now() - failedAt < LIMITS.jwksPauseMs) {
      try {
        return await local(header, token);
      } catch {
        // A key that is not among them may be a new one.
      }
    }
    try {
      return await remote(header, token);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      failedAt = now();
      if (!local) throw error;
      try {
        return await local(header, token);
      } catch {
        // Whether the issuer has this key now is not known.
        throw error;
      }
    }
  };
}
