import type { ConceptMap, DocumentReference, Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import type { AppliedVersion, WrittenChange, WrittenStore, WriteMethod } from '../../../core/model/written-store.js';
import { NOTHING_WRITTEN } from '../../../core/model/written-store.js';
import type { FhirAnswer, FhirRequest, Interaction, TypeModule } from '../rest/interaction.js';
import { createOutcome } from '../rest/outcome.js';
import { toAnswer, toFhirUrl } from '../search/resource-module.js';
import { checkContained } from './check-contained.js';
import { readCriteria, readIfMatch, readIfNoneExist } from './conditions.js';
import { FaultList } from './faults.js';
import { readDocument } from './read-document.js';
import { readMap } from './read-map.js';
import { toResource, type WritingPlace } from './stored-resource.js';
import { checkStrictly } from './strict-shape.js';
import { badResource } from '../rest/bad-request.js';

export interface WritingOptions extends Pick<WritingPlace, 'library' | 'canonicalBase' | 'hasHandout'> {
  readonly store: WrittenStore;
  /** The type's module: what is there already is found by it. */
  readonly findModule: (type: string) => TypeModule | undefined;
}

/** One write. */
interface Write {
  readonly type: 'DocumentReference' | 'ConceptMap';
  readonly method: WriteMethod;
  readonly id: string | undefined;
  readonly request: FhirRequest;
}

/** What a write comes to: a change, or where `If-None-Exist` finds what is wanted, nothing. */
type Plan = { readonly change: WrittenChange; readonly isNew: boolean } | { readonly existing: FhirAnswer };

/** What a conditional delete comes to that matches nothing. */
const NOTHING_DELETED: FhirAnswer = { status: 204, resource: undefined, facts: { outcome: 'empty' } };

/** Creates, updates and deletes what is a site's own (R4 http, 3.1.0.4, 3.1.0.7, 3.1.0.8). One write after the other. */
export class Writing {
  readonly #options: WritingOptions;

  constructor(options: WritingOptions) {
    this.#options = options;
  }

  /** The interactions of a type. */
  createInteractions(type: Write['type']): TypeModule['interactions'] {
    const write =
      (method: WriteMethod): Interaction =>
      (request, { id }) =>
        // No other write comes between a plan and its change: the state that the plan is based on still holds.
        this.#options.store.exclusively(async (apply) => {
          const one = { type, method, id, request };
          const plan = await this.#plan(one);
          if ('existing' in plan) return plan.existing;
          const [version] = await apply([plan.change], request.now);
          return this.#answer(one, plan.isNew, version);
        });
    return {
      create: write('POST'),
      update: write('PUT'),
      delete: write('DELETE'),
    };
  }

  /**
   * What a write comes to.
   * @throws RequestError `resource-shipped`, `version-conflict`, `several-match`, `resource-exists`,
   * InvalidResourceError
   */
  async #plan(sent: Write): Promise<Plan> {
    const write = sent.id === undefined && sent.method !== 'POST' ? await this.#findMeant(sent) : sent;
    if (!write) return { existing: NOTHING_DELETED };
    const { type, method, id, request } = write;
    if (method === 'POST' && write === sent) {
      const existing = await this.#findExisting(write);
      if (existing) return { existing };
    }
    const latest = id === undefined ? undefined : (await this.#options.store.findLatest(type, [id]))[0];
    const isThere = latest?.content !== undefined;
    if (id !== undefined && !isThere && (await this.#isShipped(type, id, request))) {
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
    if (method === 'POST' && (await this.#isShipped(type, own, request))) {
      throw new RequestError('resource-exists', { resource: `${type}/${own}` });
    }
    return { change: { type, id: own, method, content: JSON.stringify(resource), rows, expected }, isNew: !isThere };
  }

  /** Reads and checks the resource that was sent. @throws RequestError `bad-resource`, InvalidResourceError */
  async #read({ type, method, id, request }: Write) {
    const { library, canonicalBase, hasHandout } = this.#options;
    const body = request.body as DocumentReference | ConceptMap;
    const faults = new FaultList();
    if (method === 'PUT' && body.id !== id) {
      const reason = body.id === undefined ? 'has no id' : 'has another id than its address';
      throw badResource(`it ${reason}`, `${type}.id`);
    }
    checkStrictly(body as unknown as Readonly<Record<string, unknown>>, type, faults);
    checkContained(body, faults);
    const place = { library, canonicalBase, hasHandout, baseUrl: request.baseUrl, now: request.now };
    const isDocument = body.resourceType === 'DocumentReference';
    const written = isDocument ? readDocument(body, id, place, faults) : readMap(body, id, place, faults);
    const url = written.resource.resourceType === 'ConceptMap' ? written.resource.url : undefined;
    const same = url ? await this.#find('ConceptMap', [['url', url]], request) : [];
    if (same.some((other) => other.id !== written.id)) {
      faults.add('ConceptMap.url', 'is that of another map', 'duplicate');
    }
    faults.throwIfAny();
    return written;
  }

  async #find(type: string, parameters: FhirRequest['parameters'], request: FhirRequest): Promise<Resource[]> {
    const search = this.#options.findModule(type)?.interactions['search-type'];
    const query = { ...request, method: 'GET' as const, body: undefined, parameters, strict: true };
    const bundle = (await search?.(query, {}))?.resource;
    if (bundle?.resourceType !== 'Bundle') return [];
    return (bundle.entry ?? []).flatMap(({ resource, search: found }) =>
      resource && found?.mode === 'match' ? [resource] : [],
    );
  }

  /** What `If-None-Exist` finds (R4 http, 3.1.0.8.1). @throws RequestError `several-match`, `bad-parameter-value` */
  async #findExisting({ type, request }: Write): Promise<FhirAnswer | undefined> {
    const criteria = readIfNoneExist(request, type);
    if (!criteria) return undefined;
    const found = await this.#find(type, criteria, request);
    const [first] = found;
    if (found.length > 1) throw new RequestError('several-match', { count: found.length });
    if (!first) return undefined;
    const location = `${toFhirUrl(request)}/${type}/${first.id ?? ''}/_history/${first.meta?.versionId ?? ''}`;
    return { ...toAnswer(first, 'existing'), headers: { Location: location } };
  }

  /**
   * The write that a conditional update or delete means (R4 http, 3.1.0.4.1 and 3.1.0.7.1): of the one that its criteria match;
   * where none does, an update creates, by the id of what was sent if it has one, and a delete does nothing (undefined).
   * @throws RequestError `several-match`, `version-conflict`, `bad-parameter-value`, `bad-resource`
   */
  async #findMeant(write: Write): Promise<Write | undefined> {
    const { type, method, request } = write;
    const found = await this.#find(type, readCriteria(request), request);
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

  /**
   * Whether something of this id is there that was not written over FHIR. What was withdrawn is no longer there: a handout
   * may move from a site's folder to what it writes.
   */
  async #isShipped(type: string, id: string, request: FhirRequest): Promise<boolean> {
    const [latest] = await this.#options.store.findLatest(type, [id]);
    if (latest?.content !== undefined) return false;
    try {
      const read = this.#options.findModule(type)?.interactions.read;
      const found = (await read?.({ ...request, parameters: [] }, { id }))?.resource;
      return found !== undefined && !(found.resourceType === 'DocumentReference' && found.status === 'superseded');
    } catch (error) {
      if (error instanceof RequestError && (error.status === 404 || error.status === 410)) return false;
      throw error;
    }
  }

  /** Answers a write according to `Prefer: return` (R4 http, 3.1.0.1.8); by default with a representation. */
  #answer({ type, method, request }: Write, isNew: boolean, version: AppliedVersion | undefined): FhirAnswer {
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
    return { status: isNew ? 201 : 200, resource: body, headers, facts: { outcome: isNew ? 'created' : 'updated' } };
  }
}
