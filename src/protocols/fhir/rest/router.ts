import type { Handler, Parameters, Route, RequestSize } from '../../route.js';
import { KEPT_TYPES } from '../../../core/keeping/desk.js';
import { listAuditFacts } from '../conformance/audit-facts.js';
import { createBatch } from './batch.js';
import { readResource } from './body.js';
import { createCapabilities } from '../conformance/capability.js';
import { entityTag, lastModified } from './entity-tag.js';
import { CONTENT_TYPES, FORMAT_PARAMETERS, bodyTypes, chooseFormat, isStrict, withoutFormat } from './format.js';
import type { FhirAnswer, FhirRequest, Interaction, TypeModule } from './interaction.js';
import type { FhirModules, ModuleOptions } from './module-options.js';
import { createOutcomeRenderer } from './outcome.js';
import { listAnsweredMethods, type FhirRow } from './rows.js';
import { StoredKeeperDesk } from '../writing/keeper-desk.js';
import { FhirTable, findNeededRights } from './table.js';
import { createSmartRoutes } from '../conformance/smart-configuration.js';
import { writeResource } from '../syntax/write-resource.js';
import { LIMITS } from '../../../limits.js';
import { createDefinitionModules } from '../conformance/definitions.js';
import { createDocumentModule } from '../documents/documents.js';
import { createCommunicationModule } from '../handing-over/communication-module.js';
import { DocumentReader } from '../documents/read.js';
import { createKnowledgeRequest } from '../knowledge-request/operation.js';
import { createTerminologyModules } from '../terminology/modules.js';
import { isWrittenType } from '../writing/written-type.js';
import { createDraftsOperation } from '../writing/drafts-operation.js';
import { Writing } from '../writing/writing.js';
import { createOperationRows, createTypeRows } from './type-rows.js';

/** The one list of the modules that are served. */
export function createFhirModules(options: ModuleOptions): FhirModules {
  const { library, canonicalBase, written, authorization, handedOver, hasHandout = () => false } = options;
  const { texts, checkHandout = () => Promise.resolve(undefined) } = options;
  const terminology = createTerminologyModules(options);
  // One reader for all: it keeps the documents that it has made.
  const reader = new DocumentReader(options);
  const readable = [
    createDocumentModule(options, reader),
    ...createDefinitionModules(options, () => modules),
    ...terminology.types,
    ...(handedOver && authorization
      ? [createCommunicationModule(handedOver, () => library.status().release, canonicalBase)]
      : []),
  ];
  const writings = new Map<string, Writing>();
  const types = readable.map((module): TypeModule => {
    const { type, lookup, interactions } = module;
    if (!written || !isWrittenType(type)) return module;
    const writing = new Writing({
      type,
      lookup,
      store: written,
      library,
      canonicalBase,
      hasHandout,
      checkHandout,
      t: texts('en'),
    });
    writings.set(type, writing);
    if (!authorization?.allowsWriting) return module;
    return { ...module, interactions: { ...interactions, ...writing.interactions } };
  });
  const drafts = written && authorization?.allowsWriting ? [createDraftsOperation(options, written)] : [];
  const operations = [createKnowledgeRequest(options, reader), ...terminology.operations, ...drafts];
  const rows = [
    ...operations.flatMap((operation) => createOperationRows(operation, types)),
    ...types.flatMap(createTypeRows),
  ];
  const modules: FhirModules = { types, operations, rows, writings };
  return modules;
}

/** Types whose resources may hold a whole code system or map. */
const WHOLE_TABLES: ReadonlySet<string | undefined> = new Set(['CodeSystem', 'ConceptMap', 'ValueSet']);

/** A search by code is a lookup, as long as it has few codes. */
const isLookup = ({ query }: RequestSize): boolean =>
  /(?:^|&)event=/.test(query) && query.length <= LIMITS.lightQueryChars;

/** True if reading at a row is long work whatever the size of its request. */
function isLongRead({ type, operation, methods }: FhirRow, size: RequestSize): boolean {
  const { name } = methods[size.method] ?? {};
  if (name === 'search-type') return type !== 'DocumentReference' || !isLookup(size);
  if (name === 'operation') return operation?.code === 'expand';
  return name === 'read' && WHOLE_TABLES.has(type);
}

/**
 * Decides which requests at a row are long work: searches, expansions, whole tables, and whatever has a large body, batches and
 * charts among them. Writes are planned where they are done, and records of patients read where they are written: in the main process.
 */
