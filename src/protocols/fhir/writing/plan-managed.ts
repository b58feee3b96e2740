import type { WrittenVersion } from '../../../core/model/written-store.js';
import { findStepFault, isSecondReader, readableClient, type Keeper } from '../../../core/keeping/keeper.js';
import type { SitePolicy } from '../../../core/policy/site-policy.js';
import type { JsonObject } from '../../json-object.js';
import type { FaultList } from './faults.js';
import { hasKeeper, readStoredKeeper, withoutKeeper, type SentKeeper } from './keeper-extension.js';
import type { WrittenResource } from './written-type.js';

/** Type under which the log has drafts: nothing that answers reads it (decision 061). */
export const draftType = (type: string): string => `Draft${type}`;

/** A stored version that is not deleted. */
export interface StoredVersion {
  readonly version: WrittenVersion;
  readonly resource: WrittenResource;
  readonly keeper: Keeper;
}

/** Reads a stored version; undefined where there is none, or it is a deletion. */
export function readStored(version: WrittenVersion | undefined): StoredVersion | undefined {
  if (version?.content === undefined) return undefined;
  const resource = JSON.parse(version.content) as WrittenResource;
  return { version, resource, keeper: readStoredKeeper(resource) };
}

/** The versions of a resource before a write. */
export interface StoredBefore {
  /** The version that others see. */
  readonly served: StoredVersion | undefined;
  /** The version that curators work on. */
  readonly draft: StoredVersion | undefined;
}

/** Name of the version that a write must know, as its ETag has it. */
export const findTag = ({ served, draft }: StoredBefore): string =>
  draft ? `draft-${draft.version.version}` : served ? String(served.version.version) : 'none';

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as JsonObject;
  return Object.fromEntries(
    Object.keys(members)
      .sort()
      .map((name) => [name, sortKeys(members[name])]),
  );
};

/** The content of a resource that an approval is of: all but the keeper's data, the statuses and the time of writing. */
function toComparable(resource: WrittenResource): string {
  const { meta: _meta, text: _text, date: _date, ...rest } = withoutKeeper(resource);
  return JSON.stringify(sortKeys(rest));
}

/** The keeper’s data of a new version. */
export interface ManagedPlan {
  readonly keeper: Keeper;
  /** Whether the version is a draft, which others do not see. */
  readonly isDraft: boolean;
}

/** The parts of a write. */
interface ManagedWrite {
  readonly sent: SentKeeper;
  /** The resource as it would be stored, without the keeper's data. */
  readonly resource: WrittenResource;
  readonly before: StoredBefore;
  readonly client: string;
  /** ISO 8601 day. */
  readonly today: string;
  /** Who approves, by the site's policy. */
  readonly approval: SitePolicy['approval'];
}

const AUTHOR = 'has been changed by this client: another person approves it';
const OTHER_TEXT = 'is not the draft’s: what is approved must be what was read';
const OTHER_READER = 'has a second reader, who approves it: the client is another one';
const NO_DRAFT = 'must be written as a draft first (preliminary, or draft), which another person approves';
const NOTHING_TO_RETIRE = 'cannot be retired: nothing of it is approved; delete the draft';
const CHANGED_RETIRED = 'must be the approved one: a retired handout stays as it was given';

const PLACES: Readonly<Record<WrittenResource['resourceType'], string>> = {
  DocumentReference: 'DocumentReference.docStatus',
  ConceptMap: 'ConceptMap.status',
};

const FRESH: Keeper = { state: 'draft', authors: [] };

/** True if a write has the very content of a stored version. */
const hasContentOf = (resource: WrittenResource, stored: StoredVersion | undefined): boolean =>
  stored !== undefined && toComparable(stored.resource) === toComparable(resource);

function planDraft({ sent, resource, before, client }: ManagedWrite, entry: Keeper): ManagedPlan {
  const { draft } = before;
  const isSame = hasContentOf(resource, draft);
  const authors = draft?.keeper.authors ?? [];
  const { wanted: state } = sent;
  return { isDraft: true, keeper: { ...entry, state, authors: isSame ? authors : [...new Set([...authors, client])] } };
}

function planApproved(write: ManagedWrite, entry: Keeper, fault: (reason: string) => void): ManagedPlan {
  const { resource, before, client, today, approval: who } = write;
  const { served, draft } = before;
  // Who writes back what is approved discards the draft beside it.
  if (served?.keeper.state === 'approved' && hasContentOf(resource, served))
    return { isDraft: false, keeper: { ...entry, state: 'approved', authors: [] } };
  if (!draft) fault(NO_DRAFT);
  else if (!hasContentOf(resource, draft)) fault(OTHER_TEXT);
  else if (findStepFault('approve', draft.keeper, client) !== undefined) fault(AUTHOR);
  else if (who === 'second-reader' && !isSecondReader(draft.keeper, client)) fault(OTHER_READER);
  const approval = { approvedOn: today, approvedBy: readableClient(client) };
  return { isDraft: false, keeper: { ...entry, ...approval, state: 'approved', authors: [] } };
}

function planRetired({ resource, before }: ManagedWrite, entry: Keeper, fault: (reason: string) => void): ManagedPlan {
  const { served } = before;
  if (!served) fault(NOTHING_TO_RETIRE);
  else if (!hasContentOf(resource, served)) fault(CHANGED_RETIRED);
  return { isDraft: false, keeper: { ...entry, state: 'retired', authors: [] } };
}

/** Plans a write of a resource with a keeper; undefined: it has none, and counts at once. Faults are added to the list. */
export function planManaged(write: ManagedWrite, faults: FaultList): ManagedPlan | undefined {
  const { sent, resource, before, client, approval } = write;
  const { served, draft } = before;
  const isManaged = sent.wanted !== 'approved' || sent.entry || draft || (served && hasKeeper(served.resource));
  if (!isManaged && approval === undefined) return undefined;
  const { keeper } = draft ?? served ?? { keeper: FRESH };
  const { owner, department, secondReader, nextReview } = sent.entry ?? keeper;
  const { approvedOn, approvedBy } = served?.keeper ?? keeper;
  const entry: Keeper = {
    ...FRESH,
    ...{ owner, department, secondReader, nextReview, approvedOn, approvedBy },
    ...{ changeNote: sent.changeNote, changedBy: client },
  };
  const fault = (reason: string): void => {
    faults.add(PLACES[resource.resourceType], reason, 'business-rule');
  };
  if (sent.wanted === 'approved') return planApproved(write, entry, fault);
  return sent.wanted === 'retired' ? planRetired(write, entry, fault) : planDraft(write, entry);
}
