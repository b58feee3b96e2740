import { RequestError } from '../../core/errors.js';
import type { SentParameters } from './parameters.js';

export type ResponseType = 'xml' | 'json' | 'jsonp' | 'html';

const CONTENT_TYPES: Readonly<Record<ResponseType, string>> = {
  xml: 'text/xml',
  json: 'application/json',
  jsonp: 'application/javascript',
  html: 'text/html',
};

const NAMES: Readonly<Record<string, ResponseType>> = {
  'text/xml': 'xml',
  'application/xml': 'xml',
  'application/atom+xml': 'xml',
  xml: 'xml',
  'application/json': 'json',
  json: 'json',
  'application/javascript': 'jsonp',
  'text/javascript': 'jsonp',
  javascript: 'jsonp',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  html: 'html',
};

const OFFERED = 'text/xml, application/json, application/javascript, text/html';
/** No function of a page's own is deeper or longer named. */
const CALLBACK = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/;

/** Media type of a response type, without its charset. */
export function contentTypeOf(type: ResponseType): string {
  return CONTENT_TYPES[type];
}

const essence = (mediaRange: string): string => (mediaRange.split(';', 1)[0] ?? '').trim().toLowerCase();

/** The first of the media types in an Accept header that we offer; undefined where it names none, `any` where all do. */
function fromAccept(accept: string | undefined): ResponseType | 'any' | undefined {
  if (!accept?.trim()) return 'any';
  const ranges = accept
    .split(',')
    .map((range) => ({ type: essence(range), quality: Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { type } of ranges) {
    if (type === '*/*' || type === 'text/*' || type === 'application/*') return 'any';
    if (Object.hasOwn(NAMES, type)) return NAMES[type];
  }
  return undefined;
}

/**
 * The response type asked for: `knowledgeResponseType`, else what the Accept header prefers, else the fallback.
 * @param lenient an Accept header that cannot be met is passed over, as MedlinePlus Connect does
 * @throws RequestError `unsupported-response-type`
 */
export function chooseResponseType(
  sent: SentParameters,
  accept: string | undefined,
  fallback: ResponseType,
  lenient: boolean,
): ResponseType {
  const asked = sent.first('knowledgeResponseType');
  if (asked !== '') {
    const name = essence(asked);
    const type = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    if (!type) throw new RequestError('unsupported-response-type', { offered: OFFERED });
    return type;
  }
  const accepted = fromAccept(accept);
  if (accepted === 'any' || (accepted === undefined && lenient)) return fallback;
  if (accepted === undefined) throw new RequestError('unsupported-response-type', { offered: OFFERED });
  // A browser that opens the service's address asks for HTML first; the service's answer is a feed.
  return accepted === 'html' && lenient ? fallback : accepted;
}

/**
 * The name of the JSONP callback.
 * @throws RequestError `bad-callback` where it is missing or could be more than a function's name
 */
export function readCallback(sent: SentParameters, mostChars: number): string {
  const callback = sent.first('callback').trim();
  if (callback.length > mostChars || !CALLBACK.test(callback))
    throw new RequestError('bad-callback', { most: mostChars });
  return callback;
}
