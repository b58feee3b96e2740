import { RequestError } from '../../core/errors.js';
import { toWordSet } from '../../core/read-data-file.js';
import { WORDS, type SentParameters } from './parameters.js';

/** Whose dialect: MedlinePlus Connect's, or strict HL7. */
export type Dialect = 'medlineplus' | 'hl7';
export type ResponseType = (typeof WORDS.responseTypes)[string];

const CONTENT_TYPES: Readonly<Record<ResponseType, string>> = {
  xml: 'text/xml',
  json: 'application/json',
  jsonp: 'application/javascript',
  html: 'text/html',
};

const findType = (name: string): ResponseType | undefined =>
  Object.hasOwn(WORDS.responseTypes, name) ? WORDS.responseTypes[name] : undefined;

const OFFERED = 'text/xml, application/json, application/javascript, text/html';
const RESERVED = toWordSet(WORDS.reserved);
const CALLBACK = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/;

/** Media type of a response type, without its charset. */
export function findContentType(type: ResponseType): string {
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
    const found = type === '*/*' ? 'any' : findType(type);
    if (found) return found;
  }
  return undefined;
}

/**
 * The requested response type: `knowledgeResponseType`, else what the Accept header prefers, else XML. MedlinePlus
 * Connect passes over an Accept header: in its dialect one that cannot be met, or a browser's, is answered with XML.
 * @throws RequestError `unsupported-response-type`
 */
export function chooseResponseType(sent: SentParameters, accept: string | undefined, dialect: Dialect): ResponseType {
  const requested = sent.first('knowledgeResponseType');
  if (requested !== '') {
    const type = findType(essence(requested));
    if (!type) throw new RequestError('unsupported-response-type', { offered: OFFERED });
    return type;
  }
  const accepted = fromAccept(accept);
  if (accepted === 'any') return 'xml';
  if (dialect === 'medlineplus') return accepted === undefined || accepted === 'html' ? 'xml' : accepted;
  if (accepted === undefined) throw new RequestError('unsupported-response-type', { offered: OFFERED });
  return accepted;
}

/** The name of the JSONP callback. @throws RequestError `bad-callback` where it is missing or could be more than a function's name */
export function readCallback(sent: SentParameters, mostChars: number): string {
  const callback = sent.first('callback').trim();
  const isReserved = RESERVED.has(callback.slice(callback.lastIndexOf('.') + 1));
  if (callback.length > mostChars || !CALLBACK.test(callback) || isReserved)
    throw new RequestError('bad-callback', { most: mostChars });
  return callback;
}
