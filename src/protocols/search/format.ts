import Negotiator from 'negotiator';
import { RequestError } from '../../core/errors.js';
import { acceptedRanges } from '../input/request-headers.js';
import { findParameter, type RouteRequest } from '../route.js';
import type { SearchAnswer } from './answer.js';
import { renderAtom } from './render-atom.js';
import { renderHitsJson } from './render-json.js';

export type SearchFormat = 'json' | 'atom';

interface FormatRow {
  readonly contentType: string;
  /** Its own media type first, then others that are answered with it. */
  readonly types: readonly string[];
  /** Values of `_format` beside the media types. */
  readonly names: readonly string[];
  readonly render: (answer: SearchAnswer) => string;
}

/** The formats of an answer, the preferred one first. A person who opens the address in a browser gets the JSON. */
export const FORMATS: Readonly<Record<SearchFormat, FormatRow>> = {
  json: {
    contentType: 'application/json; charset=utf-8',
    types: ['application/json', 'text/json', 'text/html'],
    names: ['json'],
    render: renderHitsJson,
  },
  atom: {
    contentType: 'application/atom+xml; charset=utf-8',
    types: ['application/atom+xml', 'application/xml', 'text/xml'],
    names: ['atom', 'xml'],
    render: renderAtom,
  },
};

export const FORMAT_NAMES = Object.keys(FORMATS) as SearchFormat[];
const OFFERED = FORMAT_NAMES.map((name) => `${FORMATS[name].types[0] ?? ''} (${name})`).join(', ');
const TYPES = FORMAT_NAMES.flatMap((name) => FORMATS[name].types);
const BY_NAME = new Map(
  FORMAT_NAMES.flatMap((name) => [...FORMATS[name].types, ...FORMATS[name].names].map((each) => [each, name] as const)),
);

/** The requested format: `_format`, else the Accept header, else JSON. @throws RequestError `unsupported-response-type` */
export function chooseFormat({ parameters, headers }: Pick<RouteRequest, 'parameters' | 'headers'>): SearchFormat {
  // A bare + in a query is a blank.
  const name = findParameter(parameters, '_format')?.trim().toLowerCase().replace(' ', '+');
  const accept = acceptedRanges(headers.accept);
  const type = name ?? new Negotiator({ headers: { accept } }).mediaType(TYPES) ?? '';
  const format = BY_NAME.get(type);
  if (!format) throw new RequestError('unsupported-response-type', { offered: OFFERED });
  return format;
}
