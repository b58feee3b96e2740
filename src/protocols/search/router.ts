import type { Vocabulary } from '../../core/words/vocabulary.js';
import { addFromSummaries } from '../../core/words/find-in-summaries.js';
import type { Understanding } from '../../core/words/understanding.js';
import { understandWords } from '../../core/words/understand-words.js';
import { factsOfHits } from '../answer-facts.js';
import { atomTime, type FeedSite } from '../feed/atom.js';
import { findLanguageNotice } from '../feed/language-links.js';
import {
  type AnswerFacts,
  type Handler,
  type Route,
  type RouteResponse,
  findParameter,
  type RouteRequest,
} from '../route.js';
import { toEffectiveQuery, parseSearch, readSearchLanguage, type SearchLimits } from './parse.js';
import { createErrorRenderer } from '../render-error.js';
import Negotiator from 'negotiator';
import { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';
import { acceptedRanges } from '../input/request-headers.js';
import type { SearchAnswer } from './answer.js';
import { renderAtom } from './render-atom.js';
import { renderHitsJson } from './render-json.js';

type SearchFormat = 'json' | 'atom';

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
function chooseFormat({ parameters, headers }: Pick<RouteRequest, 'parameters' | 'headers'>): SearchFormat {
  // A bare + in a query is a blank.
  const name = findParameter(parameters, '_format')?.trim().toLowerCase().replace(' ', '+');
  const accept = acceptedRanges(headers.accept);
  const type = name ?? new Negotiator({ headers: { accept } }).mediaType(TYPES) ?? '';
  const format = BY_NAME.get(type);
  if (!format) throw new RequestError('unsupported-response-type', { offered: OFFERED });
  return format;
}

export interface SearchOptions extends SearchLimits, FeedSite {
  readonly vocabulary: Vocabulary;
}

/** Facts for the log and the counters: whether something was found and by which kind of hit first, never for which query. */
function describeHits({ hits }: Understanding): AnswerFacts {
  const [first] = hits;
  const audit = factsOfHits(hits);
  return first ? { outcome: 'answered', matchKinds: first.matched, audit } : { outcome: 'empty' };
}

function createHandler({ library, vocabulary, texts, connector, canonicalBase, ...limits }: SearchOptions): Handler {
  return async (request): Promise<RouteResponse> => {
    const format = chooseFormat(request);
    const search = parseSearch(request.parameters, limits);
    const { query, language, foreignLanguage } = search;
    const byNames = await understandWords(search, library, vocabulary);
    const understood = addFromSummaries(byNames, search, library, vocabulary);
    const updated = atomTime(request.now);
    const { release, date: releasedOn } = library.status();
    const t = texts(language);
    const articles = understood.hits.flatMap((hit) => (hit.kind === 'article' ? [hit.article] : []));
    const answer = {
      query,
      understood,
      language,
      reader: { language, foreignLanguage },
      notice: findLanguageNotice(articles, foreignLanguage, language, t),
      t,
      release,
      releasedOn,
      connector,
      canonicalBase,
      baseUrl: request.baseUrl,
      updated,
      effectiveQuery: toEffectiveQuery(request.parameters).toString(),
    };
    return {
      status: 200,
      contentType: FORMATS[format].contentType,
      body: FORMATS[format].render(answer),
      headers: { 'Content-Language': language },
      computedAt: updated,
      facts: describeHits(understood),
    };
  };
}

/** The format of an error: what is not offered is rejected in JSON, and a feed has none. */
function chooseErrorFormat(request: Parameters<typeof chooseFormat>[0]): 'json' | 'xml' {
  try {
    return chooseFormat(request) === 'json' ? 'json' : 'xml';
  } catch {
    return 'json';
  }
}

const PATH = '/search';

/** Search by words and codes. A query may hold anything that a person types: its answers are never cached. */
export function searchRoutes(options: SearchOptions): Route[] {
  return [
    {
      path: PATH,
      protocol: 'search',
      headerKind: 'search',
      get: createHandler(options),
      isHeavy: ({ query }) => query.length > LIMITS.lightSearchChars,
      renderError: createErrorRenderer(options.texts, (request) => ({
        format: chooseErrorFormat(request),
        language: readSearchLanguage(request.parameters),
      })),
      document: { file: 'search' },
    },
  ];
}
