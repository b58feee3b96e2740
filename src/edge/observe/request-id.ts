import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

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
