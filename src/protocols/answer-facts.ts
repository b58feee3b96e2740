import { answerKind } from '../core/answer-kind.js';
import type { KnowledgeResponse } from '../core/knowledge-response.js';
import type { AnswerFacts } from './route.js';
import { NO_STORE } from './route.js';

/** What the log and the counters may know of a response: how each answer was found, never for what. */
export function describeAnswers({ answers }: KnowledgeResponse): AnswerFacts {
  const answered = answers.some(({ matches }) => matches.length > 0);
  return {
    outcome: answered ? 'answered' : 'empty',
    matchKinds: [...new Set(answers.map(answerKind))].sort().join(' '),
  };
}

/** Headers of an answer that a server did not contribute to in time: nobody keeps it, neither we nor anyone on the way. */
export function provisionalHeaders({ isProvisional }: Pick<KnowledgeResponse, 'isProvisional'>): {
  'Cache-Control'?: string;
} {
  return isProvisional ? { 'Cache-Control': NO_STORE } : {};
}

/**
 * The value of `X-Answer`: for each answer how it was found (`own`, `ancestor`, `crosswalk`, `name`, `elsewhere`) or why it was not, with
 * the system that the code seems to belong to. So a client of any dialect can tell an honest miss from a mistake.
 */
export function answerHeader({ answers }: KnowledgeResponse): string {
  return answers
    .map((answer) => (answer.miss?.hint ? `${answerKind(answer)}; hint=${answer.miss.hint}` : answerKind(answer)))
    .join(', ');
}
