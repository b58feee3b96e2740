import type { Resource } from '@medplum/fhirtypes';
import { LIMITS } from '../../config.js';
import type { Library } from '../../core/library.js';
import type { Texts } from '../../texts.js';
import type { CacheableParameters, Handler, Route, RouteRequest, RouteResponse } from '../route.js';
import { capabilityStatement } from './capability.js';
import { checkFormat } from './format.js';
import { FHIR_JSON, createOutcomeRenderer } from './outcome.js';
import { DocumentReader } from './read.js';
import { FORMAT_PARAMETERS, SEARCH_PARAMETERS } from './search-parameters.js';
import { DocumentSearch } from './search.js';

export interface FhirOptions {
  readonly library: Library;
  readonly texts: Texts;
  readonly canonicalBase: string;
  readonly connectorName: string;
  readonly version: string;
}

const CACHEABLE: CacheableParameters = {
  names: new Set([...SEARCH_PARAMETERS.map(({ name }) => name), ...FORMAT_PARAMETERS]),
  anyCase: false,
};

function toResponse(request: RouteRequest, resource: Resource, outcome: string): RouteResponse {
  const pretty = request.parameters.some(([name, value]) => name === '_pretty' && value === 'true');
  const { versionId, lastUpdated } = resource.meta ?? {};
  return {
    status: 200,
    contentType: FHIR_JSON,
    body: JSON.stringify(resource, null, pretty ? 2 : 0),
    headers: {
      ...(versionId ? { ETag: `W/"${versionId}"` } : {}),
      ...(lastUpdated ? { 'Last-Modified': new Date(lastUpdated).toUTCString() } : {}),
    },
    facts: { outcome },
  };
}

/** The FHIR routes: a first slice over the same core (a later issue makes it whole). */
export function fhirRoutes(options: FhirOptions): Route[] {
  const { library, texts, canonicalBase, connectorName, version } = options;
  const reader = new DocumentReader(library, canonicalBase);
  const documents = new DocumentSearch({
    library,
    reader,
    canonicalBase,
    translate: texts('en'),
    mostTokens: LIMITS.maxCriteria,
  });
  const checked =
    (handle: Handler): Handler =>
    async (request) => {
      checkFormat(request);
      return handle(request);
    };
  const common = {
    protocol: 'fhir',
    headerKind: 'api',
    renderError: createOutcomeRenderer(texts),
    cacheable: CACHEABLE,
  } as const;
  const metadata = checked(async (request) => {
    const { date } = library.status();
    const statement = capabilityStatement({ connectorName, version, date, baseUrl: request.baseUrl, canonicalBase });
    return toResponse(request, statement, 'ok');
  });
  const search = checked(async (request) => {
    const bundle = await documents.search(request);
    return toResponse(request, bundle, bundle.total === 0 ? 'empty' : 'answered');
  });
  const read = checked(async (request) => {
    const document = await reader.read(request.pathParameters.id ?? '', request.baseUrl);
    return toResponse(request, document, 'answered');
  });
  return [
    { ...common, path: '/fhir/metadata', get: metadata },
    { ...common, path: '/fhir/DocumentReference', get: search },
    { ...common, path: '/fhir/DocumentReference/_search', post: search },
    { ...common, path: '/fhir/DocumentReference/:id', get: read },
  ];
}
