import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { RowCounts } from '../build/source.js';
import type { ReleaseRecord } from '../core/model/library.js';

/** What a release says of itself, kept with it as JSON. */
export interface ReleaseContent {
  readonly rows: Readonly<RowCounts>;
  /** Code systems of which it holds every code. */
  readonly complete: readonly CodeSystemId[];
  readonly changes: ReleaseRecord['changes'];
  /** Id of the release that it took the place of; null where none was in use. */
  readonly replaced: number | null;
  /** When another took its place, or its source was taken out (ISO 8601); meaningless while it is in use. */
  readonly leftAt?: string;
}

/** What a release says of itself is damaged: it was written by something else than this program. */
export class UnreadableReleaseError extends Error {
  override readonly name = 'UnreadableReleaseError';
}

/** Reads what a release says of itself; an older one may not say all of it. @throws UnreadableReleaseError */
export function readContent({
  name,
  content,
}: {
  readonly name: string;
  readonly content: string;
}): Partial<ReleaseContent> {
  try {
    const read: unknown = JSON.parse(content);
    if (typeof read === 'object' && read !== null) return read;
  } catch {
    // Told below, with the release's name.
  }
  throw new UnreadableReleaseError(`what release ${name} says of itself cannot be read`);
}
