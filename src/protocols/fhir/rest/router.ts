import type { Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { takeSteps } from '../../../core/give-way.js';
import { LIMITS } from '../../../limits.js';
import { giveWay, takeTurn } from '../../../turns.js';
import { OneAtATime } from '../../long-work/one-at-a-time.js';
import type { Handler, InFlight, Parameters, Route, RouteRequest } from '../../route.js';
import { listAuditFacts } from '../conformance/audit-facts.js';
import { createBatch } from './batch.js';
import { readResource } from './body.js';
import { createCapabilities } from '../conformance/capability.js';
import { entityTag, lastModified } from './entity-tag.js';
import { CONTENT_TYPES, FORMAT_PARAMETERS, chooseFormat, isStrict, withoutFormat, type Format } from './format.js';
import { findHeavy } from './heavy.js';
import type { FhirAnswer, FhirRequest, Interaction } from './interaction.js';
import type { ModuleOptions } from './module-options.js';
import { createFhirModules } from './modules.js';
import { createOutcomeRenderer } from './outcome.js';
import { listAnsweredMethods, type FhirRow } from './rows.js';
import { FhirTable, findNeededRights } from './table.js';
import { createSmartRoutes } from '../conformance/smart-configuration.js';
import { writeResource } from '../syntax/write-resource.js';

const FORM = 'application/x-www-form-urlencoded';

/** What may be megabytes of XML is written one after the other: its text is there many times over until it is whole. */
const xmlWriters = new OneAtATime();
const MAY_BE_LARGE: ReadonlySet<string> = new Set(['Bundle', 'CodeSystem', 'ConceptMap', 'Parameters', 'ValueSet']);

/** Interactions that change what is stored: their clients get the answer, however long it waits. */
const WRITING: ReadonlySet<string | undefined> = new Set(['batch', 'create', 'update', 'delete']);

/** @param mayRefuse if its client may retry, since nothing was changed by it */
async function write(resource: Resource, format: Format, mayRefuse: boolean, inFlight?: InFlight) {
  const isHeld = format.syntax === 'xml' && MAY_BE_LARGE.has(resource.resourceType);
  const entrant = inFlight ?? { client: '', isAbandoned: () => false };
  const maxWaitMs = mayRefuse ? LIMITS.largeWaitMs : Infinity;
  const leave = isHeld ? await xmlWriters.enter(entrant, { maxWaitMs }) : undefined;
  try {
    return await takeSteps(writeResource(resource, format), giveWay);
  } finally {
    leave?.();
  }
}

/** A search is posted as a form, anything else as a resource. @throws RequestError `unsupported-media-type`, `bad-resource` */
async function readBody({ body }: RouteRequest, takes: FhirRow['takes']): Promise<FhirRequest['body']> {
  const isForm = body === undefined;
  // All parameters of a search may be in its query.
  const isEmpty = body?.bytes.length === 0 && body.contentType === '';
  if (takes === 'form' && !isForm && !isEmpty) throw new RequestError('unsupported-media-type', { supported: FORM });
  if (takes !== 'form' && isForm) throw new RequestError('unsupported-media-type', { supported: CONTENT_TYPES.json });
  // Parsing a large body has a turn of its own.
  if (body && body.bytes.length > LIMITS.smallRequestBytes) await takeTurn();
  return takeSteps(readResource(body, takes === 'bundle'), giveWay);
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
    const body = method === 'POST' || method === 'PUT' ? await readBody(request, row.takes) : undefined;
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
    const mayRefuse = !WRITING.has(row.methods[method]?.name);
    return {
      status,
      contentType: CONTENT_TYPES[format.syntax],
      body: resource ? await write(resource, format, mayRefuse, inFlight) : '',
      headers: { ...(etag ? { ETag: etag } : {}), ...(changed ? { 'Last-Modified': changed } : {}), ...headers },
      facts: { outcome, matchKinds, audit: listAuditFacts(answer, fhirRequest, { row, pathParameters }) },
    };
  };
}

/** The FHIR routes: each row of the table, with HTTP's bytes around what it does. */
export function fhirRoutes(options: ModuleOptions): Route[] {
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
      maxBodyBytes: LIMITS.maxResourceBytes,
      isHeavy: findHeavy(row),
      renderError,
    };
  });
  return [...createSmartRoutes(options), ...routes];
}
