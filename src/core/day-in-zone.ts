/** One formatter a zone: to make one takes longer than all else of an answer. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Returns the day (ISO 8601) that it is somewhere at an instant.
 * @param timeZone IANA name, such as `America/New_York`
 * @throws RangeError where there is no such zone
 */
export function dayInZone(instant: Date, timeZone: string): string {
  // Canadian English writes days as ISO 8601 does.
  const formatter = formatters.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone });
  formatters.set(timeZone, formatter);
  return formatter.format(instant);
}
