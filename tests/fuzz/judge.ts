import { Script } from 'node:vm';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Reply } from '../http/ask.js';
import { complaintOf } from '../http/decent.js';
import type { FuzzRequest } from './make-request.js';

/** Statuses of the server's that a client may meet, each only where it says what to do. */
const TRUE_IF: Readonly<Record<number, (reply: Reply) => boolean>> = {
  503: ({ headers }) => headers['retry-after'] !== undefined,
  507: () => true,
};
/** A stack, or a place on this machine. */
const STACK =
  /\bat (?:async )?\S+ \(?(?:file:\/\/|\/)[^\s)]*:\d+|file:\/\/\/|(?:Aggregate|Assertion|Eval|Reference)Error/;
const PLACES = [process.cwd(), process.env['HOME'] ?? ''].filter((path) => path.length > 1);

/** An answer with its bytes as they were before they were compressed. */
function decoded(reply: Reply): Reply {
  const encoding = reply.headers['content-encoding'];
  if (encoding === undefined || reply.body.length === 0) return reply;
  const body = encoding === 'br' ? brotliDecompressSync(reply.body) : gunzipSync(reply.body);
  return { ...reply, body, text: body.toString('utf8') };
}

function complaintOfScript({ headers, text }: Reply): string | undefined {
  if (!(headers['content-type'] ?? '').startsWith('application/javascript')) return undefined;
  try {
    new Script(text);
    return undefined;
  } catch {
    return 'a script that does not parse';
  }
}

/** Text whose percent-encoding is decoded; sequences that cannot be decoded are left out. */
const decodePercents = (text: string): string =>
  decodeURIComponent(text.replace(/%(?![0-9a-f]{2})|%[89a-f][0-9a-f]/gi, ''));

/** Whether what looks like a leak was sent by the client itself. */
function isEcho(complaint: string, { path, body }: FuzzRequest): boolean {
  const leaked = /^a leak: (.*)$/s.exec(complaint)?.[1];
  const sent = [path, body?.toString('latin1') ?? ''].flatMap((text) => [text, decodePercents(text)]);
  return leaked !== undefined && sent.some((text) => text.includes(leaked));
}

/** Fault of an answer, whatever the request; undefined where all is well. */
export function judge(request: FuzzRequest, sent: Reply): string | undefined {
  const { status } = sent;
  if (status >= 500) return TRUE_IF[status]?.(sent) ? undefined : `status ${status}`;
  if (request.method === 'HEAD' || status === 204 || status === 304) {
    return sent.body.length === 0 ? undefined : `a body with ${request.method} ${status}`;
  }
  let reply: Reply;
  try {
    reply = decoded(sent);
  } catch {
    return 'a body that cannot be unpacked';
  }
  if (status >= 400 && reply.text === '') return `nothing but status ${status}`;
  const stack = STACK.exec(reply.text)?.[0] ?? PLACES.find((place) => reply.text.includes(place));
  const complaint = stack === undefined ? (complaintOf(reply) ?? complaintOfScript(reply)) : `a leak: ${stack}`;
  return complaint === undefined || isEcho(complaint, request) ? undefined : complaint;
}

/** Fault of the reply to bytes that are hardly a request: it must be nothing, or answers of HTTP. */
export function judgeBytes(text: string): string | undefined {
  if (/^HTTP\/1\.1 5(?!03)/.test(text)) return text.slice(0, 40);
  if (text !== '' && !/^HTTP\/1\.1 [1-5]\d\d /.test(text)) return `no HTTP: ${text.slice(0, 40)}`;
  const stack = STACK.exec(text)?.[0] ?? PLACES.find((place) => text.includes(place));
  return stack === undefined ? undefined : `a leak: ${stack}`;
}
