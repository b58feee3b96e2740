import { groupBy } from '../core/group-by.js';
import { LAYERS } from '../core/model/library.js';
import type { ReleaseChoice, StoreReader } from '../store/connection.js';
import { byUse, listReleases, type StoredRelease } from '../store/release-store.js';
import { EMPTY_LOG, isWritten } from '../store/written-log.js';
import type { DrugLookup } from './drugs/drug-lookup.js';
import { combineReleases, type ReleaseContents } from './release-contents.js';
import { buildStatus, type StatusBefore } from './library-status.js';
import { MissingFileError, ReleaseFile, ReleaseFormatError, type ReleasePlace } from './releases/release-file.js';
import type { SourceReleases } from './releases/withdrawn.js';
import { WrittenRelease } from './written-release.js';

/** Served state: the releases in use. */
export interface Served {
  /** All releases that the store tells of, the latest first. */
  readonly releases: readonly StoredRelease[];
  readonly contents: ReleaseContents;
  readonly status: StatusBefore;
  /** Why the store can no longer be believed; undefined where it can. */
  readonly failure?: unknown;
}

/** Reports that served files are whole again, or that one is damaged, and why. */
export type OnFiles = (areWhole: boolean, reason?: unknown) => void;

/** Parts that a process serves beside releases, and a release to serve in place of the one in use. */
export interface ServedOptions {
  /** The lookup tables of drugs; undefined: none. */
  readonly drugs?: DrugLookup | undefined;
  /** As it would be with another release of one source. */
  readonly choice?: ReleaseChoice | undefined;
  /** Called with the reason when a served file is found to be damaged, and when all are whole again. */
  readonly onFiles?: OnFiles | undefined;
  /** False: a swap is noticed only by `noticeSwap` and `follow`, so that all lookups between two calls are of one state. */
  readonly followsByItself?: boolean | undefined;
}

/** Number of times that the releases in use are read again if one was replaced while it was opened. */
const MOST_TRIES = 5;

const isSameUse = (a: readonly StoredRelease[], b: readonly StoredRelease[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Replaces one source's release in use by another, to show the library as it would be. */
function withChoice(releases: readonly StoredRelease[], choice: ReleaseChoice | undefined): readonly StoredRelease[] {
  if (!choice) return releases;
  return releases.map((release) => {
    const isOfSource = release.layer === choice.layer && release.source === choice.source;
    return isOfSource ? { ...release, isActive: release.id === choice.release } : release;
  });
}

const buildPlace = (reader: StoreReader, { id, layer, source, name, builtOn, file }: StoredRelease): ReleasePlace => {
  return { id, layer, source, name, builtOn, path: reader.releases.buildPath(file) };
};

/** Follows the log to its end; what was served before, if nothing was written since. */
async function openWritten(
  reader: StoreReader,
  place: ReleasePlace,
  held: ReleaseFile | undefined,
): Promise<ReleaseFile> {
  const before = held instanceof WrittenRelease ? held : undefined;
  const log = await (before?.log ?? EMPTY_LOG).follow(reader);
  return before?.log === log && before.place.id === place.id
    ? before
    : WrittenRelease.of(place, log, reader.resourcesDir);
}

/** Opens the release of a source that is in use; what was served before, where it is that. */
async function openInUse(reader: StoreReader, place: ReleasePlace, before: Served | undefined): Promise<ReleaseFile> {
  const held = before?.contents.files.find(
    (file) => file.place.layer === place.layer && file.place.source === place.source,
  );
  if (isWritten(place)) return openWritten(reader, place, held);
  if (held?.place.id === place.id && held.place.path === place.path && !held.isReplaced) return held;
  try {
    return ReleaseFile.open(place);
  } catch (error) {
    // A later version of the program has written it: the last release that this one can read stays in use.
    if (error instanceof ReleaseFormatError && held) return held;
    throw error;
  }
}

/** The releases of each source, those of lower layers first. */
async function openSources(
  reader: StoreReader,
  releases: readonly StoredRelease[],
  before: Served | undefined,
): Promise<SourceReleases[]> {
  const sources: SourceReleases[] = [];
  const whole = releases.filter(({ state }) => state === 'ready');
  for (const ofSource of groupBy(
    whole,
    ({ layer, source }) => `${LAYERS.length - LAYERS.indexOf(layer)} ${source}`,
  ).values()) {
    const [{ layer, source }] = ofSource as [StoredRelease];
    const active = ofSource.find(({ isActive }) => isActive);
    const retained = byUse(ofSource, layer, source).filter(({ id }) => id !== active?.id);
    sources.push({
      inUse: active && (await openInUse(reader, buildPlace(reader, active), before)),
      retained: retained.map((release) => buildPlace(reader, release)),
    });
  }
  return sources;
}

/**
 * Reads the releases in use.
 * @param before what was served; it is returned itself if nothing has changed
 */
export async function readServed(
  reader: StoreReader,
  { choice, drugs }: ServedOptions,
  before: Served | undefined,
): Promise<Served> {
  for (let tries = 1; ; tries += 1) {
    const releases = withChoice(await listReleases(reader), choice);
    const isReplaced = before?.contents.files.some((file) => file.isReplaced);
    if (before && !isReplaced && isSameUse(before.releases, releases)) return before;
    try {
      const sources = await openSources(reader, releases, before);
      const contents = combineReleases(sources, drugs, before?.contents);
      const active = releases.filter(({ isActive }) => isActive);
      const status = buildStatus(active, contents, await contents.concepts.countConcepts());
      return { releases, contents, status };
    } catch (error) {
      if (!(error instanceof MissingFileError) || tries === MOST_TRIES) throw error;
    }
  }
}
