import type { LibraryRows } from '../build/source.js';
import { readContent } from '../store/release-content.js';
import type { StoredRelease } from '../store/release-store.js';

/** A source that has another release in use than before; undefined: none. */
export interface SwappedRelease {
  readonly before: StoredRelease | undefined;
  readonly after: StoredRelease | undefined;
}

const isOfOneSource = (a: StoredRelease, b: StoredRelease): boolean => a.layer === b.layer && a.source === b.source;

/** A database that was restored gives the number of a release once more. */
const isSame = (a: StoredRelease, b: StoredRelease): boolean => a.id === b.id && a.activatedAt === b.activatedAt;

/** Whether a number that was a release's is now another's, so that no number tells what has changed. */
export function givesNumbersAgain(before: readonly StoredRelease[], now: readonly StoredRelease[]): boolean {
  return now.some((release) => before.some((other) => other.id === release.id && !isSame(other, release)));
}

/** The sources that differ between two states of a library, each told by the releases in use. */
export function swappedReleases(before: readonly StoredRelease[], now: readonly StoredRelease[]): SwappedRelease[] {
  const gone = before.filter((release) => !now.some((other) => isOfOneSource(release, other)));
  const come = now.flatMap((after): SwappedRelease[] => {
    const replaced = before.find((release) => isOfOneSource(release, after));
    return replaced && isSame(replaced, after) ? [] : [{ before: replaced, after }];
  });
  return [...come, ...gone.map((release) => ({ before: release, after: undefined }))];
}

/** How many rows of a kind a release holds at most: those of before they were counted may hold any number. */
export function mostRows(release: StoredRelease, kind: keyof LibraryRows): number {
  return readContent(release).rows?.[kind] ?? Infinity;
}

/** Whether a release may hold rows of a kind. */
export const mayHold = (release: StoredRelease, kind: keyof LibraryRows): boolean => mostRows(release, kind) > 0;

/** Whether a swap may have put other rows of a kind into use. */
export function mayTouch({ before, after }: SwappedRelease, kind: keyof LibraryRows): boolean {
  return [before, after].some((release) => release !== undefined && mayHold(release, kind));
}
