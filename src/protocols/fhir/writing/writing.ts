import type { ConceptMap, DocumentReference } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import type { AppliedVersion, WrittenChange, WrittenStore, WriteMethod } from '../../../core/model/written-store.js';
import { NOTHING_WRITTEN } from '../../../core/model/written-store.js';
import type { FhirAnswer, FhirRequest, Interaction, ResourceLookup, TypeModule } from '../rest/interaction.js';
import { createOutcome } from '../rest/outcome.js';
import { toFhirUrl } from '../search/resource-module.js';
import { checkContained } from './check-contained.js';
import { readCriteria, readIfMatch, readIfNoneExist } from './conditions.js';
import { FaultList } from './faults.js';
import { readDocument } from './read-document.js';
import { readMap } from './read-map.js';
import { toResource, type WritingPlace } from './stored-resource.js';
import { checkStrictly } from './check-strictly.js';
import { badResource } from '../rest/bad-request.js';

export interface WritingOptions extends Pick<WritingPlace, 'library' | 'canonicalBase' | 'hasHandout'> {
  readonly type: 'DocumentReference' | 'ConceptMap';
  readonly store: WrittenStore;
  /** Finds the resources of the type that are there already. */
  readonly lookup: ResourceLookup;
}

/** One write. */
interface Write {
  readonly method: WriteMethod;
  readonly id: string | undefined;
  readonly request: FhirRequest;
}

/** Result of planning a write: a change, or the answer where there is none to make. */
type Plan = { readonly change: WrittenChange; readonly isNew: boolean } | { readonly existing: FhirAnswer };

/** Answer to a conditional delete that matches nothing. */
const NOTHING_DELETED: FhirAnswer = { status: 204, resource: undefined, facts: { outcome: 'empty' } };

/** Creates, updates and deletes a site's own resources of one type (R4 http, 3.1.0.4, 3.1.0.7, 3.1.0.8). One write after the other. */
export class Writing {
  readonly #options: WritingOptions;
  readonly interactions: TypeModule['interactions'];

  constructor(options: WritingOptions) {
    this.#options = options;
    const write =
      (method: WriteMethod): Interaction =>
      (request, { id }) =>
        // No other write comes between a plan and its change: the state that the plan is based on still holds.
        options.store.exclusively(async (apply) => {
          const one = { method, id, request };
          const plan = await this.#plan(one);
          if ('existing' in plan) return plan.existing;
          const [version] = await apply([plan.change], request.now);
          return this.#answer(one, plan.isNew, version);
        });
    this.interactions = { create: write('POST'), update: write('PUT'), delete: write('DELETE') };
  }

  /**
   * Plans a write.
   * @throws RequestError `resource-shipped`, `version-conflict`, `several-match`, `resource-exists`,
   * InvalidResourceError
   */
  async #plan(sent: Write): Promise<Plan> {
    const write = sent.id === undefined && sent.method !== 'POST' ? await this.#findMeant(sent) : sent;
    if (!write) return { existing: NOTHING_DELETED };
    const { type } = this.#options;
    const { method, id, request } = write;
    if (method === 'POST' && write === sent) {
      const existing = await this.#findExisting(write);
      if (existing) return { existing };
    }
    const isThere = id !== undefined && (await this.#isWritten(id));
    if (id !== undefined && !isThere && (await this.#isServed(id, request))) {
      throw new RequestError('resource-shipped');
    }
    const match = method === 'POST' ? undefined : readIfMatch(request);
    if (match === 'some' && !isThere) throw new RequestError('version-conflict', { version: 'none' });
    const isAbsent = method === 'PUT' && request.headers['if-none-match']?.trim() === '*';
    const expected = isAbsent ? ('absent' as const) : match === 'some' ? undefined : match;
    if (method === 'DELETE') {
      const change = { type, id: id ?? '', method, content: undefined, rows: NOTHING_WRITTEN, expected };
      return { change, isNew: false };
    }
    const { id: own, resource, rows } = await this.#read(write);
    if (method === 'POST' && !(await this.#isWritten(own)) && (await this.#isServed(own, request))) {
      throw new RequestError('resource-exists', { resource: `${type}/${own}` });
    }
    return { change: { type, id: own, method, content: JSON.stringify(resource), rows, expected }, isNew: !isThere };
  }

  /** Reads and checks the resource that was sent. @throws RequestError `bad-resource`, InvalidResourceError */
  async #read({ method, id, request }: Write) {
    const { type, lookup, library, canonicalBase, hasHandout } = this.#options;
    const body = request.body as DocumentReference | ConceptMap;
    const faults = new FaultList();
    if (method === 'PUT' && body.id !== id) {
      const reason = body.id === undefined ? 'has no id' : 'has another id than its address';
      throw badResource(`it ${reason}`, `${type}.id`);
    }
    checkStrictly(body, faults);
    checkContained(body, faults);
    const place = { library, canonicalBase, hasHandout, baseUrl: request.baseUrl, now: request.now };
    const isDocument = body.resourceType === 'DocumentReference';
    const written = isDocument ? readDocument(body, id, place, faults) : readMap(body, id, place, faults);
    const url = written.resource.resourceType === 'ConceptMap' ? written.resource.url : undefined;
    const same = url ? await lookup.byCriteria([['url', url]], request) : [];
    if (same.some((other) => other.id !== written.id)) {
      faults.add('ConceptMap.url', 'is that of another map', 'duplicate');
    }
    faults.throwIfAny();
    return written;
  }

  /** Answers `If-None-Exist` if it finds a resource (R4 http, 3.1.0.8.1). @throws RequestError `several-match`, `bad-parameter-value` */
  async #findExisting({ request }: Write): Promise<FhirAnswer | undefined> {
    const { type, lookup } = this.#options;
    const criteria = readIfNoneExist(request, type);
    if (!criteria) return undefined;
    const found = await lookup.byCriteria(criteria, request);
    const [first] = found;
    if (found.length > 1) throw new RequestError('several-match', { count: found.length });
    if (!first) return undefined;
    const { id = '', meta } = first;
    const location = `${toFhirUrl(request)}/${type}/${id}/_history/${meta?.versionId ?? ''}`;
    const facts = { outcome: 'existing', audit: { resources: [`${type}/${id}`] } };
    return { status: 200, resource: first, headers: { Location: location }, facts };
  }