function findHeavy(row: FhirRow): Route['isHeavy'] {
  if (row.isByRight) return undefined;
  return (size) => {
    const isWrite = row.methods[size.method]?.right !== undefined;
    return !isWrite && (size.bodyBytes > LIMITS.lightBodyBytes || isLongRead(row, size));
  };
}

/** The links of a page keep the requested format (R4 http, 3.1.0.1.11): a client need not send it again. `self` is the search itself. */
function keepFormat(answer: FhirAnswer, parameters: Parameters): FhirAnswer {
  const { resource } = answer;
  const sent = parameters.filter(([name, value]) => FORMAT_PARAMETERS.includes(name) && value.trim() !== '');
  if (sent.length === 0 || resource?.resourceType !== 'Bundle') return answer;
  if (resource.type !== 'searchset') return answer;
  const query = new URLSearchParams(sent.map(([name, value]) => [name, value])).toString();
  const link = (resource.link ?? []).map((one) =>
    one.relation === 'self' ? one : { ...one, url: `${one.url}${one.url.includes('?') ? '&' : '?'}${query}` },
  );
  return { ...answer, resource: { ...resource, link } };
}

function createHandler(row: FhirRow, interaction: Interaction): Handler {
  return async (request) => {
    const { method, headers: sentHeaders, parameters, pathParameters, now, baseUrl, access, inFlight } = request;
    const body = readResource(request.body, row.takes === 'bundle');
    const format = chooseFormat(request);
    // Each member is named: to spread the request would take as long as to look a code up.
    const fhirRequest: FhirRequest = {
      method,
      headers: sentHeaders,
      now,
      baseUrl,
      access,
      inFlight,
      parameters: withoutFormat(parameters),
      body,
      strict: isStrict(sentHeaders.prefer),
      syntax: format.syntax,
    };
    const answer = await interaction(fhirRequest, pathParameters);
    const { status, resource, headers } = keepFormat(answer, parameters);
    const { outcome, matchKinds } = answer.facts;
    const etag = resource && entityTag(resource);
    const changed = resource && lastModified(resource);
    return {
      status,
      contentType: CONTENT_TYPES[format.syntax],
      body: resource ? writeResource(resource, format) : '',
      headers: { ...(etag ? { ETag: etag } : {}), ...(changed ? { 'Last-Modified': changed } : {}), ...headers },
      facts: { outcome, matchKinds, audit: listAuditFacts(answer, fhirRequest, { row, pathParameters }) },
    };
  };
}

/** The curators' desk; undefined where the site writes nothing. */
function createDesk(
  { written, library, canonicalBase, listFolderMaps = () => [] }: ModuleOptions,
  { writings }: FhirModules,
) {
  const [documents, maps] = KEPT_TYPES.map((type) => writings.get(type)?.interactions);
  if (!written || !documents || !maps) return undefined;
  const writes = { DocumentReference: documents, ConceptMap: maps };
  return new StoredKeeperDesk({ library, store: written, canonicalBase, writes, listFolderMaps });
}

/** The FHIR routes: each row of the table, with HTTP's bytes around what it does; and the curators' desk over what is written. */
export function createFhir(options: ModuleOptions): { routes: Route[]; desk: ReturnType<typeof createDesk> } {
  const modules = createFhirModules(options);
  const isClosed = options.authorization?.closed.has('fhir') ?? false;
  const table = new FhirTable(modules, {
    capabilities: createCapabilities(options, modules),
    batch: createBatch(options.texts),
    isClosed,
  });
  const renderError = createOutcomeRenderer(options.texts);
  const routes = table.rows.map((row): Route => {
    const handlers = listAnsweredMethods(row).map((method) => {
      const run = row.methods[method]?.run;
      return [method.toLowerCase(), run && createHandler(row, run)] as const;
    });
    return {
      ...row,
      protocol: 'fhir',
      headerKind: 'api',
      ...(Object.fromEntries(handlers) as Partial<Record<'get' | 'post' | 'put' | 'delete', Handler>>),
      interaction: (method) => row.methods[method]?.name,
      ...(row.isByRight ? { auditedType: row.type } : {}),
      neededRights: findNeededRights(row, isClosed),
      body: bodyTypes(row.takes),
      isHeavy: findHeavy(row),
      renderError,
    };
  });
  return { routes: [...createSmartRoutes(options), ...routes], desk: createDesk(options, modules) };
}
