import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { AnswerFacts } from '../protocols/route.js';
import type { Metrics } from './metrics.js';

/** What becomes known of a request on its way; read once when it has ended. */
export interface RequestRecord {
  protocol: string;
  /** The route's pattern, never the address itself. */
  route: string;
  facts: AnswerFacts;
  cache: 'hit' | 'miss' | 'off';
}

/**
 * Follows a request to its end, sent or broken off: the one place that logs and counts. Nothing of the address's query,
 * the headers or the body is written down.
 */
export function followRequest(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: Metrics,
  log: Logger,
): RequestRecord {
  const started = performance.now();
  const record: RequestRecord = { protocol: '', route: '', facts: { outcome: 'ok' }, cache: 'off' };
  response.once('close', () => {
    const { protocol, route, facts, cache } = record;
    const ms = performance.now() - started;
    const { outcome, matchKinds = '' } = facts;
    const { statusCode: status } = response;
    metrics.count({ protocol, status, outcome, matchKinds, cache, seconds: ms / 1000 });
    const { method } = request;
    const sent = response.writableFinished;
    log.info({ protocol, route, method, status, outcome, matchKinds, cache, sent, ms: Math.round(ms * 1000) / 1000 });
  });
  return record;
}
