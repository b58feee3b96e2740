import { readOnce } from '../../core/read-once.js';
import { LIMITS } from '../../limits.js';
import { describeLater, readDescription } from '../read-description.js';
import type { RouteDocument, Schema } from '../route-document.js';
import type { CdsHook } from './services.js';

interface Descriptions extends Readonly<Record<'discovery' | 'service' | 'feedback', RouteDocument>> {
  /** A call of each hook's service. */
  readonly requests: Readonly<Record<CdsHook, Schema>>;
  readonly cardFeedback: Schema;
}

const read = readOnce({
  all: () =>
    readDescription('cds-hooks', {
      maxContextChars: LIMITS.maxContextChars,
      maxCardFeedback: LIMITS.maxCardFeedback,
    }) as Descriptions,
});

/** What clients read of CDS Hooks, and the schemas of their requests. */
export const DESCRIPTIONS: Descriptions = readOnce<Descriptions>({
  discovery: () => describeLater(() => read.all.discovery),
  service: () => describeLater(() => read.all.service),
  feedback: () => describeLater(() => read.all.feedback),
  requests: () => read.all.requests,
  cardFeedback: () => read.all.cardFeedback,
});
