import { fetchOutside, readLimited } from '../upstream/outbound.js';

/** A call of our server, as the EHR makes it. */
export interface ServerCall {
  readonly method: 'GET' | 'POST';
  /** Path and query below the server's address. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A call with its answer. */
export interface AnsweredCall {
  readonly call: ServerCall;
  readonly status: number;
  readonly text: string;
  /** Whole milliseconds from the call to the end of its answer. */
  readonly ms: number;
}

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 4_000_000;

/** Calls our server, on the loopback address of this process. @throws Error if there is no answer */
export async function callServer(address: string, call: ServerCall): Promise<AnsweredCall> {
  const { method, path, headers = {}, body } = call;
  const began = performance.now();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetchOutside(address + path, {
    ...{ method, headers, signal, redirect: 'manual' },
    ...(body === undefined ? {} : { body }),
  });
  const text = (await readLimited(answer, MOST_BYTES)).toString('utf8');
  return { call, status: answer.status, text, ms: Math.round(performance.now() - began) };
}
