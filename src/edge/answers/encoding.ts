import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import Negotiator from 'negotiator';

export type Encoding = 'identity' | 'gzip' | 'br';

/** Middle levels: most of the gain for a tenth of the time of the highest. */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 5;

/** The few Accept-Encoding headers that clients really send, with the encoding chosen for each. */
const chosen = new Map<string, Encoding>();
const MAX_CHOSEN = 200;

/** The encoding a client prefers of those we have. */
export function chooseEncoding(acceptEncoding: string | undefined): Encoding {
  if (!acceptEncoding) return 'identity';
  const known = chosen.get(acceptEncoding);
  if (known) return known;
  const negotiator = new Negotiator({ headers: { 'accept-encoding': acceptEncoding } });
  const encoding = (negotiator.encoding(['br', 'gzip', 'identity']) ?? 'identity') as Encoding;
  if (chosen.size < MAX_CHOSEN) chosen.set(acceptEncoding, encoding);
  return encoding;
}

const GZIP = { level: GZIP_LEVEL };
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } };

/** A body in an encoding. */
export function encode(body: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'gzip') return gzipSync(body, GZIP);
  return encoding === 'br' ? brotliCompressSync(body, BROTLI) : body;
}

const [gzipAside, brotliAside] = [promisify(gzip), promisify(brotliCompress)];

/** The same in a thread of the pool: other requests are served meanwhile. Small bodies would only wait for the thread. */
export async function encodeAside(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzipAside(body, GZIP);
  return encoding === 'br' ? brotliAside(body, BROTLI) : body;
}
