import type { ConceptMap, DocumentReference } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { toPublicKeeper } from '../../../core/keeping/keeper.js';
import {
  type AppliedVersion,
  type WrittenChange,
  type WrittenStore,
  type WriteMethod,
  NOTHING_WRITTEN,
} from '../../../core/model/written-store.js';
import type { Translate } from '../../../texts.js';
import type { FhirAnswer, FhirRequest, Interaction, ResourceLookup } from '../rest/interaction.js';
import { createOutcome } from '../rest/outcome.js';
import { toFhirUrl } from '../search/resource-module.js';
import { checkContained } from './check-contained.js';
import { readCriteria, readIfMatch, readIfNoneExist } from './conditions.js';
import { FaultList } from './faults.js';
import { readDocument } from './read-document.js';
import {
  checkAttachedPdf,
  listPdfIssues,
  requireAccessiblePdf,
  type AttachedPdf,
  type CheckHandout,
} from './pdf-issues.js';
import { readMap } from './read-map.js';
import { addKeeper, readSentKeeper, withoutKeeper, type SentKeeper } from './keeper-extension.js';
import { draftType, findTag, planManaged, readStored, type StoredBefore } from './plan-managed.js';
import { toResource, toVersionId, type Writable, type WritingPlace } from './stored-resource.js';
import type { WrittenResource } from './written-type.js';
import { badResource } from '../rest/bad-request.js';
import { checkResource, type StrictShape } from '../rest/check-shape.js';
import { findNarrativeFault } from './check-narrative.js';

/** Collects every fault of a resource that is to be stored. Its narratives are read when all else is. */
function checkStrictly(resource: WrittenResource, faults: FaultList): void {
  const strict: StrictShape = { faults, narratives: [] };
  checkResource(resource, resource.resourceType, strict);
  for (const [place, text] of strict.narratives) {
    const fault = findNarrativeFault(text);
    if (fault !== undefined) faults.add(place, fault, 'value');
  }
}

export interface WritingOptions extends Pick<WritingPlace, 'library' | 'canonicalBase' | 'hasHandout'> {
  readonly type: 'DocumentReference' | 'ConceptMap';
  readonly store: WrittenStore;
  readonly checkHandout: CheckHandout;
  /** English texts. */
  readonly t: Translate;
  /** Finds the resources of the type that are there already. */
  readonly lookup: ResourceLookup;
}

/** One write. */
interface Write {
  readonly method: WriteMethod;
  readonly id: string | undefined;
  readonly request: FhirRequest;
  /** Undefined: the answer does not need it. */
  readonly pdf: AttachedPdf | undefined;
}

/** A resource that was sent, read and checked. */
interface ReadResource extends Writable<WrittenResource> {
  readonly sent: { readonly resource: WrittenResource; readonly keeper: SentKeeper };
}

/** Name of the client that writes; a write is never made by another than an identified one. */
const findClient = (access: FhirRequest['access']): string =>
  access && 'identity' in access ? access.identity.client : '';

/** Result of planning a write: changes, of which the first one is answered, or the answer where there is none to make. */
type Plan = { readonly changes: readonly WrittenChange[]; readonly isNew: boolean } | { readonly existing: FhirAnswer };

/** The content of the answer that a client prefers (R4 http, 3.1.0.1.8). */
const readReturn = ({ prefer }: FhirRequest['headers']): string | undefined =>
  /return=([A-Za-z]+)/.exec(String(prefer ?? ''))?.[1];

/** Answer to a conditional delete that matches nothing. */
const NOTHING_DELETED: FhirAnswer = { status: 204, resource: undefined, facts: { outcome: 'empty' } };

/** Creates, updates and deletes a site's own resources of one type (R4 http, 3.1.0.4, 3.1.0.7, 3.1.0.8). One write after the other. */
export class Writing {
  readonly #options: WritingOptions;
  readonly interactions: Readonly<Record<'create' | 'update' | 'delete', Interaction>>;

