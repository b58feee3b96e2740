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
