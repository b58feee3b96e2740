import Negotiator from 'negotiator';
import { RequestError } from '../../core/errors.js';
import type { RouteRequest } from '../route.js';

const OFFERED = 'application/fhir+json (FHIR 4.0)';
const VERSIONS = ['4.0', '4.0.1'];
const JSON_TYPES = ['application/fhir+json', 'application/json', 'text/json'].flatMap((type) =>
  VERSIONS.map((version) => `${type}; charset=utf-8; fhirVersion=${version}`),
);
/** A person who opens the address in a browser is shown the JSON. */
const ACCEPTED_TYPES = [...JSON_TYPES, 'text/html'];

const isMet = (accept: string, types: readonly string[]): boolean =>
  new Negotiator({ headers: { accept } }).mediaType(types) !== undefined;

/** A `_format` as a media type: its short name, or with the blank that a bare `+` becomes in a query. */
function mediaTypeOf(format: string): string {
  return format.trim().toLowerCase() === 'json'
    ? 'application/fhir+json'
    : format.replace(/\bfhir json\b/i, 'fhir+json');
}

/**
 * Whether the answer can be written as it is asked for: FHIR 4.0 in JSON. `_format` overrides the Accept header (R4 http,
 * 3.1.0.1.11).
 * @throws RequestError `unsupported-response-type`
 */
export function checkFormat({ parameters, headers }: Pick<RouteRequest, 'parameters' | 'headers'>): void {
  const format = parameters.find(([name, value]) => name === '_format' && value.trim() !== '')?.[1];
  const accept = headers.accept?.trim() ? headers.accept : '*/*';
  const met = format === undefined ? isMet(accept, ACCEPTED_TYPES) : isMet(mediaTypeOf(format), JSON_TYPES);
  if (!met) throw new RequestError('unsupported-response-type', { offered: OFFERED });
}
