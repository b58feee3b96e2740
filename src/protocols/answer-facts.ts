import type { Answer, KnowledgeResponse } from '../core/knowledge-response.js';
import type { AnswerFacts } from './route.js';

function kindOf({ matches, miss }: Answer): string {
  const path = matches[0]?.path ?? [];
  const furthest = ['name', 'crosswalk', 'ancestor'].find((kind) => path.some((step) => step.kind === kind));
  return miss ? miss.reason : (furthest ?? 'own');
}

/** What the log and the counters may know of a response: how each answer was found, never for what. */
export function describeAnswers({ answers }: KnowledgeResponse): AnswerFacts {
  const answered = answers.some(({ matches }) => matches.length > 0);
  return { outcome: answered ? 'answered' : 'empty', matchKinds: [...new Set(answers.map(kindOf))].sort().join(' ') };
}

/**
 * The value of `X-Answer`: for each answer how it was found (`own`, `ancestor`, `crosswalk`, `name`) or why it was not, with
 * the system that the code seems to belong to. So a client of any dialect can tell an honest miss from a mistake.
 */
export function answerHeader({ answers }: KnowledgeResponse): string {
  return answers
    .map((answer) => (answer.miss?.hint ? `${kindOf(answer)}; hint=${answer.miss.hint}` : kindOf(answer)))
    .join(', ');
}
