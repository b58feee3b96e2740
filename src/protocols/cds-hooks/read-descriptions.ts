import { LIMITS } from '../../limits.js';
import { readDescription } from '../read-description.js';
import type { RouteDocument, Schema } from '../route-document.js';
import type { CdsHook } from './services.js';

interface Descriptions extends Readonly<Record<'discovery' | 'service' | 'feedback', RouteDocument>> {
  /** A call of each hook's service. */
  readonly requests: Readonly<Record<CdsHook, Schema>>;
  readonly cardFeedback: Schema;
}

/** What clients read of CDS Hooks, and the schemas of their requests. */
export const DESCRIPTIONS = readDescription('cds-hooks', {
  maxContextChars: LIMITS.maxContextChars,
  maxCardFeedback: LIMITS.maxCardFeedback,
}) as Descriptions;
