import type { Coding, Layer, Library } from '../core/model/library.js';
import { createDatabase, onDatabase, openStored, type OpenOptions } from './open.js';
import { ReleaseError } from './releases.js';
import { codingKey } from '../core/codes/concept.js';
import { compareReleases, type ReleaseDifference } from '../build/changed-codes.js';
import { hasFile, findRetained, listReleases, type StoredRelease } from '../store/release-store.js';
import { readContent } from '../store/release-content.js';
import { WRITTEN } from '../store/written-log.js';

/** Which releases to compare; omitted ones are chosen. */
export interface PairWanted {
  readonly source?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Two releases of a source. */
export interface ReleasePair {
  readonly layer: Layer;
  readonly source: string;
  /** Undefined: the library without the source. */
  readonly before: StoredRelease | undefined;
  readonly after: StoredRelease;
}

function findByName(whole: readonly StoredRelease[], name: string): StoredRelease {
  const found = whole.find((release) => release.name === name);
  if (found) return found;
  const known = whole.map((release) => release.name).join(', ');
  throw new ReleaseError(`the library holds no release ${name}: it holds ${known}`);
}

function chooseAfter(whole: readonly StoredRelease[], { source, from, to }: PairWanted): StoredRelease {
  if (to !== undefined) return findByName(whole, to);
  const wanted = source ?? (from === undefined ? undefined : findByName(whole, from).source);
  const active = whole
    .filter(({ isActive }) => isActive)
    .sort((a, b) => ((a.activatedAt ?? '') > (b.activatedAt ?? '') ? -1 : 1));
  const after =
    wanted === undefined
      ? active.find((release) => findRetained(whole, release))
      : active.find((release) => release.source === wanted);
  if (after) return after;
  throw new ReleaseError(
    wanted === undefined ? 'no source has a release before its active one' : `no release of ${wanted} is in use`,
  );
}

/**
 * Chooses the releases to compare: those named, else a source's active one and the one retained for a rollback; without a
 * source, of the one whose release was activated last.
 * @param releases the latest first
 * @throws ReleaseError
 */
function choosePair(releases: readonly StoredRelease[], wanted: PairWanted): ReleasePair {
  if (wanted.source === WRITTEN.source)
    throw new ReleaseError(
      'what is written over FHIR has no releases to compare: education-connect export lists its versions',
    );
  const whole = releases.filter(hasFile);
  const after = chooseAfter(whole, wanted);
  const { layer, source } = after;
  const before = wanted.from === undefined ? findRetained(whole, after) : findByName(whole, wanted.from);
  if ((before && before.source !== source) || (wanted.source !== undefined && wanted.source !== source)) {
    throw new ReleaseError(`only releases of one source are compared: ${before?.name ?? ''} and ${after.name} are not`);
  }
  return { layer, source, before, after };
}

/** The codes whose answers may differ: their own rows do, or the articles that they lead to in either library. */
function changedCodes({ codes, articles }: ReleaseDifference, libraries: readonly Library[]): Coding[] {
  const found = [
    ...codes,
    ...libraries.flatMap((library) => articles.flatMap((article) => library.findCodes(article).toArray())),
  ];
  const byKey = new Map(found.map(({ system, code }) => [codingKey({ system, code }), { system, code }]));
  return [...byKey.values()].sort((a, b) => (codingKey(a) < codingKey(b) ? -1 : 1));
}

/**
 * Opens the library twice, with either release of a source.
 * @returns both states, to be compared; the codes with rows of their own whose answers may differ; new and withdrawn codes
 * @throws ReleaseError, LibraryFileError
 */
export async function openPair(options: OpenOptions, wanted: PairWanted) {
  const database = createDatabase(options);
  const reader = await onDatabase(database, () => database.openReader());
  let pair: ReleasePair;
  let difference: ReleaseDifference;
  try {
    pair = choosePair(await listReleases(reader), wanted);
    const findPath = ({ file }: StoredRelease): string => reader.releases.buildPath(file);
    const { complete = [] } = readContent(pair.after);
    difference = compareReleases(pair.before && findPath(pair.before), findPath(pair.after), complete);
  } finally {
    await reader.close();
  }
  const { layer, source } = pair;
  const before = await openStored(options, { layer, source, release: pair.before?.id });
  const after = await openStored(options, { layer, source, release: pair.after.id });
  const close = async (): Promise<void> => {
    await before.close();
    await after.close();
  };
  const { concepts } = difference;
  return { pair, before, after, changedCodes: changedCodes(difference, [before, after]), concepts, close };
}
