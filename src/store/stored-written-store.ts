import type {
  ApplyChanges,
  HistoryRequest,
  WrittenHistory,
  WrittenStore,
  WrittenVersion,
} from '../core/model/written-store.js';
import type { Connection, HistoryStatementName, StoreReader, WrittenStatementName } from './connection.js';
import { writeChanges } from './write-changes.js';
import type { WriteQueue } from './write-queue.js';
import type { WrittenLog } from './written-log.js';

/** What a store of written resources needs of the library over it. */
export interface WrittenLibrary {
  /** What the library serves of the log. */
  log(): WrittenLog;
  /** Whether an article has a text that the site has not written. */
  hasUnwrittenText(article: string): boolean;
  /** Follows what was written. Rejects with RequestError `library-unavailable` if that takes too long. */
  noticeSwap(): Promise<void>;
}

export interface WrittenStoreOptions {
  /** Reads; the library closes it. */
  readonly reader: StoreReader;
  /** Writes; the store closes it. */
  readonly writes: WriteQueue;
  /** The library over the store. */
  readonly library: WrittenLibrary;
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

/** The written resources, in the library's database. */
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

  readonly apply: ApplyChanges = (changes, now) => this.exclusively((apply) => apply(changes, now));

  async exclusively<T>(work: (apply: ApplyChanges) => Promise<T>): Promise<T> {
    const { writes, library } = this.#options;
    // The queue treats every error as the database's; one of the work's own is thrown as it is.
    let own: { readonly fault: unknown } | undefined;
    const inTransaction = async (db: Connection): Promise<T> => {
      // Another process may have written since the library last followed the log.
      await library.noticeSwap();
      let log = await library.log().follow(db);
      let isApplying = false;
      const apply: ApplyChanges = async (changes, now) => {
        isApplying = true;
        const hasUnwrittenText = (article: string): boolean => library.hasUnwrittenText(article);
        const written = await writeChanges(db, changes, { now, log, hasUnwrittenText });
        isApplying = false;
        ({ log } = written);
        return written.versions;
      };
      return work(apply).catch((fault: unknown) => {
        if (!isApplying) own = { fault };
        throw fault;
      });
    };
    try {
      const done = await writes.transact(inTransaction);
      // What is written is written, even where it is seen later.
      await library.noticeSwap().catch(() => undefined);
      return done;
    } catch (error) {
      throw own ? own.fault : error;
    }
  }

  #read(name: WrittenStatementName, argument: unknown): VersionRow[] {
    return this.#isThere ? this.#options.reader.read<VersionRow>(name, argument) : [];
  }

  async #readHistory<Row = VersionRow>(name: HistoryStatementName, argument: unknown): Promise<Row[]> {
    return this.#isThere ? this.#options.reader.readHistory<Row>(name, argument) : [];
  }

  async findLatest(type: string, ids: readonly string[]): Promise<WrittenVersion[]> {
    return this.#read('find-written', { type, ids }).map(toVersion);
  }

  async findVersion(type: string, id: string, version: number): Promise<WrittenVersion | undefined> {
    const [found] = await this.#readHistory('find-written-version', { type, id, version });
    return found && toVersion(found);
  }

  async list(type: string): Promise<WrittenVersion[]> {
    return this.#read('list-written', type).map(toVersion);
  }

  async history(request: HistoryRequest): Promise<WrittenHistory> {
    const ask = (range: object): Promise<HistoryRow[]> =>
      this.#readHistory<HistoryRow>('list-written-history', { without: [], ...request, ...range });
    const rows = await ask({});
    const [first] = rows;
    const counted = first ?? (await ask({ before: undefined, most: 1, mostBytes: undefined }))[0];
    const hasMore = first !== undefined && first.remaining > rows.length;
    return { versions: rows.map(toVersion), total: counted?.total ?? 0, hasMore };
  }

  close(): Promise<void> {
    return this.#options.writes.close();
  }
}
