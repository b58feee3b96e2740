import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';

/** Headers by which a call of ours to another server is found in its logs and traces; nothing about the client. */
export type TraceHeaders = Readonly<Record<string, string>>;

/** Version, trace id, parent id, flags; a later version may add more behind a dash (W3C Trace Context, 3.2.2). */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;
const SAMPLED = 1;

const MAX_STATE_CHARS = 512;
const MAX_STATE_MEMBERS = 32;
/** `key=value`, or `tenant@system=value` (W3C Trace Context, 3.3.1.3). */
const STATE_MEMBER =
  /^(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/;

/** A valid traceparent as it is passed on; of a later version what version 00 knows of it. Undefined: it is not valid. */
function readParent(sent: unknown): string | undefined {
  if (typeof sent !== 'string') return undefined;
  const [, version = '', trace = '', parent = '', flags = '', more] = TRACEPARENT.exec(sent.trim()) ?? [];
  if (version === '' || version === 'ff' || NOTHING.test(trace) || NOTHING.test(parent)) return undefined;
  if (version === '00') return more === undefined ? sent.trim() : undefined;
  return `00-${trace}-${parent}-0${parseInt(flags, 16) & SAMPLED}`;
}

function readState(sent: unknown): string | undefined {
  if (typeof sent !== 'string' || sent.length > MAX_STATE_CHARS) return undefined;
  const members = sent
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const isValid = members.length <= MAX_STATE_MEMBERS && members.every((member) => STATE_MEMBER.test(member));
  return isValid && members.length > 0 ? members.join(',') : undefined;
}

/**
 * Returns the headers of the calls that a request leads to. No spans are recorded here, so traceparent is forwarded as it came
 * (W3C Trace Context, 2.2): the other server's span hangs below the caller's.
 * @param staysInHouse whether tracestate goes along: it may hold anything
 */
export function traceHeaders(headers: IncomingHttpHeaders, requestId: string, staysInHouse: boolean): TraceHeaders {
  const parent = readParent(headers.traceparent);
  const state = parent !== undefined && staysInHouse ? readState(headers.tracestate) : undefined;
  return {
    'x-request-id': requestId,
    ...(parent === undefined ? {} : { traceparent: parent }),
    ...(state === undefined ? {} : { tracestate: state }),
  };
}

/** Runs a piece of work so that calls to other servers carry the headers of its request. */
export type Traced = <T>(requestId: string, headers: IncomingHttpHeaders, work: () => Promise<T>) => Promise<T>;

/**
 * Carries a request's trace headers past handlers and core, which know nothing of HTTP, to the clients of other
 * servers. It makes every Promise below it slower: it is used only if another server may be called.
 * @param staysInHouse whether the other servers are in the house
 * @returns `current`: the headers of the request that is being answered; none outside of any
 */
export function createTraceContext(staysInHouse: boolean): { run: Traced; current: () => TraceHeaders } {
  const storage = new AsyncLocalStorage<TraceHeaders>();
  return {
    run: (requestId, headers, work) => storage.run(traceHeaders(headers, requestId, staysInHouse), work),
    current: () => storage.getStore() ?? {},
  };
}
