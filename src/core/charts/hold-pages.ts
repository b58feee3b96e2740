import { mapSteps, type Steps } from '../give-way.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import type { Match } from '../answer/knowledge-response.js';
import { decidesAbuse, isKnownMinor, seesHeld, type SitePolicy } from '../policy/site-policy.js';
import type { Answered } from './ask-chart.js';
import type { HoldReason } from './chart-response.js';
import { isKnownToParents } from './page-weights.js';
import { findLossHolds } from './pregnancy-loss.js';
import { flatMap } from '../flat-map.js';

/** A match of a chart, with the reason where it is held. */
export interface ChartMatch extends Match {
  readonly hold?: HoldReason | undefined;
}

/** A question with its matches as the chart's reader receives them. */
export interface HeldAnswered extends Answered {
  readonly matches: readonly ChartMatch[];
}

/**
 * Holds what a packet must not bring without a clinician's act: abuse always, whatever is marked from a minor's proxy (but what parents look after), pages on
 * pregnancy after a loss, both readings of a code and a title in conflict, and all of a fact that is in doubt. For a reader who
 * sees nothing that is held, such matches are removed and the fact carries the reason.
 */
export function* holdPages(
  answered: readonly Answered[],
  context: RequestContext,
  policy: SitePolicy,
): Steps<HeldAnswered[]> {
  const isHeldForLoss = yield* findLossHolds(answered);
  const isMinor = isKnownMinor(context);
  const isAbuseHeld = !decidesAbuse(policy, context);
  const isListed = seesHeld(context);

  const findHold = (fact: Answered, { article, sensitivity, treatment }: Match): HoldReason | undefined => {
    if (isHeldForLoss(fact, article)) return 'pregnancy-loss';
    if (sensitivity === 'SDV' && isAbuseHeld) return 'abuse';
    if (treatment === 'hold') return 'site-policy';
    if (treatment === 'mark' && isMinor) return 'minor';
    if (fact.question.doubt) return fact.question.doubt;
    return fact.answer.conflict ? 'title-conflict' : undefined;
  };

  return yield* mapSteps(answered, (fact): HeldAnswered => {
    const matches = fact.matches.map((sent): ChartMatch => {
      const isShared = isMinor && sent.treatment === 'mark' && isKnownToParents(sent.article);
      const match = isShared ? { ...sent, treatment: 'show' as const } : sent;
      const hold = findHold(fact, match);
      return hold ? { ...match, hold, treatment: 'hold' } : match;
    });
    const [first] = flatMap(matches, ({ hold }) => hold ?? []);
    const refused = fact.answer.rejections.some(({ reason }) => reason === 'held') ? 'site-policy' : undefined;
    if (isListed) return { ...fact, matches, hold: refused };
    // Both readings of a conflict are listed to clinicians alone, by the core itself.
    return { ...fact, matches: matches.filter(({ hold }) => !hold), hold: first ?? refused };
  });
}
