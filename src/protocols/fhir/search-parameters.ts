import { RequestError } from '../../core/errors.js';
import type { Language } from '../../core/language.js';
import { LANGUAGES } from '../../core/language.js';
import type { Parameters, RouteRequest } from '../route.js';
import type { Token } from './token.js';
import { readTokens } from './token.js';

/** Search parameters of DocumentReference that this server reads; the CapabilityStatement is made of them. */
export const SEARCH_PARAMETERS = [
  { name: 'event', type: 'token', documentation: 'Articles that carry a mapping row for exactly this code' },
  {
    name: 'explains',
    type: 'token',
    documentation: 'Articles that answer this code, ancestors and crosswalks included',
  },
  { name: 'language', type: 'token', documentation: 'Language of the article' },
] as const;

type SearchName = (typeof SEARCH_PARAMETERS)[number]['name'];

/** Parameters of every FHIR request, which say only how its answer is written. */
export const FORMAT_PARAMETERS: readonly string[] = ['_format', '_pretty'];

const LANGUAGE_SYSTEM = 'urn:ietf:bcp:47';

/** What a search asks for. */
export interface SearchCriteria {
  /** The parameters that were used, as they were sent. */
  readonly used: Parameters;
  /** Every value of `event`: all must hold, each by one of its tokens. */
  readonly events: readonly (readonly Token[])[];
  readonly explains: Token | undefined;
  /** Languages that every value of `language` allows. */
  readonly languages: readonly Language[];
}

/** Whether the client wants to hear of what the server does not know (R4 search, 3.1.1.3; RFC 7240). */
function isStrict({ headers }: RouteRequest): boolean {
  const preferences = String(headers.prefer ?? '').split(',');
  return preferences.some((preference) => /^handling ?= ?"?strict"?$/i.test(preference.split(';', 1)[0]?.trim() ?? ''));
}

/** The parameters that narrow the search, without empty ones and (unless asked to be strict) unknown ones. */
function usedParameters(request: RouteRequest): [SearchName, string][] {
  const strict = isStrict(request);
  return request.parameters.flatMap(([sent, value]): [SearchName, string][] => {
    const [name, modifier] = sent.split(':', 2);
    const known = SEARCH_PARAMETERS.find((parameter) => parameter.name === name);
    if (value.trim() === '' || (!known && (!strict || FORMAT_PARAMETERS.includes(sent)))) return [];
    if (!known) throw new RequestError('bad-parameter-value', { parameter: sent, expected: 'no such parameter here' });
    // To pass over a modifier would answer another question than was asked.
    if (modifier !== undefined) {
      throw new RequestError('bad-parameter-value', { parameter: sent, expected: `${known.name} takes no modifier` });
    }
    return [[known.name, value]];
  });
}

const isLanguage = (language: Language, { system, code }: Token): boolean =>
  (system === undefined || system.toLowerCase() === LANGUAGE_SYSTEM) && code.toLowerCase() === language;

/**
 * Reads a search of DocumentReference from its query and form.
 * @param mostTokens how many codes one search may name
 * @throws RequestError `bad-parameter-value`, also where nothing is searched by; `too-many-criteria`
 */
export function readCriteria(request: RouteRequest, mostTokens: number): SearchCriteria {
  const used = usedParameters(request);
  const tokensOf = (wanted: SearchName): Token[][] =>
    used.filter(([name]) => name === wanted).map(([name, value]) => readTokens(value, name));
  const [events, explained, languages] = [tokensOf('event'), tokensOf('explains'), tokensOf('language')];
  if (events.flat().length > mostTokens) throw new RequestError('too-many-criteria', { most: mostTokens });
  const [explains, ...more] = explained.flat();
  if (more.length > 0) {
    throw new RequestError('bad-parameter-value', { parameter: 'explains', expected: 'one system|code' });
  }
  if (events.length === 0 && !explains) {
    const expected = 'event= or explains= is needed';
    throw new RequestError('bad-parameter-value', { parameter: 'DocumentReference', expected });
  }
  const isWanted = (language: Language): boolean =>
    languages.every((tokens) => tokens.some((token) => isLanguage(language, token)));
  return { used, events, explains, languages: LANGUAGES.filter(isWanted) };
}
