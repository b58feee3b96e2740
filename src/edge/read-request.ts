import type { IncomingMessage } from 'node:http';
import { RequestError } from '../core/errors.js';
import type { Parameters } from '../protocols/route.js';

const FORM = 'application/x-www-form-urlencoded';

/** Divides an address into its path and its query string; a fragment or an absolute form is met kindly. */
export function splitAddress(address: string): { path: string; query: string } {
  const relative = address.startsWith('/') ? address : address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const mark = relative.indexOf('?');
  const path = mark < 0 ? relative : relative.slice(0, mark);
  return { path: path === '' ? '/' : path, query: mark < 0 ? '' : relative.slice(mark + 1) };
}

/** Decodes form-encoded parameters; bad escapes stay as they are, nothing throws. */
export function readPairs(encoded: string): Parameters {
  return encoded === '' ? [] : [...new URLSearchParams(encoded)].filter(([name]) => name !== '');
}

/**
 * Reads a posted form.
 * @throws RequestError `unsupported-media-type`, `body-too-large`
 */
export async function readForm(request: IncomingMessage, mostBytes: number): Promise<string> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const isPlain = (request.headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  if (type !== FORM || !isPlain) throw new RequestError('unsupported-media-type', { supported: FORM });
  if (Number(request.headers['content-length'] ?? 0) > mostBytes)
    throw new RequestError('body-too-large', { most: mostBytes });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new RequestError('body-too-large', { most: mostBytes });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
