import type { Extension } from '@medplum/fhirtypes';
import {
  isDay,
  type Keeper,
  type KeeperEntry,
  type KeeperState,
  type PublicKeeper,
} from '../../../core/keeping/keeper.js';
import type { FaultList } from './faults.js';
import type { WrittenResource } from './written-type.js';

const NAME = '/StructureDefinition/keeper';

/** Texts that a client writes, with their most characters. */
const TEXTS = { owner: 200, department: 200, 'second-reader': 200, 'change-note': 1000 } as const;
/** Parts that the server alone writes: a client may send them back. */
const OF_SERVER: ReadonlySet<string> = new Set(['state', 'approved-on', 'approved-by', 'changed-by', 'author']);
/** Parts that none but curators may read. */
const INTERNAL: ReadonlySet<string> = new Set(['change-note', 'changed-by', 'author']);

const isKeeper = ({ url }: Extension): boolean => url.endsWith(NAME);
const listExtensions = (resource: WrittenResource): readonly Extension[] =>
  (resource as { extension?: Extension[] }).extension ?? [];

/** True if a resource carries the keeper's data. */
export const hasKeeper = (resource: WrittenResource): boolean => listExtensions(resource).some(isKeeper);

/** The keeper's data as a client sends it. */
export interface SentKeeper {
  /** Undefined: the resource does not carry any, and what is there stays. */
  readonly entry: KeeperEntry | undefined;
  readonly changeNote: string | undefined;
  /** State that the client asks for, by the resource's own statuses. */
  readonly wanted: KeeperState;
}

/** The state that a resource's own statuses name; `state` of the extension tells a draft in review from one that is not. */
function findWanted(resource: WrittenResource, state: string | undefined): KeeperState {
  const draft = state === 'in-review' ? 'in-review' : 'draft';
  if (resource.resourceType === 'ConceptMap')
    return resource.status === 'draft' ? draft : resource.status === 'retired' ? 'retired' : 'approved';
  const { status, docStatus } = resource;
  if (status === 'superseded' || status === 'entered-in-error' || docStatus === 'entered-in-error') return 'retired';
  return docStatus === 'preliminary' ? draft : 'approved';
}

const readParts = (extension: Extension | undefined) => extension?.extension ?? [];
const findText = (parts: readonly Extension[], name: string): string | undefined =>
  parts.find(({ url }) => url === name)?.valueString?.trim() || undefined;
const findDay = (parts: readonly Extension[], name: string): string | undefined =>
  parts.find(({ url }) => url === name)?.valueDate;

function checkParts(parts: readonly Extension[], at: string, faults: FaultList): void {
  const seen = new Set<string>();
  for (const [index, part] of parts.entries()) {
    const place = `${at}.extension[${index}]`;
    const { url } = part;
    if (seen.has(url) && url !== 'author') faults.add(place, 'is there twice', 'duplicate');
    seen.add(url);
    if (OF_SERVER.has(url)) continue;
    if (url === 'next-review') {
      if (!isDay(part.valueDate ?? '')) faults.add(place, 'must be a day, as 2027-06-30', 'value');
    } else if (Object.hasOwn(TEXTS, url)) {
      if (part.valueString === undefined) faults.add(place, 'must be a string', 'value');
      if ((part.valueString?.length ?? 0) > TEXTS[url as keyof typeof TEXTS])
        faults.add(place, 'is too long', 'too-long');
    } else faults.add(place, 'is no part of the keeper’s data', 'not-supported');
  }
}

/** Reads the keeper's data of a resource that was sent. */
export function readSentKeeper(resource: WrittenResource, faults: FaultList): SentKeeper {
  const all = listExtensions(resource);
  const index = all.findIndex(isKeeper);
  const parts = readParts(all[index]);
  const at = `${resource.resourceType}.extension[${index}]`;
  if (all.filter(isKeeper).length > 1) faults.add(at, 'is there twice', 'duplicate');
  checkParts(parts, at, faults);
  const entry = index < 0 ? undefined : readEntry(parts);
  const state = parts.find(({ url }) => url === 'state')?.valueCode;
  return { entry, changeNote: findText(parts, 'change-note'), wanted: findWanted(resource, state) };
}

const readEntry = (parts: readonly Extension[]): KeeperEntry => ({
  owner: findText(parts, 'owner'),
  department: findText(parts, 'department'),
  secondReader: findText(parts, 'second-reader'),
  nextReview: findDay(parts, 'next-review'),
});

