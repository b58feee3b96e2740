import type { ErrorCode } from '../core/errors.js';
import { JSON_ERROR, toEnum } from '../protocols/describe.js';
import { HTML, INFOBUTTON_ERRORS, INFOBUTTON_QUERY } from '../protocols/infobutton/describe-routes.js';
import type {
  AnswerHeader,
  ContentByType,
  ParameterDocument,
  RouteDocument,
  Schema,
} from '../protocols/route-document.js';

const LANGUAGE: ParameterDocument = {
  name: 'lang',
  description:
    'Language of the page: en or es. For any other (BCP 47) it is English, says so, and links to pages in it.',
  schema: { type: 'string', default: 'en' },
};

const ACCEPT_LANGUAGE: ParameterDocument = {
  name: 'Accept-Language',
  description: 'Language of the page where the address names none.',
};

const PLAIN: ContentByType = { 'text/plain': { schema: { type: 'string' } } };

interface PageFacts {
  readonly summary: string;
  /** Beside the language. */
  readonly query?: readonly ParameterDocument[];
  /** Parameters of the path. */
  readonly path?: readonly ParameterDocument[];
  readonly errors?: readonly ErrorCode[];
  readonly headers?: readonly AnswerHeader[];
  /** Where the page may send its reader on. */
  readonly redirect?: { readonly status: number; readonly description: string };
  /** An address at which the page shows something. */
  readonly example: string;
}

/** What clients read of a page of ours. */
export function describePage({
  summary,
  query = [],
  path,
  errors = [],
  headers = ['Content-Language'],
  redirect,
  example,
}: PageFacts): RouteDocument {
  return {
    tag: 'Pages',
    ...(path ? { path } : {}),
    methods: {
      GET: {
        summary,
        query: [...query, LANGUAGE],
        headers: [ACCEPT_LANGUAGE],
        answers: {
          200: { description: 'The page.', content: HTML, headers },
          ...(redirect ? { [redirect.status]: { ...redirect, content: PLAIN, headers: ['Location'] } } : {}),
        },
        errors,
        errorContent: HTML,
        examples: [{ summary, address: example, status: 200, contentType: 'text/html' }],
      },
    },
  };
}

/** The application's page, at one of its addresses: an infobutton request answered in HTML. */
export function describeApplication(path: string): RouteDocument {
  const asked = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
  const page = describePage({
    summary: 'The page that explains a code; without one, a search box',
    query: INFOBUTTON_QUERY,
    errors: INFOBUTTON_ERRORS,
    headers: ['Content-Language', 'X-Answer'],
    example: `${path}?${asked}`,
  });
  return { ...page, tag: 'MedlinePlus Connect' };
}

const SUGGESTION: Schema = {
  type: 'object',
  required: ['title', 'kind', 'lang', 'url'],
  properties: {
    title: { type: 'string' },
    kind: { type: 'string', description: 'What it is, in words.' },
    lang: toEnum(['en', 'es']),
    code: { type: 'string', description: 'Of a concept.' },
    url: { type: 'string', description: 'Address of the page that shows it.' },
  },
};

export const SUGGESTIONS: RouteDocument = {
  tag: 'Pages',
  methods: {
    GET: {
      summary: 'What the search box suggests',
      query: [{ name: 'q', description: 'What was typed so far.' }, LANGUAGE],
      answers: {
        200: {
          description: 'Suggestions, the best first.',
          headers: ['Content-Language'],
          content: {
            'application/json': {
              name: 'Suggestions',
              schema: {
                type: 'object',
                required: ['suggestions'],
                properties: {
                  suggestions: { type: 'array', items: SUGGESTION },
                  notice: { type: 'string', description: 'What a person should know of how the words were read.' },
                },
              },
            },
          },
        },
      },
      errors: [],
      errorContent: JSON_ERROR,
      examples: [{ summary: 'A beginning', address: '/suggest?q=asth', status: 200, contentType: 'application/json' }],
    },
  },
};
