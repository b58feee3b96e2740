import type { ConceptMap, DocumentReference, Extension } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import {
  KEPT_TYPES,
  type KeeperCase,
  type KeeperDesk,
  type KeeperEdit,
  type KeeperItem,
  type KeptText,
  type KeptType,
  type KeptVersion,
  type NewHandout,
} from '../../../core/keeping/desk.js';
import { findStepFault, toPublicKeeper, type Keeper } from '../../../core/keeping/keeper.js';
import { LOCAL_ID_PREFIX, type Article } from '../../../core/model/article.js';
import { chooseLanguage } from '../../../core/model/language.js';
import type { Library } from '../../../core/model/library.js';
import type { WrittenStore, WrittenVersion } from '../../../core/model/written-store.js';
import { documentId, readDocumentId } from '../documents/identity.js';
import type { FhirRequest, Interaction } from '../rest/interaction.js';
import { toEntryExtension, readStoredKeeper, withoutKeeper } from './keeper-extension.js';
import { draftType, findTag, readStored, type StoredBefore, type StoredVersion } from './plan-managed.js';
import type { WrittenResource } from './written-type.js';
import { codeSystem } from '../../../core/codes/code-systems.js';
import { DOCUMENT_TYPE } from '../documents/document-reference.js';

/** Builds the draft of a new handout as a client would send it. @param baseUrl address of this server, where a handout without one is read */
function toDraftDocument(handout: NewHandout, canonicalBase: string, baseUrl: string): DocumentReference {
  const { name, language, title, html, url, codings, entry, changeNote } = handout;
  const article = `${LOCAL_ID_PREFIX}${name}`;
  const text =
    html === undefined ? {} : { contentType: 'text/html', data: Buffer.from(html, 'utf8').toString('base64') };
  const address = url ?? `${baseUrl}/article/${encodeURIComponent(article)}`;
  return {
    resourceType: 'DocumentReference',
    id: documentId(article, language),
    extension: [toEntryExtension({ ...(toPublicKeeper(entry) ?? {}), state: 'draft', changeNote }, canonicalBase)],
    identifier: [{ system: `${canonicalBase}/CodeSystem/articles`, value: article }],
    status: 'current',
    docStatus: 'preliminary',
    type: DOCUMENT_TYPE,
    content: [{ attachment: { ...text, language, title, url: address } }],
    ...(codings.length === 0
      ? {}
      : {
          context: {
            event: codings.map(({ system, code }) => ({ coding: [{ system: codeSystem(system).uri, code }] })),
          },
        }),
  };
}

/** Facts of the request by which a curator changes something. */
export type DeskRequest = Pick<FhirRequest, 'access' | 'now' | 'baseUrl'>;

export interface DeskOptions {
  readonly library: Library;
  readonly store: WrittenStore;
  readonly canonicalBase: string;
  readonly listFolderMaps: () => readonly KeeperItem[];
  /** Writes of each type. */
  readonly writes: Readonly<Record<KeptType, Readonly<Record<'update' | 'delete', Interaction>>>>;
}

/** Versions of a history, at most. */
const MOST_VERSIONS = 100;

const isHandout = (resource: WrittenResource): resource is DocumentReference =>
  resource.resourceType === 'DocumentReference';

