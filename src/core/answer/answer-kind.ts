import type { Answer, MissReason, PathStep } from './knowledge-response.js';

/** Steps that leave the code itself behind, the furthest first: the furthest step of a path names the whole path. */
const WAYS = ['title', 'elsewhere', 'name', 'crosswalk', 'ancestor'] as const satisfies readonly PathStep['kind'][];

/** Kind of an answer: found by the code itself (`own`) or by its furthest step; or the reason why there is none. */
export type AnswerKind = 'own' | (typeof WAYS)[number] | MissReason;

export const isMiss = (kind: AnswerKind): kind is MissReason => kind !== 'own' && !WAYS.some((way) => way === kind);

/** Names how an answer was found, or why there is none, for headers, counters and reports. */
export function answerKind({ matches, miss }: Answer): AnswerKind {
  if (miss) return miss.reason;
  const path = matches[0]?.path ?? [];
  return WAYS.find((way) => path.some(({ kind }) => kind === way)) ?? 'own';
}
