import type { RequestContext } from './knowledge-request.js';
import type { Answer, KnowledgeResponse, Miss, MissReason, RejectionReason } from './knowledge-response.js';

/** What would betray to a patient that something is there which is not given. */
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

/** A response as a patient who works the screen is shown it: what is held looks like what is not there. Others have all of it. */
export function withoutTrace(response: KnowledgeResponse, { performer }: RequestContext): KnowledgeResponse {
  return performer === 'PAT' ? { ...response, answers: response.answers.map(hide) } : response;
}
