import type { Answer, MissReason, PathStep } from './knowledge-response.js';

/** Ways to an answer that leave the code itself behind, the furthest first: one step of it names the whole way. */
const WAYS = ['title', 'elsewhere', 'name', 'crosswalk', 'ancestor'] as const satisfies readonly PathStep['kind'][];

/** How an answer was found: by the code itself (`own`), or by its furthest step; or why it was not. */
export type AnswerKind = 'own' | (typeof WAYS)[number] | MissReason;

export const isMiss = (kind: AnswerKind): kind is MissReason => kind !== 'own' && !WAYS.some((way) => way === kind);

/** How an answer was found, or why it was not: the word for it in headers, counters and reports. */
export function answerKind({ matches, miss }: Answer): AnswerKind {
  if (miss) return miss.reason;
  const path = matches[0]?.path ?? [];
  return WAYS.find((way) => path.some(({ kind }) => kind === way)) ?? 'own';
}
