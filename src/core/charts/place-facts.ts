import { isTestTask } from '../answer/rank.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import type { ChartQuestion } from './chart-question.js';
import type { ChartPlace } from './chart-response.js';
import type { ChartSituation } from './chart-settings.js';

const DAY_MS = 24 * 3_600_000;

/** Days before the request at which something was noted; 0 where the time is unknown or in the future. */
export const daysBefore = (notedAt: number | undefined, now: number): number =>
  notedAt === undefined ? 0 : Math.max(0, (now - notedAt) / DAY_MS);

/** Whether a fact is of this encounter; where the chart does not say, whether it was noted within the days of a visit. */
function isCurrent({ isOfEncounter, notedAt }: ChartQuestion, { now, thresholds }: ChartSituation): boolean {
  if (isOfEncounter !== undefined) return isOfEncounter;
  return notedAt !== undefined && daysBefore(notedAt, now) <= thresholds.visitDays;
}

/** Returns the place of a fact in its chart (decision 053). */
export function placeFact(question: ChartQuestion, situation: ChartSituation, context: RequestContext): ChartPlace {
  const { kind, isAsked, isToCome, isRenewal, isOptional, notedAt } = question;
  if (isAsked) return 'asked';
  if (isOptional) return 'background';
  const { shortIllnessDays } = situation.thresholds;
  const isRecent = daysBefore(notedAt, situation.now) <= shortIllnessDays;
  const isNow = isCurrent(question, situation);
  if (isToCome) return isRecent ? 'to-come' : 'background';
  switch (kind) {
    case 'problem':
      return isNow ? 'encounter' : 'ongoing';
    case 'medication':
      return isNow && !isRenewal ? 'new-drug' : 'ongoing';
    case 'procedure':
      // One without a date or an encounter was sent because it is spoken of.
      return isNow || (notedAt === undefined && question.isOfEncounter === undefined) ? 'encounter' : 'background';
    case 'immunization':
      return 'to-come';
    case 'allergy':
      return isNow || isRecent ? 'ongoing' : 'background';
    case 'test':
      // A user who reviews results wants them explained.
      return isTestTask(context.task) ? 'encounter' : 'background';
  }
}
