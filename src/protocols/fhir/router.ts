import type { Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../core/errors.js';
import { takeSteps } from '../../core/give-way.js';
import { LIMITS } from '../../limits.js';
import { giveWay, takeTurn } from '../../turns.js';
import { OneAtATime } from '../one-at-a-time.js';
import type { CacheableParameters, Handler, Parameters, Route, RouteRequest, RouteResponse } from '../route.js';
import type { RouteDocument } from '../route-document.js';
import { auditFacts, interactionOf } from './audit-facts.js';
import { createBatch } from './batch.js';
import { readResource } from './body.js';
import { cacheableParameters } from './cacheable.js';
import { createCapabilities } from './capability.js';
import { describeFhir } from './describe-routes.js';
import { Dispatcher } from './dispatch.js';
import { entityTag, lastModified } from './entity-tag.js';
import type { Format } from './format.js';
import { CONTENT_TYPES, FORMAT_PARAMETERS, chooseFormat, isStrict, withoutFormat } from './format.js';
import type { FhirAnswer, FhirRequest, TypeModule } from './interaction.js';
import type { FhirModules, ModuleOptions } from './module-options.js';
import { fhirModules } from './modules.js';
import { createOutcomeRenderer } from './outcome.js';
import { smartRoutes } from './smart-configuration.js';
import { writeResource } from './write-resource.js';

const BASE = '/fhir';
const FORM = 'application/x-www-form-urlencoded';

/** What may be megabytes of XML is written one after the other: its text is there many times over until it is whole. */
const xmlWriters = new OneAtATime(LIMITS.largeWaitMs);
const MAY_BE_LARGE: ReadonlySet<string> = new Set(['Bundle', 'CodeSystem', 'ConceptMap', 'Parameters', 'ValueSet']);

async function write(resource: Resource, format: Format, isAbandoned: () => boolean): Promise<string | Buffer> {
  const isHeld = format.syntax === 'xml' && MAY_BE_LARGE.has(resource.resourceType);
  const leave = isHeld ? await xmlWriters.enter(isAbandoned) : undefined;
  try {
    return await takeSteps(writeResource(resource, format), giveWay);
  } finally {
    leave?.();
  }
}

async function toResponse(
  { status, resource, headers, facts }: FhirAnswer,
  format: Format,
  isAbandoned: () => boolean,
): Promise<RouteResponse> {
  const etag = resource && entityTag(resource);
  const changed = resource && lastModified(resource);
  return {
    status,
    contentType: CONTENT_TYPES[format.syntax],
    body: resource ? await write(resource, format, isAbandoned) : '',
    headers: { ...(etag ? { ETag: etag } : {}), ...(changed ? { 'Last-Modified': changed } : {}), ...headers },
    facts,
  };
}

/**
 * A search is posted as a form, anything else as a resource.
 * @throws RequestError `unsupported-media-type`, `bad-resource`
 */
async function readBody({ body, path }: RouteRequest): Promise<FhirRequest['body']> {
  const isSearch = /\/_search\/?$/.test(path);
  const isForm = body === undefined;
  // All of a search may stand in its query.
  const isEmpty = body?.bytes.length === 0 && body.contentType === '';
  if (isSearch && !isForm && !isEmpty) throw new RequestError('unsupported-media-type', { supported: FORM });
  if (!isSearch && isForm) throw new RequestError('unsupported-media-type', { supported: CONTENT_TYPES.json });
  const isSystem = /^\/*$/.test(path.slice(BASE.length));
  // To parse it is a step of its own.
  if (body && body.bytes.length > LIMITS.smallRequestBytes) await takeTurn();
  return takeSteps(readResource(body, isSystem), giveWay);
}

/** The links of a page lead on in the form that was asked for (R4 http, 3.1.0.1.11): a client need not ask again. `self` is what was searched. */
function keepFormat(answer: FhirAnswer, parameters: Parameters): FhirAnswer {
  const { resource } = answer;
  const sent = parameters.filter(([name, value]) => FORMAT_PARAMETERS.includes(name) && value.trim() !== '');
  if (sent.length === 0 || resource?.resourceType !== 'Bundle') return answer;
  if (resource.type !== 'searchset' && resource.type !== 'history') return answer;
  const query = new URLSearchParams(sent.map(([name, value]) => [name, value])).toString();
  const link = (resource.link ?? []).map((one) =>
    one.relation === 'self' ? one : { ...one, url: `${one.url}${one.url.includes('?') ? '&' : '?'}${query}` },
  );
  return { ...answer, resource: { ...resource, link } };
}

function createHandler(dispatcher: Dispatcher): Handler {
  return async (request) => {
    const { method, headers, parameters, now, baseUrl, access, inFlight } = request;
    const path = request.path.slice(BASE.length);
    // What is not answered here is told as such, whatever came with it, and so is who may not write.
    const isWrite = method !== 'GET' && dispatcher.allowed(path).includes(method);
    if (isWrite) dispatcher.admit(path, request);
    const body = isWrite && method !== 'DELETE' ? await readBody(request) : undefined;
    const format = chooseFormat(request);
    const strict = isStrict(headers.prefer);
    const of = { method, headers, strict, syntax: format.syntax, now, baseUrl, access, inFlight };
    const asked = { ...of, parameters: withoutFormat(parameters), body };
    const answer = await dispatcher.dispatch(path, asked);
    const { outcome, matchKinds } = answer.facts;
    const facts = { outcome, matchKinds, audit: auditFacts(answer, asked, path) };
    return toResponse({ ...keepFormat(answer, parameters), facts }, format, () => inFlight?.isAbandoned() ?? false);
  };
}

type Address = Pick<Route, 'path' | 'document' | 'cacheable' | 'prepare' | 'isOpen'>;

function operationAddresses({ operations }: FhirModules): Address[] {
  return operations.flatMap(({ definition }) => {
    const { code, system, type, instance, resource = [] } = definition;
    const cacheable = cacheableParameters.ofOperation(definition);
    const at = (path: string, one?: string): Address => ({
      path,
      ...cacheable,
      document: describeFhir.operation(path, definition, one),
    });
    return [
      ...(system ? [at(`${BASE}/$${code}`)] : []),
      ...(type ? resource.map((one) => at(`${BASE}/${one}/$${code}`, one)) : []),
      ...(instance ? resource.map((one) => at(`${BASE}/${one}/:id/$${code}`, one)) : []),
    ];
  });
}

function typeAddresses(module: TypeModule): Address[] {
  const { ofSearch, ofRead } = cacheableParameters;
  const root = `${BASE}/${module.type}`;
  const cached = (cacheable: CacheableParameters): Pick<Address, 'cacheable'> =>
    module.isPersonal ? {} : { cacheable };
  const at = (path: string, describe: (path: string, module: TypeModule) => RouteDocument): Address => ({
    path,
    document: describe(path, module),
  });
  return [
    {
      ...at(root, describeFhir.type),
      ...cached(ofSearch(module)),
      ...(module.prepare ? { prepare: module.prepare } : {}),
    },
    at(`${root}/_search`, describeFhir.postedSearch),
    ...(module.historyType ? [at(`${root}/_history`, (path, { type }) => describeFhir.historyOf(path, type))] : []),
    { ...at(`${root}/:id`, describeFhir.instance), ...cached(ofRead) },
    at(`${root}/:id/_history`, describeFhir.history),
    { ...at(`${root}/:id/_history/:versionId`, describeFhir.version), ...cached(ofRead) },
  ];
}

/** Every address of the modules, with the query parameters with which its answer may be kept, and what its clients read of it. */
function addressesOf(modules: FhirModules): Address[] {
  const metadata = `${BASE}/metadata`;
  const all: Address[] = [
    { path: BASE, document: describeFhir.system(BASE) },
    {
      path: metadata,
      cacheable: cacheableParameters.ofMetadata,
      document: describeFhir.metadata(metadata),
      isOpen: true,
    },
    ...(modules.writing ? [{ path: `${BASE}/_history`, document: describeFhir.historyOf(`${BASE}/_history`) }] : []),
    ...operationAddresses(modules),
    ...modules.types.flatMap(typeAddresses),
  ];
  // One operation may be defined for several levels, and once for each type; whatever else is asked comes last.
  const byPath = new Map(all.map((address) => [address.path, address]));
  return [...byPath.values(), { path: `${BASE}/*rest`, document: undefined }];
}

/** The FHIR routes: one handler, which the dispatcher divides; the addresses are for the cache and the log. */
export function fhirRoutes(options: ModuleOptions): Route[] {
  const modules = fhirModules(options);
  const { writing } = modules;
  const dispatcher = new Dispatcher(modules, {
    capabilities: createCapabilities(options, modules),
    batch: createBatch({
      texts: options.texts,
      maxEntries: LIMITS.maxBatchEntries,
      limits: { maxAnswerBytes: LIMITS.maxAnswerBytes, maxMs: LIMITS.maxBatchMs },
      writing,
    }),
    history: writing && ((request) => writing.history(request)),
    isClosed: options.authorization?.closed.has('fhir') ?? false,
  });
  const handler = createHandler(dispatcher);
  const renderError = createOutcomeRenderer(options.texts);
  const addresses = addressesOf(modules).map((address): Route => ({
    ...address,
    protocol: 'fhir',
    headerKind: 'api',
    get: handler,
    post: handler,
    put: handler,
    delete: handler,
    allowed: (path) => dispatcher.allowed(path.slice(BASE.length)),
    announced: (path) => dispatcher.announced(path.slice(BASE.length)),
    interaction: (method) => interactionOf(method, address.path),
    neededRight: (method, path) => dispatcher.neededRight(path.slice(BASE.length), method),
    isByRight: (path) => path.startsWith(`${BASE}/Communication`),
    maxBodyBytes: LIMITS.maxResourceBytes,
    renderError,
  }));
  return [...smartRoutes(options), ...addresses];
}
