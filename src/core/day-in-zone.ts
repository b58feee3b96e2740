/** One formatter per time zone: creating one takes longer than the rest of an answer. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Returns the local day (ISO 8601) at an instant.
 * @param timeZone IANA name, such as `America/New_York`
 * @throws RangeError if there is no such zone
 */
export function dayInZone(instant: Date, timeZone: string): string {
  const formatter =
    formatters.get(timeZone) ??
    new Intl.DateTimeFormat('en', { timeZone, calendar: 'gregory', year: 'numeric', month: '2-digit', day: '2-digit' });
  formatters.set(timeZone, formatter);
  const parts = formatter.formatToParts(instant);
  return ['year', 'month', 'day'].map((wanted) => parts.find(({ type }) => type === wanted)?.value ?? '').join('-');
}
