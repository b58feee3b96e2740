import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { LIMITS } from '../../limits.js';
import { fetchOutside, readLimited } from '../../upstream/outbound.js';

/** The keys of an issuer cannot be fetched now: the token may be valid or not. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/** Fetches an answer of a size that may be: jose itself would read on without an end. */
async function fetchLimited(url: string, options: RequestInit): Promise<Response> {
  const answer = await fetchOutside(url, options);
  return new Response(await readLimited(answer, LIMITS.jwksAnswerBytes), { status: answer.status });
}

/**
 * The keys of an issuer, fetched for the first token, and again when they are outdated or a token names an unknown key. If fetching
 * fails, the known keys stay in use, and fetching pauses. Rejects with IssuerUnavailable where
 * it is unknown whether the issuer has a key; any other error is a fault of the token, or of the key that it names.
 * @param now milliseconds since 1970
 */
export function createIssuerKeys(jwksUrl: string, now: () => number): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: LIMITS.jwksTimeoutMs,
    [customFetch]: fetchLimited,
  });
  let known: JWTVerifyGetKey = createLocalJWKSet({ keys: [] });
  let fetchedAt = -Infinity;
  let failure: { readonly error: IssuerUnavailable; readonly at: number } | undefined;
  let underway: Promise<void> | undefined;
  // A future time is from before the clock was set back: its age is unknown.
  const isWithin = (ms: number, since: number): boolean => since <= now() && now() < since + ms;
  const pauseMs = (): number => (fetchedAt === -Infinity ? LIMITS.jwksFirstPauseMs : LIMITS.jwksPauseMs);

  const fetchKeys = async (): Promise<void> => {
    try {
      await remote.reload();
      known = createLocalJWKSet(remote.jwks() ?? { keys: [] });
      fetchedAt = now();
      failure = undefined;
    } catch (cause) {
      failure = { error: new IssuerUnavailable('the keys cannot be had', { cause }), at: now() };
    } finally {
      underway = undefined;
    }
  };
  /** Fetches them once for all who wait for them, and not in the pause after that has failed. @returns why they are not had */
  const refresh = async (): Promise<IssuerUnavailable | undefined> => {
    if (!failure || !isWithin(pauseMs(), failure.at)) await (underway ??= fetchKeys());
    return failure?.error;
  };

  return async (header, token) => {
    let missed = isWithin(LIMITS.jwksMaxAgeMs, fetchedAt) ? undefined : await refresh();
    try {
      return await known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (!missed && isWithin(LIMITS.jwksPauseMs, fetchedAt)) throw error;
      // It may be a new one.
      missed ??= await refresh();
      // Whether the issuer has this key now is not known.
      if (missed) throw missed;
      return known(header, token);
    }
  };
}
