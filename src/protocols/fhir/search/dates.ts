/** Dates of searches and of resources as spans of time (R4 search, 3.1.1.4.7). */

/** From the first millisecond on, to before the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
type Prefix = (typeof PREFIXES)[number];

const DATE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+ -]\d{2}:\d{2})?)?)?)?$/;
const MINUTE_MS = 60_000;
/** How much of the time between now and a date `ap` takes for about the same (R4's own suggestion). */
const ABOUT = 0.1;

/** Minutes east of Greenwich; a `+` that was not escaped comes as a blank. Undefined for no time zone of the world. */
function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** The span that a date, dateTime or instant covers: a year, a month, a day, a minute, a second. Undefined for no date. */
export function toSpan(text: string): Span | undefined {
  const found = DATE.exec(text);
  if (!found) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction, zone] = found;
  const offset = offsetMinutes(zone);
  const parts = [Number(year), Number(month ?? 1), Number(day ?? 1), Number(hour ?? 0), Number(minute ?? 0)] as const;
  const isTime = parts[3] < 24 && parts[4] < 60 && Number(second ?? 0) < 60;
  if (offset === undefined || !isTime) return undefined;
  const at = (y: number, m: number, d: number): number => {
    const date = new Date(0);
    date.setUTCFullYear(y, m, d);
    return date.getTime();
  };
  const midnight = new Date(at(parts[0], parts[1] - 1, parts[2]));
  // 31 February is rolled over to March by the calendar, and refused here.
  if (midnight.getUTCMonth() !== parts[1] - 1 || midnight.getUTCDate() !== parts[2]) return undefined;
  if (day === undefined) {
    const to = month === undefined ? at(parts[0] + 1, 0, 1) : at(parts[0], parts[1], 1);
    return { from: midnight.getTime(), to };
  }
  if (hour === undefined) return { from: midnight.getTime(), to: at(parts[0], parts[1] - 1, parts[2] + 1) };
  const millis = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const from =
    midnight.getTime() + (parts[3] * 60 + parts[4] - offset) * MINUTE_MS + Number(second ?? 0) * 1000 + millis;
  const length = second === undefined ? MINUTE_MS : fraction === undefined ? 1000 : 1;
  return { from, to: from + length };
}

/** The span of what a resource holds: a time to the second is an instant, which has no length (R4 search, 3.1.1.4.7). */
export function toHeldSpan(text: string): Span | undefined {
  const span = toSpan(text);
  return span && span.to - span.from === 1000 ? { from: span.from, to: span.from + 1 } : span;
}

/** A date's value in a search: its prefix and its span. */
export interface DateValue {
  readonly prefix: Prefix;
  readonly span: Span;
}

/** Undefined for no date, or no prefix of R4's. */
export function readDateValue(text: string): DateValue | undefined {
  const prefix = PREFIXES.find((known) => text.startsWith(known));
  const span = toSpan(prefix ? text.slice(prefix.length) : text);
  return span && { prefix: prefix ?? 'eq', span };
}

/** Whether a resource's time is as the value wants it; `now` in milliseconds. */
export function matchesDate(held: Span, { prefix, span }: DateValue, now: number): boolean {
  const equals = held.from >= span.from && held.to <= span.to;
  switch (prefix) {
    case 'eq':
      return equals;
    case 'ne':
      return !equals;
    case 'gt':
      return held.to > span.to;
    case 'lt':
      return held.from < span.from;
    case 'ge':
      return equals || held.to > span.to;
    case 'le':
      return equals || held.from < span.from;
    case 'sa':
      return held.from >= span.to;
    case 'eb':
      return held.to <= span.from;
    case 'ap': {
      const slack = Math.abs(now - span.from) * ABOUT;
      return held.to > span.from - slack && held.from < span.to + slack;
    }
  }
}
