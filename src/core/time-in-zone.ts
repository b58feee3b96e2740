import type { Language } from './model/language.js';

/** Values of a time zone for an hour's work: creating a formatter takes longer than the rest of an answer. */
interface Zone {
  readonly formatter: Intl.DateTimeFormat;
  /** The last minute, and its day: no zone changes its day within a minute. */
  minute: number;
  day: string;
}

const zones = new Map<string, Zone>();

const MINUTE_MS = 60_000;

function createZone(timeZone: string): Zone {
  const fields = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const formatter = new Intl.DateTimeFormat('en', { timeZone, calendar: 'gregory', ...fields });
  return { formatter, minute: NaN, day: '' };
}

/**
 * Returns the local day (ISO 8601) at an instant.
 * @param timeZone IANA name, such as `America/New_York`
 * @throws RangeError if there is no such zone
 */
export function dayInZone(instant: Date, timeZone: string): string {
  const zone = zones.get(timeZone) ?? createZone(timeZone);
  zones.set(timeZone, zone);
  const minute = Math.floor(instant.getTime() / MINUTE_MS);
  if (zone.minute !== minute) {
    const parts = zone.formatter.formatToParts(instant);
    zone.minute = minute;
    zone.day = ['year', 'month', 'day']
      .map((wanted) => parts.find(({ type }) => type === wanted)?.value ?? '')
      .join('-');
  }
  return zone.day;
}

const FIELDS = {
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;

/**
 * Returns an instant in words, with its time zone: `December 1, 2026 at 12:50 PM EST`.
 * @param at ISO 8601 instant
 * @param timeZone IANA name, such as `America/New_York`
 */
export const describeTime = (at: string, language: Language, timeZone: string): string =>
  new Intl.DateTimeFormat(language, { ...FIELDS, timeZone }).format(new Date(at));

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
