import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { ERRORS, type ErrorCode } from '../../core/errors.js';
import type { AnswerFacts, Route } from '../../protocols/route.js';
import type { Counted, Metrics, Tally } from './metrics.js';
import { isAudited, type AuditedRequest } from '../../protocols/audited-request.js';
import type { RouteMethod } from '../../protocols/route-document.js';
import { randomUUID } from 'node:crypto';

/** One finished request, as the log and the counters see it: nothing of its query, its headers or its body. */
export interface Finished extends Counted {
  /** The route's pattern, never the address itself. */
  readonly route: string;
  readonly method: string;
  /** False where the client broke off. */
  readonly sent: boolean;
}

/** Facts of a request, collected on its way and read once when it has ended. */
export interface RequestRecord extends RequestIds {
  /** Undefined until the route is found. */
  row?: Route;
  facts: AnswerFacts;
  cache: Finished['cache'];
  /** The authenticated client, on routes that check it: for the audit trail, never for the log. */
  client?: string | undefined;
}

/** Called for each request that has ended. */
export type RequestWitness = (record: RequestRecord, ended: Pick<Finished, 'method' | 'status' | 'sent'>) => void;

const BROKEN_OFF: ErrorCode = 'bad-request';

/** Kinds of finished requests that are cached; a handful is usual. */
const MAX_KINDS = 2000;

interface Kind {
  readonly tally: Tally;
  /** Carries everything but the id and the time, already written as JSON. */
  readonly log: Logger;
}

/**
 * Creates the one place that logs and counts requests, whichever way they ended.
 * @param audit undefined: there is no audit trail
 */
export function createLedger(metrics: Metrics, log: Logger, audit?: RequestWitness) {
  const kinds = new Map<string, Kind>();

  /** Writes a request down. */
  const write = (finished: Finished, requestId: string, ms: number): void => {
    const { protocol, route, method, status, outcome, matchKinds, cache, sent } = finished;
    const key = `${protocol} ${route} ${method} ${status} ${outcome} ${cache} ${sent ? 1 : 0} ${matchKinds}`;
    const known = kinds.get(key);
    const kind = known ?? { tally: metrics.findTally(finished), log: log.child(finished) };
    if (!known && kinds.size < MAX_KINDS) kinds.set(key, kind);
    kind.tally.requests += 1;
    kind.tally.durations.observe(ms / 1000);
    kind.log.info({ requestId, ms: Math.round(ms * 1000) / 1000 });
  };

  /** Follows a request to its end, sent or broken off. The record may be filled until then. */
  const follow = (request: IncomingMessage, response: ServerResponse): RequestRecord => {
    const started = performance.now();
    const { requestId, correlationId } = identifyRequest(request.headers['x-request-id']);
    const facts = { outcome: 'ok' };
    // Each member is named: spreading the object costs as much as the rest of this function.
    const record: RequestRecord = { requestId, correlationId, facts, cache: 'off' };
    response.once('close', () => {
      // The client closed the connection before the request was complete.
      if (!request.complete && !response.headersSent) {
        response.statusCode = ERRORS[BROKEN_OFF].status;
        record.facts = { outcome: BROKEN_OFF };
      }
      const { cache, row: { protocol = '', path: route = '' } = {} } = record;
      const { outcome, matchKinds = '' } = record.facts;
      const { writableFinished: sent } = response;
      const status = record.facts.status ?? response.statusCode;
      const method = request.method ?? '';
      audit?.(record, { method, status, sent });
      const finished = { protocol, route, method, status, outcome, matchKinds, cache, sent };
      write(finished, requestId, performance.now() - started);
    });
    return record;
  };
  return { follow, write };
}

export type Ledger = ReturnType<typeof createLedger>;

/**
 * Creates the audit trail of every route that answers with knowledge, including errors and cached answers. Routes that describe
 * the server itself, and preflights, are not part of it.
 */
export const createAuditTrail =
  (clock: () => Date, write: (audited: AuditedRequest) => void): RequestWitness =>
  ({ row, client, facts }, { method, status, sent }) => {
    if (!row || !isAudited(row) || method === 'OPTIONS') return;
    const { protocol, auditedType: type } = row;
    const interaction = row.interaction?.((method === 'HEAD' ? 'GET' : method) as RouteMethod);
    const { outcome, audit = {}, client: person } = facts;
    write({
      recorded: clock(),
      client: client ?? person,
      protocol,
      interaction,
      type,
      status,
      isSent: sent,
      outcome,
      facts: audit,
    });
  };

/** A UUID, or 32 hexadecimal digits as nginx's `$request_id` and trace ids have them: made by a machine, and no person's name or number. */
const MACHINE_MADE = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
/** Characters that are harmless in a header and in every log. */
const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/;

/** Ids of a request. */
export interface RequestIds {
  /** Sent with the answer and to the servers that we call, and written to the log. */
  readonly requestId: string;
  /** The client's own id, if it was not accepted: it goes back to the client alone. */
  readonly correlationId: string | undefined;
}

/**
 * The ids of a request (FHIR R4, RESTful API, custom headers): an id that only a machine can have made is accepted; any
 * other may be a patient's number, so a new one replaces it.
 * @param sent the header X-Request-Id
 */
export function identifyRequest(sent: string | string[] | undefined): RequestIds {
  if (typeof sent !== 'string') return { requestId: randomUUID(), correlationId: undefined };
  if (MACHINE_MADE.test(sent)) return { requestId: sent, correlationId: undefined };
  return { requestId: randomUUID(), correlationId: HARMLESS.test(sent) ? sent : undefined };
}

/** The headers with the request's ids, names and values in turn. They are not part of a cached answer. */
export function idHeaders({ requestId, correlationId }: RequestIds): string[] {
  const own = ['X-Request-Id', requestId];
  if (correlationId !== undefined) own.push('X-Correlation-Id', correlationId);
  return own;
}

/** The same on an answer whose headers others send. */
export function setIdHeaders(response: ServerResponse, { requestId, correlationId }: RequestIds): void {
  response.setHeader('X-Request-Id', requestId);
  if (correlationId !== undefined) response.setHeader('X-Correlation-Id', correlationId);
}
