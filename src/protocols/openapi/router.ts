import { rememberLast } from '../../core/remember.js';
import type { CacheableParameters, ErrorRenderer, Route, RouteRequest, RouteResponse } from '../route.js';
import type { ExampleCall } from '../route-document.js';
import type { Texts } from '../../texts.js';
import { apiDocument, exampleCalls, type ApiDocument, type ApiFacts } from './document.js';
import { describeAt, readDescriptions } from '../read-description.js';
import { jsonErrorRenderer } from '../render-error.js';

export interface OpenApiOptions extends Omit<ApiFacts, 'baseUrl' | 'routes'> {
  /** Every other address of the server; these two are added. */
  readonly others: ApiFacts['routes'];
  readonly texts: Texts;
  /** Shows the document to a person. */
  readonly page: {
    /** @param examples calls of each operation, by its id */
    readonly render: (
      document: ApiDocument,
      examples: ReadonlyMap<string, readonly ExampleCall[]>,
      request: RouteRequest,
    ) => RouteResponse;
    readonly renderError: ErrorRenderer;
    readonly cacheable: CacheableParameters;
  };
}

const DOCUMENT_PATH = '/openapi.json';
const PAGE_PATH = '/api';

const describeInterface = readDescriptions('interface');

/** The description of the interface, for programs (OpenAPI 3.1) and for people. Both are in English, as FHIR's definitions are. */
export function openApiRoutes(options: OpenApiOptions): Route[] {
  const { others, texts, page, ...facts } = options;
  // Neither query nor time changes the answer: it is built once for each base address.
  const documentAt = rememberLast((baseUrl: string) =>
    apiDocument({ ...facts, baseUrl, routes: [...others, ...routes] }),
  );
  const routes: Route[] = [
    {
      path: DOCUMENT_PATH,
      protocol: 'openapi',
      headerKind: 'api',
      get: async ({ baseUrl }) => ({
        status: 200,
        contentType: 'application/json; charset=utf-8',
        body: JSON.stringify(documentAt(baseUrl)),
        facts: { outcome: 'ok' },
      }),
      renderError: jsonErrorRenderer(texts),
      cacheable: { names: new Set(), anyCase: false },
      document: describeAt(DOCUMENT_PATH, describeInterface('document')),
    },
    {
      path: PAGE_PATH,
      protocol: 'openapi',
      headerKind: 'page',
      get: async (request) => page.render(documentAt(request.baseUrl), exampleCalls([...others, ...routes]), request),
      renderError: page.renderError,
      cacheable: page.cacheable,
      document: describeAt(PAGE_PATH, describeInterface('page')),
    },
  ];
  return routes;
}