  constructor(options: WritingOptions) {
    this.#options = options;
    const write =
      (method: WriteMethod): Interaction =>
      async (request, { id }) => {
        // Before the turn of this write: other writes do not wait for a large PDF.
        const pdf = method === 'DELETE' ? undefined : await this.#checkPdf(request);
        // No other write comes between a plan and its change: the state that the plan is based on still holds.
        return options.store.exclusively(async (apply) => {
          const one = { method, id, request, pdf };
          const plan = await this.#plan(one);
          if ('existing' in plan) return plan.existing;
          const [version] = await apply(plan.changes, request.now);
          return this.#answer(one, plan.isNew, version);
        });
      };
    this.interactions = { create: write('POST'), update: write('PUT'), delete: write('DELETE') };
  }

  /** Checks the PDF of a handout where the answer, or the policy, needs it. @throws InvalidResourceError */
  async #checkPdf({ body, baseUrl, headers }: FhirRequest): Promise<AttachedPdf | undefined> {
    const { checkHandout: check, library, t } = this.#options;
    const isRequired = library.status().policy?.pdfs === 'accessible';
    if (!isRequired && readReturn(headers) !== 'OperationOutcome') return undefined;
    const pdf = await checkAttachedPdf(body, { baseUrl, check });
    if (pdf && isRequired) requireAccessiblePdf(pdf, t);
    return pdf;
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
    const before = await this.#findBefore(id);
    const isThere = findTag(before) !== 'none';
    if (id !== undefined && !isThere && (await this.#isServed(id, request))) {
      throw new RequestError('resource-shipped');
    }
    this.#checkConditions(write, before);
    if (method === 'DELETE') return { changes: this.#planDeletion(id ?? '', before), isNew: false };
    const read = await this.#read(write);
    const { id: own } = read;
    const there = id === undefined ? await this.#findBefore(own) : before;
    if (method === 'POST') {
      const isTaken = there.draft !== undefined || (!there.served && (await this.#isServed(own, request)));
      if (isTaken) throw new RequestError('resource-exists', { resource: `${type}/${own}` });
    }
    return { changes: this.#planChanges(write, read, there), isNew: !isThere };
  }

  /** Checks `If-Match` and `If-None-Match`. @throws RequestError `version-conflict` */
  #checkConditions({ method, request }: Write, before: StoredBefore): void {
    if (method === 'POST') return;
    const tag = findTag(before);
    const match = readIfMatch(request);
    const isMatched = match === undefined || (match === 'some' ? tag !== 'none' : match === tag);
    const isAbsent = method === 'PUT' && request.headers['if-none-match']?.trim() === '*';
    if (!isMatched || (isAbsent && tag !== 'none')) throw new RequestError('version-conflict', { version: tag });
  }

  /** A deletion takes the draft with it. */
  #planDeletion(id: string, { served, draft }: StoredBefore): WrittenChange[] {
    const { type } = this.#options;
    const types = [...(served || !draft ? [type] : []), ...(draft ? [draftType(type)] : [])];
    return types.map((one) => ({ type: one, id, method: 'DELETE', content: undefined, rows: NOTHING_WRITTEN }));
  }

  /** Plans the changes of a write: with a keeper, a draft or its approval. @throws InvalidResourceError */
  #planChanges({ method, request }: Write, read: ReadResource, before: StoredBefore): WrittenChange[] {
    const { type, canonicalBase, library } = this.#options;
    const { id, resource, rows, sent } = read;
    const faults = new FaultList();
    const today = request.now.toISOString().slice(0, 10);
    const client = findClient(request.access);
    const { approval } = library.status().policy ?? {};
    const managed = planManaged({ sent: sent.keeper, resource, before, client, today, approval }, faults);
    faults.throwIfAny();
    if (!managed) return [{ type, id, method, content: JSON.stringify(resource), rows }];
    const { keeper, isDraft } = managed;
    const content = JSON.stringify(addKeeper(withoutKeeper(resource), keeper, sent.resource, canonicalBase));
    if (isDraft) return [{ type: draftType(type), id, method, content, rows: NOTHING_WRITTEN }];
    const known = toPublicKeeper(keeper);
    const texts = known ? rows.texts.map((text) => ({ ...text, keeper: known })) : rows.texts;
    const own = keeper.state === 'retired' ? NOTHING_WRITTEN : { ...rows, texts };
    const done = { type: draftType(type), id, method: 'DELETE', content: undefined, rows: NOTHING_WRITTEN } as const;
    return [{ type, id, method, content, rows: own }, ...(before.draft ? [done] : [])];
  }

  /** Reads and checks the resource that was sent. @throws RequestError `bad-resource`, InvalidResourceError */
  async #read({ method, id, request }: Write): Promise<ReadResource> {
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
    const keeper = readSentKeeper(body, faults);
    const isPlain = keeper.wanted === 'approved' && keeper.entry === undefined;
    const plain = isPlain ? body : withoutKeeper(body);
    const written =
      plain.resourceType === 'DocumentReference'
        ? readDocument(plain, id, place, faults)
        : readMap(plain, id, place, faults);
    const url = written.resource.resourceType === 'ConceptMap' ? written.resource.url : undefined;
    const same = url ? await lookup.byCriteria([['url', url]], request) : [];
    if (same.some((other) => other.id !== written.id)) {
      faults.add('ConceptMap.url', 'is that of another map', 'duplicate');
    }
    faults.throwIfAny();
    return { ...written, sent: { resource: body, keeper } };
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

  /** The versions of a resource that are stored now. */
  async #findBefore(id: string | undefined): Promise<StoredBefore> {
    if (id === undefined) return { served: undefined, draft: undefined };
    const { type, store } = this.#options;
    const [served] = await store.findLatest(type, [id]);
    const [draft] = await store.findLatest(draftType(type), [id]);
    return { served: readStored(served), draft: readStored(draft) };
  }

