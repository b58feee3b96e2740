/** Dates of searches and of resources as spans of time (R4 search, 3.1.1.4.7). */

/** From the first millisecond on, to before the last. */
export interface DateSpan {
  readonly from: number;
  readonly to: number;
}

/** A `+` of a time zone that was not escaped comes as a blank. */
const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T((?:[01]\d|2[0-3]):\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+ -](?:0\d|1[0-4]):\d\d)?)?)?)?$/;
const SECOND_MS = 1000;
/** How much of the time between now and a date `ap` takes for about the same (R4's own suggestion). */
const ABOUT = 0.1;

/** The span that a date, dateTime or instant covers: a year, a month, a day, a minute, a second. Undefined for no date. */
export function toSpan(text: string): DateSpan | undefined {
  const found = DATE.exec(text);
  if (!found) return undefined;
  const [, year = '', month, day, time, second, fraction, zone = 'Z'] = found;
  const date = `${year}-${month ?? '01'}-${day ?? '01'}`;
  const midnight = new Date(`${date}T00:00Z`);
  const rest = `${time ?? '00:00'}:${second ?? '00'}.${fraction ?? '0'}${zone.replace(' ', '+')}`;
  const from = Date.parse(`${date}T${rest}`);
  // Date turns 31 February into a day of March; it is rejected here.
  if (Number.isNaN(from) || midnight.getUTCDate() !== Number(day ?? 1)) return undefined;
  if (fraction !== undefined) return { from, to: from + 1 };
  if (time !== undefined) return { from, to: from + (second === undefined ? 60 : 1) * SECOND_MS };
  if (day !== undefined) midnight.setUTCDate(midnight.getUTCDate() + 1);
  else if (month !== undefined) midnight.setUTCMonth(midnight.getUTCMonth() + 1);
  else midnight.setUTCFullYear(midnight.getUTCFullYear() + 1);
  return { from, to: midnight.getTime() };
}

/** The span of what a resource holds: a time to the second is an instant, which has no length (R4 search, 3.1.1.4.7). */
export function toHeldSpan(text: string): DateSpan | undefined {
  const span = toSpan(text);
  return span && span.to - span.from === SECOND_MS ? { from: span.from, to: span.from + 1 } : span;
}

type SpanTest = (held: DateSpan, span: DateSpan, now: number) => boolean;

const isWithin: SpanTest = (held, span) => held.from >= span.from && held.to <= span.to;

/** Whether a time that is held is as a prefix with a span wants it. */
const TESTS = {
  eq: isWithin,
  ne: (held, span, now) => !isWithin(held, span, now),
  gt: (held, span) => held.to > span.to,
  lt: (held, span) => held.from < span.from,
  ge: (held, span, now) => isWithin(held, span, now) || held.to > span.to,
  le: (held, span, now) => isWithin(held, span, now) || held.from < span.from,
  sa: (held, span) => held.from >= span.to,
  eb: (held, span) => held.to <= span.from,
  ap: (held, span, now) => {
    const slack = Math.abs(now - span.from) * ABOUT;
    return held.to > span.from - slack && held.from < span.to + slack;
  },
} satisfies Readonly<Record<string, SpanTest>>;

export type DatePrefix = keyof typeof TESTS;
const PREFIXES = Object.keys(TESTS) as DatePrefix[];

/** A date's value in a search: its prefix and its span. */
export interface DateValue {
  readonly prefix: DatePrefix;
  readonly span: DateSpan;
}

/** Undefined for no date, or no prefix of R4's. */
export function readDateValue(text: string): DateValue | undefined {
  const prefix = PREFIXES.find((known) => text.startsWith(known));
  const span = toSpan(prefix ? text.slice(prefix.length) : text);
  return span && { prefix: prefix ?? 'eq', span };
}

/** Whether a resource's time is as the value wants it; `now` in milliseconds. */
export const matchesDate = (held: DateSpan, { prefix, span }: DateValue, now: number): boolean =>
  TESTS[prefix](held, span, now);
