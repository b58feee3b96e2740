import type { Sensitivity } from './article.js';
import type { RequestContext } from './knowledge-request.js';

/**
 * Whether an article is held back from this asker. Abuse (SDV) is never shown where the patient works the screen
 * (performer PAT, a portal): the abuser may read along. All other sensitivities are shown and marked.
 */
export function isHeld(sensitivity: Sensitivity | undefined, context: RequestContext): boolean {
  return sensitivity === 'SDV' && context.performer === 'PAT';
}
