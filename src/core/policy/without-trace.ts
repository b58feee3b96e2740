import type { RequestContext } from '../answer/knowledge-request.js';
import type { Answer, KnowledgeResponse, Miss, MissReason, RejectionReason } from '../answer/knowledge-response.js';

/** Reasons that would reveal to a patient that something exists which is withheld. */
const BETRAYS: ReadonlySet<MissReason | RejectionReason> = new Set<MissReason | RejectionReason>([
  'held',
  'title-conflict',
  'minimum-age',
  'suppressed',
]);

const NOT_THERE: Miss = { reason: 'code-not-mapped', hint: undefined, note: '' };

function hide({ miss, rejections, conflict: _, ...answer }: Answer): Answer {
  return {
    ...answer,
    rejections: rejections.filter(({ reason }) => !BETRAYS.has(reason)),
    miss: miss && BETRAYS.has(miss.reason) ? NOT_THERE : miss,
  };
}

/**
 * Hides withheld articles from a patient who works the screen: a held article looks like a missing one. Other readers
 * get the full response.
 */
export function withoutTrace(response: KnowledgeResponse, { performer }: RequestContext): KnowledgeResponse {
  return performer === 'PAT' ? { ...response, answers: response.answers.map(hide) } : response;
}
