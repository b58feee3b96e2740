import type { Library } from '../core/model/library.js';
import { JSON_ERROR } from '../protocols/describe.js';
import type { ContentByType, RouteDocument, Schema } from '../protocols/route-document.js';
import type { Handler, Route, RouteResponse } from '../protocols/route.js';
import type { Metrics } from './observe/metrics.js';

export interface OperationsOptions {
  readonly library: Library;
  readonly metrics: Metrics;
  /** True once the server has been told to stop: no new work is wanted. */
  readonly isStopping: () => boolean;
}

const json = (status: number, body: object): RouteResponse => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
  facts: { outcome: 'ok' },
});

const stateOf = (further: Schema): Schema => ({
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string' }, ...further },
});
const HEALTH: ContentByType = { 'application/json': { name: 'Health', schema: stateOf({}) } };
const READINESS: ContentByType = {
  'application/json': {
    name: 'Readiness',
    schema: stateOf({
      release: { type: 'string' },
      date: { type: 'string', format: 'date' },
      articles: { type: 'integer' },
      mappings: { type: 'integer' },
      store: {
        type: 'string',
        description: 'Only while the database is away, or cannot be copied: `away` or `behind`, and since when.',
      },
    }),
  },
};

function describe(
  path: string,
  summary: string,
  content: ContentByType,
  further: readonly number[] = [],
): RouteDocument {
  const [contentType = ''] = Object.keys(content);
  const not = Object.fromEntries(further.map((status) => [status, { description: 'Not now.', content }]));
  return {
    tag: 'Operations',
    methods: {
      GET: {
        summary,
        answers: { 200: { description: 'As it is now.', content }, ...not },
        errors: [],
        errorContent: JSON_ERROR,
        examples: [{ summary, address: path, status: 200, contentType }],
      },
    },
  };
}

/** What those who run the server ask: is it alive, is it ready, how is it doing. */
export function operationsRoutes(options: OperationsOptions): Route[] {
  const { library, metrics, isStopping } = options;
  const common: Pick<Route, 'protocol' | 'headerKind' | 'renderError'> = {
    protocol: 'operations',
    headerKind: 'operations',
    renderError: ({ code, status }) => ({ ...json(status, { error: { code, status } }), facts: { outcome: code } }),
  };
  const health: Handler = async () => json(200, { status: 'ok' });
  const readiness: Handler = async () => {
    const { release, date, articles, mappings } = library.status();
    if (isStopping()) return json(503, { status: 'stopping' });
    if (!(await library.ready())) return json(503, { status: 'library unavailable' });
    const lag = library.storeLag?.();
    const store = lag ? { store: `${lag.reason} since ${lag.since.toISOString()}` } : {};
    return json(200, { status: 'ready', release, date, articles, mappings, ...store });
  };
  const counters: Handler = async () => ({
    status: 200,
    contentType: metrics.registry.contentType,
    body: await metrics.registry.metrics(),
    facts: { outcome: 'ok' },
  });
  return [
    {
      ...common,
      isOpen: true,
      path: '/healthz',
      get: health,
      document: describe('/healthz', 'Whether the process lives', HEALTH),
    },
    {
      ...common,
      isOpen: true,
      path: '/readyz',
      get: readiness,
      document: describe('/readyz', 'Whether requests can be answered', READINESS, [503]),
    },
    {
      ...common,
      path: '/metrics',
      get: counters,
      // They tell of requests, not of articles: any client of the site may read them.
      neededRights: () => [],
      document: describe('/metrics', 'Counters in Prometheus’ format', {
        'text/plain': { schema: { type: 'string' } },
      }),
    },
  ];
}
