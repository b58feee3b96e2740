import Negotiator from 'negotiator';
import { RequestError } from '../../core/errors.js';
import { acceptedRanges } from '../media-ranges.js';
import type { RouteRequest } from '../route.js';

export type SearchFormat = 'json' | 'atom';

export const CONTENT_TYPES: Readonly<Record<SearchFormat, string>> = {
  json: 'application/json; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
};

const OFFERED = 'application/json (json), application/atom+xml (atom)';

/** By media type, the preferred ones first. A person who opens the address in a browser is shown the JSON. */
const TYPES: Readonly<Record<string, SearchFormat>> = {
  'application/json': 'json',
  'text/json': 'json',
  'text/html': 'json',
  'application/atom+xml': 'atom',
  'application/xml': 'atom',
  'text/xml': 'atom',
};
const NAMES: Readonly<Record<string, SearchFormat>> = { ...TYPES, json: 'json', atom: 'atom', xml: 'atom' };

/**
 * The format that is asked for: by `_format`, else by the Accept header, else JSON.
 * @throws RequestError `unsupported-response-type`
 */
export function chooseFormat({ parameters, headers }: Pick<RouteRequest, 'parameters' | 'headers'>): SearchFormat {
  const asked = parameters.find(([name, value]) => name === '_format' && value.trim() !== '')?.[1];
  // A bare + in a query is a blank.
  const name = asked?.trim().toLowerCase().replace(' ', '+');
  const accept = acceptedRanges(headers.accept);
  const type = name ?? new Negotiator({ headers: { accept } }).mediaType(Object.keys(TYPES)) ?? '';
  const format = Object.hasOwn(NAMES, type) ? NAMES[type] : undefined;
  if (!format) throw new RequestError('unsupported-response-type', { offered: OFFERED });
  return format;
}
