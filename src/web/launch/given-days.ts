import type { ChartResponse } from '../../core/charts/chart-response.js';
import { dayInZone } from '../../core/time-in-zone.js';
import { findGivenBefore, findGivenInChart, type ChartHandover } from '../../core/handing-over/given-before.js';
import type { RecordedEntry } from '../../core/handing-over/record.js';
import { toTitled } from '../../protocols/answer-facts.js';
import type { SessionRequest } from './session-request.js';

/**
 * Finds the days on which the patient received articles of a list, in the site's zone, by their ids.
 * @param before entries of the record
 * @param handovers what the chart's own resources show
 */
export function findGivenDays(
  { session, options, request: { now } }: SessionRequest,
  { articles }: ChartResponse,
  before: readonly RecordedEntry[],
  handovers: readonly ChartHandover[],
): Map<string, string> {
  const { encounterId } = session.granted;
  const named = articles.map(({ article }) => toTitled(article));
  const inChart = findGivenInChart(handovers, named, encounterId, now);
  const given = [...inChart, ...findGivenBefore(before, encounterId, now)];
  return new Map(given.map(([article, at]) => [article, dayInZone(new Date(at), options.timeZone)]));
}