  /**
   * Finds the write that a conditional update or delete means (R4 http, 3.1.0.4.1 and 3.1.0.7.1): of the one that its criteria match;
   * where none does, an update creates, by the id of what was sent if it has one, and a delete does nothing (undefined).
   * @throws RequestError `several-match`, `version-conflict`, `bad-parameter-value`, `bad-resource`
   */
  async #findMeant(write: Write): Promise<Write | undefined> {
    const { type, lookup } = this.#options;
    const { method, request } = write;
    const found = await lookup.byCriteria(readCriteria(request), request);
    if (found.length > 1) throw new RequestError('several-match', { count: found.length });
    const id = found[0]?.id;
    if (method === 'DELETE') return id === undefined ? undefined : { ...write, id };
    const { body } = request;
    if (id === undefined) {
      if (readIfMatch(request) !== undefined) throw new RequestError('version-conflict', { version: 'none' });
      return body?.id === undefined ? { ...write, method: 'POST' } : { ...write, id: body.id };
    }
    if (body?.id !== undefined && body.id !== id)
      throw badResource('it has another id than the resource that its criteria match', `${type}.id`);
    return { ...write, id, request: { ...request, body: body && { ...body, id } } };
  }

  /** True if a resource was written over FHIR, and not deleted since. */
  async #isWritten(id: string): Promise<boolean> {
    const { type, store } = this.#options;
    const [latest] = await store.findLatest(type, [id]);
    return latest?.content !== undefined;
  }

  /** True if a resource is served. A withdrawn one is not: a handout may move from a site's folder to what it writes. */
  async #isServed(id: string, request: FhirRequest): Promise<boolean> {
    const found = await this.#options.lookup.byId(id, request);
    return found !== undefined && !(found.resourceType === 'DocumentReference' && found.status === 'superseded');
  }

  /** Answers a write according to `Prefer: return` (R4 http, 3.1.0.1.8); by default with a representation. */
  #answer({ method, request }: Write, isNew: boolean, version: AppliedVersion | undefined): FhirAnswer {
    const { type } = this.#options;
    const etag = version ? { ETag: `W/"${version.version}"` } : {};
    if (method === 'DELETE') {
      // The trail names what is gone by this alone, as the store has it: an address may name what never was.
      const resources = version?.isMade ? [`${type}/${version.id}`] : [];
      const facts = { outcome: version?.isMade ? 'deleted' : 'empty', audit: { resources } };
      return { status: 204, resource: undefined, headers: etag, facts };
    }
    const resource = version && toResource(version, request.baseUrl);
    if (!version || !resource) throw new Error('nothing was written');
    const headers = {
      ...etag,
      'Last-Modified': new Date(version.writtenAt).toUTCString(),
      Location: `${toFhirUrl(request)}/${type}/${version.id}/_history/${version.version}`,
    };
    const [, wanted] = /return=([A-Za-z]+)/.exec(String(request.headers.prefer ?? '')) ?? [];
    const text = `${type}/${version.id} is version ${version.version} now.`;
    const outcome = wanted === 'OperationOutcome' ? createOutcome('information', 'informational', text) : resource;
    const body = wanted === 'minimal' ? undefined : outcome;
    const facts = { outcome: isNew ? 'created' : 'updated', audit: { resources: [`${type}/${version.id}`] } };
    return { status: isNew ? 201 : 200, resource: body, headers, facts };
  }
}
