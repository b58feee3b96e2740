import type { ErrorCode } from '../core/errors.js';
import { JSON_ERROR } from '../protocols/describe.js';
import { HTML, INFOBUTTON_ERRORS, INFOBUTTON_QUERY } from '../protocols/infobutton/describe-routes.js';
import type { ParameterDocument, RouteDocument } from '../protocols/route-document.js';

const LANGUAGE: ParameterDocument = {
  name: 'lang',
  description:
    'Language of the page: en or es. For any other (BCP 47) it is English, says so, and links to pages in it.',
  schema: { type: 'string', default: 'en' },
};

interface PageFacts {
  readonly summary: string;
  /** Beside the language. */
  readonly query?: readonly ParameterDocument[];
  /** Parameters of the path. */
  readonly path?: readonly ParameterDocument[];
  readonly errors?: readonly ErrorCode[];
  /** An address at which the page shows something. */
  readonly example: string;
}

/** What clients read of a page of ours. */
export function describePage({ summary, query = [], path, errors = [], example }: PageFacts): RouteDocument {
  return {
    tag: 'Pages',
    ...(path ? { path } : {}),
    methods: {
      GET: {
        summary,
        query: [...query, LANGUAGE],
        answers: { 200: { description: 'The page.', content: HTML } },
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
    example: `${path}?${asked}`,
  });
  return { ...page, tag: 'MedlinePlus Connect' };
}

export const SUGGESTIONS: RouteDocument = {
  tag: 'Pages',
  methods: {
    GET: {
      summary: 'What the search box suggests',
      query: [{ name: 'q', description: 'What was typed so far.' }, LANGUAGE],
      answers: {
        200: {
          description: 'Suggestions, the best first.',
          content: {
            'application/json': {
              name: 'Suggestions',
              schema: {
                type: 'object',
                required: ['suggestions'],
                properties: { suggestions: { type: 'array', items: { type: 'object', required: ['title', 'url'] } } },
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
