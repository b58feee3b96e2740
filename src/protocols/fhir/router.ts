import type { Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../core/errors.js';
import type { Library } from '../../core/library.js';
import type { Texts } from '../../texts.js';
import type { Handler, Route, RouteRequest, RouteResponse } from '../route.js';
import { capabilityStatement } from './capability.js';
import { FHIR_JSON, createOutcomeRenderer } from './outcome.js';
import { DocumentReader } from './read.js';
import { DocumentSearch, SEARCH_PARAMETERS } from './search.js';

export interface FhirOptions {
  readonly library: Library;
  readonly texts: Texts;
  readonly canonicalBase: string;
  readonly connectorName: string;
  readonly version: string;
}

const OFFERED = 'application/fhir+json (FHIR 4.0)';
const JSON_FORMATS = new Set(['json', 'application/json', 'application/fhir+json', 'text/json']);
const ANY_TYPE = new Set(['*/*', 'application/*', ...JSON_FORMATS]);
const FHIR_VERSIONS = new Set(['4.0', '4.0.1']);

const CACHEABLE: ReadonlySet<string> = new Set([...SEARCH_PARAMETERS.map(({ name }) => name), '_format', '_pretty']);

/** Whether a media range of an Accept header is met by FHIR R4 in JSON. */
function isMet(range: string): boolean {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const version = parameters.find((parameter) => parameter.startsWith('fhirversion='))?.slice('fhirversion='.length);
  return ANY_TYPE.has(type) && !parameters.includes('q=0') && (version === undefined || FHIR_VERSIONS.has(version));
}

/** `_format` overrides the Accept header. @throws RequestError `unsupported-response-type` */
function checkFormat(request: RouteRequest): void {
  const format = request.parameters.find(([name]) => name === '_format')?.[1];
  const accept = request.headers.accept ?? '*/*';
  // A bare `+` in a query is a blank: application/fhir+json often arrives so.
  const met = format ? JSON_FORMATS.has(format.trim().replace(' ', '+').toLowerCase()) : accept.split(',').some(isMet);
  // A person who opens the address in a browser is shown the JSON.
  if (!met && !accept.includes('text/html')) throw new RequestError('unsupported-response-type', { offered: OFFERED });
}

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
  const documents = new DocumentSearch(library, reader, canonicalBase);
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
    { ...common, path: '/fhir/DocumentReference/:id', get: read },
  ];
}