function readText(resource: WrittenResource): KeptText {
  if (!isHandout(resource)) {
    const { title, name, id = '', group } = resource;
    return { title: title ?? name ?? id, url: undefined, html: JSON.stringify(group ?? [], undefined, 1) };
  }
  const { title = '', url, data } = resource.content[0]?.attachment ?? {};
  return { title, url, html: data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8') };
}

function toItem(type: KeptType, { version, resource, keeper }: StoredVersion, isServed: boolean): KeeperItem {
  const { id } = version;
  const parts = isHandout(resource) ? readDocumentId(id) : undefined;
  const language = chooseLanguage((isHandout(resource) ? resource.language : undefined) ?? '');
  const { title } = readText(resource);
  return { origin: 'written', type, id, article: parts?.article, title, language, keeper, isServed };
}

/** The texts of an article that the site's folder holds. */
function listFolderItems(article: Article, written: ReadonlySet<string>, isServed: boolean): KeeperItem[] {
  return Object.values(article.texts).flatMap(({ language, title, keeper }): KeeperItem[] => {
    const id = documentId(article.id, language);
    if (written.has(id)) return [];
    const own: Keeper = { ...keeper, state: 'approved', authors: [] };
    return [
      { origin: 'folder', type: 'DocumentReference', id, article: article.id, title, language, keeper: own, isServed },
    ];
  });
}

/** A resource with the statuses that name a state. */
function withState(resource: WrittenResource, state: Keeper['state']): WrittenResource {
  const isDraft = state === 'draft' || state === 'in-review';
  if (resource.resourceType === 'ConceptMap') {
    const status: ConceptMap['status'] = isDraft ? 'draft' : state === 'retired' ? 'retired' : 'active';
    return { ...resource, status };
  }
  const status = state === 'retired' ? 'superseded' : 'current';
  return { ...resource, status, docStatus: isDraft ? 'preliminary' : 'final' };
}

/** Texts that a browser's form does not tell apart. */
const normalizeLines = (text: string): string => text.replaceAll('\r\n', '\n').trim();

/** The state after a step; a discarded draft leaves that of the version before it. A changed text is a draft again. */
function findNextState({ step }: KeeperEdit, keeper: Keeper, isChanged: boolean): Keeper['state'] {
  if (step === 'discard') return keeper.state;
  if (step !== 'save')
    return ({ submit: 'in-review', return: 'draft', approve: 'approved', retire: 'retired' } as const)[step];
  return isChanged ? 'draft' : keeper.state;
}

/** A handout with an edited text. */
function editText(resource: WrittenResource, { title, html }: KeeperEdit): WrittenResource {
  const before = readText(resource);
  if (!isHandout(resource)) return title === undefined || title === before.title ? resource : { ...resource, title };
  const [content] = resource.content;
  if (!content) return resource;
  const { attachment } = content;
  const isEdited = html !== undefined && normalizeLines(html) !== normalizeLines(before.html ?? '');
  const edited = {
    ...attachment,
    ...(title === undefined ? {} : { title }),
    ...(isEdited && attachment.data !== undefined ? { data: Buffer.from(html).toString('base64') } : {}),
  };
  const isTitled = resource.description === attachment.title;
  const description = isTitled ? (title ?? resource.description) : resource.description;
  return {
    ...resource,
    ...(description === undefined ? {} : { description }),
    content: [{ ...content, attachment: edited }],
  };
}

/** The latest version of each resource of a type that is not deleted, by id. */
async function readAll(store: WrittenStore, type: string): Promise<Map<string, StoredVersion>> {
  const all = await store.list(type);
  return new Map(
    all.flatMap((version) => {
      const stored = readStored(version);
      return stored ? [[version.id, stored] as const] : [];
    }),
  );
}

/** All handouts and mappings of the site: what it has written, then what its folder holds. */
async function collectItems({ library, store, listFolderMaps }: DeskOptions): Promise<readonly KeeperItem[]> {
  const items: KeeperItem[] = [];
  for (const type of KEPT_TYPES) {
    const [served, drafts] = [await readAll(store, type), await readAll(store, draftType(type))];
    for (const id of [...new Set([...served.keys(), ...drafts.keys()])].sort()) {
      const stored = drafts.get(id) ?? served.get(id);
      if (stored) items.push(toItem(type, stored, served.get(id)?.keeper.state === 'approved'));
    }
  }
  const written = new Set(items.map(({ id }) => id));
  const folder = library.findArticles(library.findArticleIds({ prefix: LOCAL_ID_PREFIX }));
  const hidden = library.findSuppressed().filter(({ id }) => id.startsWith(LOCAL_ID_PREFIX));
  items.push(...folder.flatMap((article) => listFolderItems(article, written, true)));
  items.push(...hidden.flatMap((article) => listFolderItems(article, written, false)));
  return [...items, ...listFolderMaps()];
}

const toVersion = ({ type, content, writtenAt, version }: WrittenVersion): KeptVersion => ({
  at: writtenAt,
  keeper: content === undefined ? undefined : readStoredKeeper(JSON.parse(content) as WrittenResource),
  isDraft: !KEPT_TYPES.some((one) => one === type),
  version,
});

/** The resource that a change sends, built of a stored version. */
function buildBody({ resource, keeper }: StoredVersion, edit: KeeperEdit, canonicalBase: string) {
  const plain = withoutKeeper(resource);
  const edited = edit.step === 'save' ? editText(plain, edit) : plain;
  const state = findNextState(edit, keeper, JSON.stringify(edited) !== JSON.stringify(plain));
  const { extension = [] } = edited as { extension?: Extension[] };
  const entry = edit.step === 'discard' ? keeper : edit.entry;
  const own = toEntryExtension({ ...(toPublicKeeper(entry) ?? {}), state, changeNote: edit.changeNote }, canonicalBase);
  return { ...withState(edited, state), extension: [...extension, own] } as WrittenResource;
}

/** The curators' desk over what the site has written. */
export class StoredKeeperDesk implements KeeperDesk<DeskRequest> {
  readonly #options: DeskOptions;
  #listed: { readonly of: object; readonly items: Promise<readonly KeeperItem[]> } | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  list(): Promise<readonly KeeperItem[]> {
    const of = this.#options.library.status();
    const items = this.#listed?.of === of ? this.#listed.items : collectItems(this.#options);
    this.#listed = { of, items };
    items.catch(() => (this.#listed = undefined));
    return items;
  }

  async #findBefore(type: KeptType, id: string): Promise<StoredBefore> {
    const { store } = this.#options;
    const [served] = await store.findLatest(type, [id]);
    const [draft] = await store.findLatest(draftType(type), [id]);
    return { served: readStored(served), draft: readStored(draft) };
  }

  async find(type: KeptType, id: string): Promise<KeeperCase | undefined> {
    const before = await this.#findBefore(type, id);
    const { served, draft } = before;
    const stored = draft ?? served;
    if (!stored) return undefined;
    const versions = await this.#options.store.listHistory([type, draftType(type)], id, MOST_VERSIONS);
    return {
      item: toItem(type, stored, served?.keeper.state === 'approved'),
      version: findTag(before),
      text: readText(stored.resource),
      servedText: draft && served ? readText(served.resource) : undefined,
      history: versions.map(toVersion),
    };
  }

  async change(
    { type, id, version }: { readonly type: KeptType; readonly id: string; readonly version: string },
    edit: KeeperEdit,
    request: DeskRequest,
  ): Promise<void> {
    const before = await this.#findBefore(type, id);
    const stored = before.draft ?? before.served;
    if (!stored || findTag(before) !== version)
      throw new RequestError('version-conflict', { version: findTag(before) });
    const { canonicalBase, writes } = this.#options;
    const client = request.access && 'identity' in request.access ? request.access.identity.client : '';
    const fault = findStepFault(edit.step, stored.keeper, client);
    if (fault !== undefined) throw new RequestError('step-not-allowed', { reason: fault });
    const base = edit.step === 'discard' ? before.served : stored;
    const body = base && buildBody(base, edit, canonicalBase);
    const headers = { 'if-match': `W/"${version}"` };
    // The write checks the version again, while no other one is under way.
    const sent = { inFlight: undefined, ...request, headers, parameters: [], body, strict: false } as const;
    if (body) await writes[type].update({ ...sent, method: 'PUT' }, { id });
    else await writes[type].delete({ ...sent, method: 'DELETE' }, { id });
  }

  async create(handout: NewHandout, request: DeskRequest): Promise<string> {
    const { canonicalBase, writes } = this.#options;
    const body = toDraftDocument(handout, canonicalBase, request.baseUrl);
    const { id = '' } = body;
    const { served, draft } = await this.#findBefore('DocumentReference', id);
    if (served ?? draft) throw new RequestError('resource-exists', { resource: `DocumentReference/${id}` });
    // A write that was faster is found by the header.
    const headers = { 'if-none-match': '*' };
    const sent = { inFlight: undefined, ...request, headers, parameters: [], body, strict: false } as const;
    await writes.DocumentReference.update({ ...sent, method: 'PUT' }, { id });
    return id;
  }
}
