import type { Delivery, GivenEntry, HandedOverRecord, RecordedEntry } from '../../../core/handing-over/record.js';

/** The record as a launch needs it. */
export type LaunchRecord = Pick<HandedOverRecord, 'add' | 'find' | 'list' | 'noteDelivery' | 'markError' | 'findText'>;

/** Maximum entries of a session: the oldest one goes. */
const MOST_ENTRIES = 50;

/** States in which the sheet may be printed again for the chart. */
const IS_OPEN: ReadonlySet<string> = new Set(['waiting', 'refused']);

/**
 * Holds what one session has handed over, where the site has no record and the chart alone holds it. It is in memory, and gone with the
 * session; texts go once an entry needs no further writing.
 */
export class SessionRecord implements LaunchRecord {
  readonly #entries = new Map<string, RecordedEntry>();
  readonly #texts = new Map<string, ReadonlyMap<string, string>>();

  async add(entry: GivenEntry, texts: ReadonlyMap<string, string>): Promise<boolean> {
    if (this.#entries.has(entry.id)) return false;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= MOST_ENTRIES) {
      this.#entries.delete(oldest);
      this.#texts.delete(oldest);
    }
    this.#entries.set(entry.id, { entry, error: undefined, delivery: undefined });
    this.#texts.set(entry.id, texts);
    return true;
  }

  async find(id: string): Promise<RecordedEntry | undefined> {
    return this.#entries.get(id);
  }

  /** All of them are of one patient: a session has no other. */
  async list(_filter: unknown, most: number): ReturnType<HandedOverRecord['list']> {
    const entries = [...this.#entries.values()].map((one, sequence) => ({ ...one, sequence }));
    return entries.reverse().slice(0, most);
  }

  async noteDelivery(id: string, delivery: Delivery): Promise<void> {
    const known = this.#entries.get(id);
    if (!known) return;
    this.#entries.set(id, { ...known, delivery });
    if (!IS_OPEN.has(delivery.state)) this.#texts.delete(id);
  }

  async markError(id: string, by: string | undefined, now: Date): Promise<boolean> {
    const known = this.#entries.get(id);
    if (!known || known.error) return false;
    this.#entries.set(id, { ...known, error: { at: now.toISOString(), by } });
    return true;
  }

  async findText(digest: string): Promise<string | undefined> {
    for (const texts of this.#texts.values()) {
      const found = texts.get(digest);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
