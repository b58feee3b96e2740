import type {
  HistoryRequest,
  AppliedVersion,
  WrittenChange,
  WrittenHistory,
  WrittenStore,
  WrittenVersion,
} from '../../core/written-store.js';
import type { Writer } from '../writer.js';
import type { LibraryReader, StatementName } from './connection.js';
import { writeChanges } from './write-changes.js';
import type { WriteQueue } from './write-queue.js';

export interface WrittenStoreOptions {
  /** Reads; the library closes it. */
  readonly reader: LibraryReader;
  readonly writer: Writer;
  /** Writes; the store closes it. */
  readonly writes: WriteQueue;
  /** Has the library see what was written. */
  readonly noticeSwap: () => Promise<void>;
}

type VersionRow = Omit<WrittenVersion, 'content'> & { readonly content: string | null };

interface HistoryRow extends VersionRow {
  readonly total: number;
  readonly remaining: number;
}

const toVersion = ({ sequence, type, id, version, method, writtenAt, content }: VersionRow): WrittenVersion => ({
  sequence,
  type,
  id,
  version,
  method,
  writtenAt,
  content: content ?? undefined,
});

/** Whether a table is not there: SQLite's and PostgreSQL's words for it. */
function isMissingTable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '42P01' || /^no such table/.test(message ?? '');
}

/** What a site writes, kept in the library's database. */
export class StoredWrittenStore implements WrittenStore {
  readonly #options: WrittenStoreOptions;
  /** False: the library is read-only, and of before anything could be written. */
  readonly #isThere: boolean;

  private constructor(options: WrittenStoreOptions, isThere: boolean) {
    this.#options = options;
    this.#isThere = isThere;
  }

  static async open(options: WrittenStoreOptions): Promise<StoredWrittenStore> {
    try {
      await options.reader.all('SELECT 1 FROM written_resource LIMIT 1');
      return new StoredWrittenStore(options, true);
    } catch (error) {
      if (!isMissingTable(error)) throw error;
      return new StoredWrittenStore(options, false);
    }
  }

  async apply(changes: readonly WrittenChange[], now: Date): Promise<(AppliedVersion | undefined)[]> {
    const { writes, writer, noticeSwap } = this.#options;
    const written = await writes.run((db) => db.transaction(() => writeChanges(db, changes, { writer, now })));
    await noticeSwap();
    return written;
  }

  async #read<Row = VersionRow>(name: StatementName, argument: unknown): Promise<Row[]> {
    return this.#isThere ? this.#options.reader.read<Row>(name, argument) : [];
  }

  async findLatest(type: string, ids: readonly string[]): Promise<WrittenVersion[]> {
    return (await this.#read('find-written', { type, ids })).map(toVersion);
  }

  async findVersion(type: string, id: string, version: number): Promise<WrittenVersion | undefined> {
    const [found] = await this.#read('find-written-version', { type, id, version });
    return found && toVersion(found);
  }

  async list(type: string): Promise<WrittenVersion[]> {
    return (await this.#read('list-written', type)).map(toVersion);
  }

  async history(request: HistoryRequest): Promise<WrittenHistory> {
    const { type, id, since, from, to, without = [], before, most, mostBytes } = request;
    const meant = {
      type: type ?? null,
      id: id ?? null,
      since: since ?? null,
      from: from ?? null,
      to: to ?? null,
      without,
    };
    const ask = (range: object): Promise<HistoryRow[]> =>
      this.#read<HistoryRow>('list-written-history', { ...meant, ...range });
    const rows = await ask({ before: before ?? null, most, mostBytes: mostBytes ?? null });
    const [first] = rows;
    const counted = first ?? (await ask({ before: null, most: 1, mostBytes: null }))[0];
    const hasMore = first !== undefined && first.remaining > rows.length;
    return { versions: rows.map(toVersion), total: counted?.total ?? 0, hasMore };
  }

  close(): Promise<void> {
    return this.#options.writes.close();
  }
}