/** Reads the keeper's data of a stored resource; of one without any, which is approved or retired by its status. */
export function readStoredKeeper(resource: WrittenResource): Keeper {
  const parts = readParts(listExtensions(resource).find(isKeeper));
  const state = parts.find(({ url }) => url === 'state')?.valueCode;
  return {
    ...readEntry(parts),
    state: findWanted(resource, state),
    approvedOn: findDay(parts, 'approved-on'),
    approvedBy: findText(parts, 'approved-by'),
    changeNote: findText(parts, 'change-note'),
    changedBy: findText(parts, 'changed-by'),
    authors: parts.flatMap(({ url, valueString }) => (url === 'author' && valueString ? [valueString] : [])),
  };
}

/** The resource as one that is approved and has no keeper: its statuses are those of every answer, and the keeper's data is left out. */
export function withoutKeeper<R extends WrittenResource>(resource: R): R {
  const others = listExtensions(resource).filter((one) => !isKeeper(one));
  const { extension: _, ...rest } = resource as R & { extension?: Extension[] };
  const plain = { ...rest, ...(others.length > 0 ? { extension: others } : {}) } as WrittenResource;
  if (plain.resourceType === 'ConceptMap') return { ...plain, status: 'active' } as R;
  const { docStatus: _docStatus, authenticator: _authenticator, ...document } = plain;
  return { ...document, status: 'current', docStatus: 'final' } as R;
}

function toExtension(keeper: Keeper, canonicalBase: string): Extension {
  const text = (url: string, valueString: string | undefined): Extension[] =>
    valueString === undefined ? [] : [{ url, valueString }];
  const day = (url: string, valueDate: string | undefined): Extension[] =>
    valueDate === undefined ? [] : [{ url, valueDate }];
  return {
    url: canonicalBase + NAME,
    extension: [
      { url: 'state', valueCode: keeper.state },
      ...text('owner', keeper.owner),
      ...text('department', keeper.department),
      ...text('second-reader', keeper.secondReader),
      ...day('approved-on', keeper.approvedOn),
      ...text('approved-by', keeper.approvedBy),
      ...day('next-review', keeper.nextReview),
      ...text('change-note', keeper.changeNote),
      ...text('changed-by', keeper.changedBy),
      ...keeper.authors.flatMap((author) => text('author', author)),
    ],
  };
}

const MAP_STATUSES = { draft: 'draft', 'in-review': 'draft', approved: 'active', retired: 'retired' } as const;

/** Statuses of a handout, by R4: the state as other servers understand it. @param sent as the client sent it */
function toStatuses({ state, approvedBy }: Keeper, sent: WrittenResource) {
  if (sent.resourceType === 'ConceptMap') return { status: MAP_STATUSES[state] };
  const authenticator = approvedBy === undefined ? {} : { authenticator: { display: approvedBy } };
  if (state === 'draft' || state === 'in-review')
    return { status: 'current', docStatus: 'preliminary', ...authenticator };
  const isError = sent.docStatus === 'entered-in-error' || sent.status === 'entered-in-error';
  if (state === 'retired' && isError)
    return { status: 'entered-in-error', docStatus: 'entered-in-error', ...authenticator };
  const docStatus = sent.docStatus === 'amended' ? 'amended' : 'final';
  return { status: state === 'retired' ? 'superseded' : 'current', docStatus, ...authenticator };
}

/**
 * Adds the keeper's data to a resource.
 * @param resource without any
 * @param sent as the client sent it: one that is amended or was written in error stays so
 */
export function addKeeper<R extends WrittenResource>(
  resource: R,
  keeper: Keeper,
  sent: WrittenResource,
  canonicalBase: string,
): R {
  const { resourceType, id, meta, ...rest } = resource;
  const extension = [...listExtensions(resource), toExtension(keeper, canonicalBase)];
  return { resourceType, id, meta, ...rest, extension, ...toStatuses(keeper, sent) } as unknown as R;
}

/** The keeper's data as a client sends it. */
export const toEntryExtension = (
  entry: PublicKeeper & Pick<Keeper, 'state' | 'changeNote'>,
  canonicalBase: string,
): Extension => toExtension({ ...entry, authors: [] }, canonicalBase);

/** The resource without what none but curators may read. */
export function withoutInternals<R extends WrittenResource>(resource: R): R {
  if (!hasKeeper(resource)) return resource;
  const extension = listExtensions(resource).map((one) =>
    isKeeper(one) ? { ...one, extension: readParts(one).filter(({ url }) => !INTERNAL.has(url)) } : one,
  );
  return { ...resource, extension };
}
