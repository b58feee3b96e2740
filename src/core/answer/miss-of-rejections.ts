import type { Miss, MissReason, Rejection, RejectionReason } from './knowledge-response.js';

/** The reason for no match that each rejection leads to if no article is left, the weightiest first. */
const MISS_OF_REJECTION: readonly (readonly [RejectionReason, MissReason])[] = [
  ['title-conflict', 'title-conflict'],
  ['unjudged', 'unjudged'],
  ['held', 'held'],
  ['minimum-age', 'minimum-age'],
  ['audience-age', 'audience'],
  ['care-phase', 'care-phase'],
  ['suppressed', 'suppressed'],
];

/** Returns why a mapped code has no match: the weightiest reason for which its articles were rejected. */
export function findMissOfRejections(rejections: readonly Rejection[]): Miss {
  const reasons = new Set(rejections.map(({ reason }) => reason));
  const reason = MISS_OF_REJECTION.find(([rejection]) => reasons.has(rejection))?.[1] ?? 'code-not-mapped';
  return { reason, hint: undefined, note: '' };
}
