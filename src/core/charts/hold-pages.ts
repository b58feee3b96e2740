import type { RequestContext } from '../answer/knowledge-request.js';
import type { Match } from '../answer/knowledge-response.js';
import { decidesAbuse, isKnownMinor, seesHeld, type SitePolicy } from '../policy/site-policy.js';
import type { Answered, HoldReason } from './chart-response.js';
import { NEARER_PAGES } from './nearer-pages.js';
import { isExamination, isKnownToParents } from './page-weights.js';
import { findLossHolds } from './pregnancy-loss.js';

/** A match of a chart, with the reason where it is held. */
export interface ChartMatch extends Match {
  readonly hold?: HoldReason | undefined;
}

/** A question with its matches as the chart's reader receives them. */
export interface HeldAnswered extends Answered {
  readonly matches: readonly ChartMatch[];
}

/**
 * Whether a title that seems to contradict its code names the same examination, by a page that the code's own makes noise: a lipid panel
 * is of the page on cholesterol levels as well. Of problems, where a near page is another disease, it is never assumed.
 */
function namesSameExamination({ matches, answer: { conflict } }: Answered): boolean {
  const isNear = (id: string, { article }: Match): boolean =>
    isExamination(article) &&
    (NEARER_PAGES.get(id)?.has(article.id) === true || NEARER_PAGES.get(article.id)?.has(id) === true);
  if (conflict?.kind !== 'named') return false;
  return conflict.named.some((id) => matches.some((match) => match.article.id !== id && isNear(id, match)));
}

function withoutConflict(fact: Answered): Answered {
  const { conflict: _, ...answer } = fact.answer;
  return { ...fact, answer };
}

/**
 * Holds what a packet must not bring without a clinician's act: abuse always, whatever is marked from a minor's proxy (but what parents look after), pages on
 * pregnancy after a loss, both readings of a code and a title in conflict, and all of a fact that is in doubt. For a reader who
 * sees nothing that is held, such matches are removed and the fact carries the reason.
 */
export function holdPages(answered: readonly Answered[], context: RequestContext, policy: SitePolicy): HeldAnswered[] {
  const isHeldForLoss = findLossHolds(answered);
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

  return answered.map((sent): HeldAnswered => {
    const fact = namesSameExamination(sent) ? withoutConflict(sent) : sent;
    const matches = fact.matches.map((found): ChartMatch => {
      const isShared = isMinor && found.treatment === 'mark' && isKnownToParents(found.article);
      const match = isShared ? { ...found, treatment: 'show' as const } : found;
      const hold = findHold(fact, match);
      return hold ? { ...match, hold, treatment: 'hold' } : match;
    });
    const [first] = matches.flatMap(({ hold }) => hold ?? []);
    const refused = fact.answer.rejections.some(({ reason }) => reason === 'held') ? 'site-policy' : undefined;
    if (isListed) return { ...fact, matches, hold: refused };
    // Both readings of a conflict are listed to clinicians alone, by the core itself.
    return { ...fact, matches: matches.filter(({ hold }) => !hold), hold: first ?? refused };
  });
}
