import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { RowCounts } from '../build/source.js';
import type { ReleaseRecord } from '../core/model/library.js';

/** The summary of a release, stored with it as JSON. */
export interface ReleaseContent {
  readonly rows: Readonly<RowCounts>;
  /** Code systems of which it holds every code. */
  readonly complete: readonly CodeSystemId[];
  readonly changes: ReleaseRecord['changes'];
  /** Id of the release that it took the place of; null where none was in use. */
  readonly replaced: number | null;
  /** When another replaced it, or its source was removed (ISO 8601); meaningless while it is in use. */
  readonly leftAt?: string;
}

/** The summary of a release is damaged: another program has written it. */
export class UnreadableReleaseError extends Error {
  override readonly name = 'UnreadableReleaseError';
}

/** Reads the summary of a release; an older one may lack fields. @throws UnreadableReleaseError */
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
    // Reported below, with the release's name.
  }
  throw new UnreadableReleaseError(`what release ${name} says of itself cannot be read`);
}
