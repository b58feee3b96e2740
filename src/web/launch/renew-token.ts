import { LIMITS } from '../../limits.js';
import type { LaunchOptions } from './launch-options.js';
import { findTokenEnd, type LaunchSession } from './sessions.js';

/** True if the token of a session has ended: nothing can be read or written by it. */
export const isTokenEnded = ({ tokenUntil }: LaunchSession, now: Date): boolean => tokenUntil <= now.getTime();

/** Renews the token of a session shortly before its end, where the EHR granted this; else it ends. One renewal at a time. */
export async function renewToken(
  session: LaunchSession,
  { smart }: Pick<LaunchOptions, 'smart'>,
  now: Date,
): Promise<void> {
  const { granted, tokenUntil, ehr } = session;
  if (granted.refreshToken === undefined || tokenUntil - now.getTime() > LIMITS.tokenRenewMs) return;
  const renew = async (): Promise<void> => {
    const renewed = await (await smart()).renew(ehr, granted, now);
    session.granted = renewed ?? { ...session.granted, refreshToken: undefined };
    if (renewed) session.tokenUntil = findTokenEnd(renewed, now);
  };
  session.renewing ??= renew().finally(() => {
    session.renewing = undefined;
  });
  await session.renewing;
}
