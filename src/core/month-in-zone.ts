import { dayInZone } from './day-in-zone.js';

const MINUTE_MS = 60_000;
/** No zone is further from UTC. */
const WIDEST_MINUTES = 15 * 60;

/**
 * Returns the first instant of a month.
 * @param month ISO 8601: `2026-11`
 * @param timeZone IANA name, such as `America/New_York`
 */
export function startOfMonthInZone(month: string, timeZone: string): Date {
  const day = `${month}-01`;
  const utc = Date.parse(day);
  let [before, after] = [-WIDEST_MINUTES, WIDEST_MINUTES];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayInZone(new Date(utc + middle * MINUTE_MS), timeZone) < day) before = middle;
    else after = middle;
  }
  return new Date(utc + after * MINUTE_MS);
}
