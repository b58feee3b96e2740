const DAY_MS = 86_400_000;

/** Running time of the record between the marking of an entry and its deletion, in milliseconds. */
export const MARKED_MS = 7 * DAY_MS;

/** Retention by itself deletes a tenth of the record at most: more is a wrong clock or a wrong number, or a decision. */
const LARGEST_SHARE = 0.1;

/** The instant before which entries have outlived their retention. @param days how long an entry is retained */
export const retentionEnd = (days: number, now: Date): string => new Date(now.getTime() - days * DAY_MS).toISOString();

export const isTooMany = (entries: number, all: number): boolean => entries > all * LARGEST_SHARE;

/** Result of one pass of retention. */
export interface RetentionPass {
  /** ISO 8601: the time by the database's clock. */
  readonly at: string;
  /** Entries of the record before the pass. */
  readonly all: number;
  /** Entries that this pass has marked, and all that are marked now. */
  readonly newlyMarked: number;
  readonly marked: number;
  /** Marked entries whose week is over. */
  readonly due: number;
  /** Entries that this pass has deleted: those that are due, or none where they are too many. */
  readonly deleted: number;
}

/** The record's own time. */
export interface RecordTime {
  /** The clock at the last pass of retention, ISO 8601. */
  readonly seenAt: string;
  /** Milliseconds for which servers have run with the record. */
  readonly ranMs: number;
}

/**
 * Advances the record's running time. It grows by what both the clock and the process have passed since the last pass: no jump of a clock
 * advances it, nor do several instances advance it twice.
 * @param ranMs milliseconds since the last pass of this process, by its monotonic clock; 0 for its first
 */
export function advanceTime(known: RecordTime | undefined, now: Date, ranMs: number): RecordTime {
  const passed = known ? now.getTime() - Date.parse(known.seenAt) : 0;
  return { seenAt: now.toISOString(), ranMs: (known?.ranMs ?? 0) + Math.max(0, Math.min(passed, ranMs)) };
}
