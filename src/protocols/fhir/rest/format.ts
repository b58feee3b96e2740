import { parse } from 'content-type';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { RequestError } from '../../../core/errors.js';
import { acceptedRanges, mediaRanges, FORM, type BodyTypes } from '../../input/request-headers.js';
import { LIMITS } from '../../../limits.js';
import { findParameter, type Parameters, type RouteRequest } from '../../route.js';

/** Syntax of an answer, and whether it is laid out for a person (`_pretty`). */
export interface Format {
  readonly syntax: 'json' | 'xml';
  readonly pretty: boolean;
}

type FormatRequest = Pick<RouteRequest, 'parameters' | 'headers'>;

/** Parameters of every FHIR request, which say only how its answer is written (R4 http, 3.1.0.1.11). */
export const FORMAT_PARAMETERS: readonly string[] = ['_format', '_pretty'];

export const CONTENT_TYPES: Readonly<Record<Format['syntax'], string>> = {
  json: 'application/fhir+json; charset=utf-8',
  xml: 'application/fhir+xml; charset=utf-8',
};

const OFFERED = 'application/fhir+json and application/fhir+xml (FHIR 4.0)';
const VERSIONS = ['4.0', '4.0.1'];
/** `+fhir` is how FHIR's drafts named them; HAPI still sends it along. */
const NAMES: Readonly<Record<Format['syntax'], readonly string[]>> = {
  json: ['application/fhir+json', 'application/json+fhir', 'application/json', 'text/json'],
  xml: ['application/fhir+xml', 'application/xml+fhir', 'application/xml', 'text/xml'],
};

const SYNTAXES = ['json', 'xml'] as const;

/** The media types on offer, and the format each stands for; the first is chosen where a client accepts anything. */
const OFFERS = new Map<string, Format['syntax']>(
  SYNTAXES.flatMap((syntax) =>
    NAMES[syntax].flatMap((type) =>
      VERSIONS.map((version) => [`${type}; charset=utf-8; fhirVersion=${version}`, syntax] as const),
    ),
  ),
);
const OFFERED_TYPES = [...OFFERS.keys()];
/** A person who opens the address in a browser is shown the JSON. */
const FOR_BROWSERS = ['text/html', ...OFFERED_TYPES];

const findSyntax = (type: string): Format['syntax'] => OFFERS.get(type) ?? 'json';

/** Media types that an Accept header names, in lower case: those that are wanted, and those that are excluded (`q=0`). */
function readTypes(accept: string): { wanted: Set<string>; refused: Set<string> } {
  const [wanted, refused] = [new Set<string>(), new Set<string>()];
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const isRefused = parameters.some((parameter) => /^q ?= ?0(\.0*)?$/.test(parameter));
    (isRefused ? refused : wanted).add(type);
  }
  return { wanted, refused };
}

/**
 * Filters the types that may be offered: a syntax that is excluded by one of its names, `application/fhir+json;q=0`, comes under another
 * of them only if that is requested, not by a wildcard.
 */
function withoutWithheld(accept: string, types: readonly string[]): string[] {
  const { wanted, refused } = readTypes(accept);
  if (refused.size === 0) return [...types];
  return types.filter((type) => {
    const isRefused = NAMES[findSyntax(type)].some((name) => refused.has(name));
    return !isRefused || wanted.has(type.split(';', 1)[0] ?? '');
  });
}

function choose(accept: string, types: readonly string[]): Format['syntax'] | undefined {
  const type = new Negotiator({ headers: { accept } }).mediaType(withoutWithheld(accept, types));
  return type === undefined ? undefined : findSyntax(type);
}

/** Clients send few Accept headers, and these over and over: what one asks for is worked out once. */
const MOST_ACCEPTS = 100;
const LONGEST_CACHED_ACCEPT = 200;
const chosenByAccept = new LRUCache<string, { readonly syntax: Format['syntax'] | undefined }>({ max: MOST_ACCEPTS });

