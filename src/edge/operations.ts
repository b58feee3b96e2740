import type { ManagedLibrary } from '../core/model/library.js';
import type { Handler, Route, RouteResponse } from '../protocols/route.js';
import type { Metrics } from './observe/metrics.js';
import { describeBy } from '../protocols/route-document.js';

const json = (status: number, body: object): RouteResponse => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
  facts: { outcome: 'ok' },
});

const describeOperation = describeBy('operations');

/**
 * Routes for those who run the server: health, readiness, metrics.
 * @param isStopping true once the server is stopping: no new work is wanted
 */
export function operationsRoutes(library: ManagedLibrary, metrics: Metrics, isStopping: () => boolean): Route[] {
  const renderError: Route['renderError'] = ({ code, status }) => ({
    ...json(status, { error: { code, status } }),
    facts: { outcome: code },
  });
  const route = (path: string, name: string, get: Handler): Route => ({
    protocol: 'operations',
    headerKind: 'operations',
    renderError,
    path,
    get,
    document: describeOperation(name),
  });
  const health: Handler = async () => json(200, { status: 'ok' });
  const readiness: Handler = async () => {
    const { release, date, articles, mappings } = library.status();
    if (isStopping()) return json(503, { status: 'stopping' });
    if (!(await library.ready())) return json(503, { status: 'library unavailable' });
    const lag = library.storeLag();
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
    { ...route('/healthz', 'health', health), isOpen: true },
    { ...route('/readyz', 'readiness', readiness), isOpen: true },
    // Metrics have no articles in them: any client of the site may read them.
    { ...route('/metrics', 'metrics', counters), neededRights: () => [] },
  ];
}
