import type { FhirRequest } from '../rest/interaction.js';
import { readDateValue, type DatePrefix, type DateSpan } from './dates.js';
import { badValue } from '../rest/bad-request.js';
import { flatMap } from '../../../core/flat-map.js';

/** Years of more than four digits are written in another way, and none is meant. */
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** Which versions a history gives (R4 http, 3.1.0.12.1). */
export interface HistoryTimes {
  /** Versions written since this time. */
  readonly since: Date | undefined;
  /** Versions that were current at some time of this span, its end excluded; undefined: it is open. */
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  /** The parameters as they were understood, for the links of the answer. */
  readonly query: [string, string][];
}

/** The one or more instants of `_since`: the latest limits most. */
function readSince(values: readonly string[]): Date | undefined {
  const times = values.map((value) => {
    const since = Date.parse(value.replace(' ', '+'));
    if (!/^\d{4}-\d{2}-\d{2}T/.test(value) || Number.isNaN(since)) throw badValue('_since', 'expected an instant');
    return since;
  });
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** The span of time that a prefix and a span mean; `ne` and `ap` mean none. */
const WANTED: Readonly<Partial<Record<DatePrefix, (span: DateSpan) => Partial<DateSpan>>>> = {
  eq: (span) => span,
  ge: ({ from }) => ({ from }),
  gt: ({ to }) => ({ from: to }),
  sa: ({ to }) => ({ from: to }),
  le: ({ to }) => ({ to }),
  lt: ({ from }) => ({ to: from }),
  eb: ({ from }) => ({ to: from }),
};

/** A date of a search as the span of time that it means. */
function toWantedSpan(text: string): Partial<DateSpan> | undefined {
  const value = readDateValue(text);
  return value && WANTED[value.prefix]?.(value.span);
}

/**
 * Reads `_since` and `_at` of a history.
 * @param others further parameters of it
 * @throws RequestError `bad-parameter-value`, for what is not known where the client asks to be strict
 */
export function readHistoryTimes({ parameters, strict }: FhirRequest, others: readonly string[]): HistoryTimes {
  const listValues = (wanted: string): string[] =>
    flatMap(parameters, ([name, value]) => (name === wanted && value.trim() !== '' ? [value.trim()] : []));
  const unknown = parameters.find(
    ([name, value]) => value.trim() !== '' && !['_since', '_at', ...others].includes(name),
  );
  if (strict && unknown) throw badValue(unknown[0], 'no such parameter here');
  const since = readSince(listValues('_since'));
  const [at, another] = listValues('_at');
  const span = at === undefined ? {} : toWantedSpan(at);
  if (!span || another !== undefined) throw badValue('_at', 'expected one date or time, as 2026-11 or ge2026-11-24');
  const toDate = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time));
  return {
    since,
    from: toDate(span.from === undefined ? undefined : Math.min(span.from, LAST_INSTANT)),
    to: toDate(span.to === undefined || span.to > LAST_INSTANT ? undefined : span.to),
    query: [
      ...(since ? [['_since', since.toISOString()] as [string, string]] : []),
      ...(at === undefined ? [] : [['_at', at] as [string, string]]),
    ],
  };
}