function chooseByAccept(accept: string): Format['syntax'] | undefined {
  const known = chosenByAccept.get(accept);
  if (known) return known.syntax;
  const syntax = choose(accept, FOR_BROWSERS);
  if (accept.length <= LONGEST_CACHED_ACCEPT) chosenByAccept.set(accept, { syntax });
  return syntax;
}

/** A `_format` as a media type: its short name, or with the blank that a bare `+` becomes in a query. */
function toMediaType(format: string): string {
  return format
    .replace(/^\s*(json|xml)\s*(?=;|$)/i, 'application/fhir+$1')
    .replace(/\b(fhir) (json|xml)\b|\b(json|xml) (fhir)\b/i, (both) => both.replace(' ', '+'));
}

const isPretty = ({ parameters }: FormatRequest): boolean =>
  parameters.some(([name, value]) => name === '_pretty' && value === 'true');

/** Reads the requested format: `_format` as a media type where it is sent, and the Accept header. */
function readRequested({ parameters, headers }: FormatRequest): { format: string | undefined; accept: string } {
  const format = findParameter(parameters, '_format');
  return {
    format: format === undefined ? undefined : toMediaType(mediaRanges(format)),
    accept: acceptedRanges(headers.accept),
  };
}

/**
 * How the answer is to be written: FHIR 4.0 in JSON or XML. `_format` overrides the Accept header (R4 http, 3.1.0.1.11).
 * @throws RequestError `unsupported-response-type`
 */
export function chooseFormat(request: FormatRequest): Format {
  const { format, accept } = readRequested(request);
  const syntax = format === undefined ? chooseByAccept(accept) : choose(format, OFFERED_TYPES);
  if (!syntax) throw new RequestError('unsupported-response-type', { offered: OFFERED });
  return { syntax, pretty: isPretty(request) };
}

/** The format of an error: the requested one, with any version or charset, else JSON. */
export function chooseErrorFormat(request: FormatRequest): Format {
  const { format, accept } = readRequested(request);
  const plain = (format ?? accept).replace(/;\s*(fhirVersion|charset)\s*=[^;,]*/gi, '');
  return { syntax: choose(plain, FOR_BROWSERS) ?? 'json', pretty: isPretty(request) };
}

/** The syntax of a body by its Content-Type; undefined for another type, another version of FHIR, another charset than UTF-8. */
export function readBodySyntax(contentType: string): Format['syntax'] | undefined {
  const { type, parameters } = parse(contentType);
  const { charset = '', fhirversion = '' } = parameters;
  const syntax = SYNTAXES.find((one) => NAMES[one].includes(type));
  const isUtf8 = ['', 'utf-8', 'utf8', 'us-ascii'].includes(charset.toLowerCase());
  const isRead = isUtf8 && ['', ...VERSIONS].includes(fhirversion);
  return isRead ? syntax : undefined;
}

/** Bodies by what is posted: a search's parameters as a form, which may be in its query instead, else a resource, which may be empty. */
export const bodyTypes = (takes: 'form' | 'bundle' | 'resource'): BodyTypes =>
  takes === 'form'
    ? {
        maxBytes: LIMITS.maxResourceBytes,
        accepts: (contentType, isEmpty) => (isEmpty && contentType === '') || parse(contentType).type === FORM,
        supported: FORM,
      }
    : {
        maxBytes: LIMITS.maxResourceBytes,
        accepts: (contentType, isEmpty) => isEmpty || readBodySyntax(contentType) !== undefined,
        supported: `${OFFERED}, UTF-8`,
      };

/** `Prefer: handling=strict` (R4 search, 3.1.1.3; RFC 7240): the client wants to hear of what the server does not know. */
export function isStrict(prefer: string | readonly string[] | undefined): boolean {
  if (prefer === undefined) return false;
  return String(prefer)
    .split(',')
    .some((preference) => /^handling ?= ?"?strict"?$/i.test(preference.split(';', 1)[0]?.trim() ?? ''));
}

/** The parameters of the request itself, without those of the answer's format. */
export const withoutFormat = (parameters: Parameters): Parameters =>
  parameters.filter(([name]) => !FORMAT_PARAMETERS.includes(name));