  /** True if a resource is served. A withdrawn one is not: a handout may move from a site's folder to what it writes. */
  async #isServed(id: string, request: FhirRequest): Promise<boolean> {
    const found = await this.#options.lookup.byId(id, request);
    return found !== undefined && !(found.resourceType === 'DocumentReference' && found.status === 'superseded');
  }

  /** Answers a write according to `Prefer: return` (R4 http, 3.1.0.1.8); by default with a representation. */
  #answer({ method, request, pdf }: Write, isNew: boolean, version: AppliedVersion | undefined): FhirAnswer {
    const { type } = this.#options;
    const etag = version ? { ETag: `W/"${toVersionId(version)}"` } : {};
    if (method === 'DELETE') {
      // The trail names what is gone by this alone, as the store has it: an address may name what never was.
      const resources = version?.isMade ? [`${type}/${version.id}`] : [];
      const facts = { outcome: version?.isMade ? 'deleted' : 'empty', audit: { resources } };
      return { status: 204, resource: undefined, headers: etag, facts };
    }
    const resource = version && toResource(version, request.baseUrl, true);
    if (!version || !resource) throw new Error('nothing was written');
    const headers = {
      ...etag,
      'Last-Modified': new Date(version.writtenAt).toUTCString(),
      Location: `${toFhirUrl(request)}/${type}/${version.id}/_history/${toVersionId(version)}`,
    };
    const wanted = readReturn(request.headers);
    const text = `${type}/${version.id} is version ${toVersionId(version)} now.`;
    const outcome = createOutcome('information', 'informational', text);
    if (pdf && resource.resourceType === 'DocumentReference')
      outcome.issue.push(...listPdfIssues(pdf, resource, this.#options.t));
    const body = wanted === 'minimal' ? undefined : wanted === 'OperationOutcome' ? outcome : resource;
    const facts = { outcome: isNew ? 'created' : 'updated', audit: { resources: [`${type}/${version.id}`] } };
    return { status: isNew ? 201 : 200, resource: body, headers, facts };
  }
}
