import type { ApplyChanges, WrittenStore, WrittenVersion } from '../core/model/written-store.js';
import type { Connection, StoreReader, WrittenStatementName } from './connection.js';
import { writeChanges } from './write-changes.js';
import type { WriteQueue } from './write-queue.js';
import type { WrittenLog } from './written-log.js';

/** Parts of the library that a store of written resources needs. */
export interface WrittenLibrary {
  /** Log as the library serves it. */
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

const LIST_VERSIONS = `
  SELECT sequence, type, id, version, method, written_at AS "writtenAt", content
  FROM written_version WHERE sequence > $1 ORDER BY sequence LIMIT $2`;

/** @param types how many */
const listHistorySql = (types: number): string => `
  SELECT sequence, type, id, version, method, written_at AS "writtenAt", content
  FROM written_version WHERE id = $1 AND type IN (${Array.from({ length: types }, (_type, at) => `$${at + 3}`).join(', ')})
  ORDER BY sequence DESC LIMIT $2`;

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

/** Runs work in a transaction with what applies changes in it. @throws what the work throws, or RequestError of the queue */
async function exclusively<T>(
  { writes, library }: WrittenStoreOptions,
  work: (apply: ApplyChanges) => Promise<T>,
): Promise<T> {
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
    // A write is done, even where it is seen later.
    await library.noticeSwap().catch(() => undefined);
    return done;
  } catch (error) {
    throw own ? own.fault : error;
  }
}

/** Opens the written resources, in the library's database. */
export async function openWrittenStore(options: WrittenStoreOptions): Promise<WrittenStore> {
  const { reader, writes } = options;
  /** False: the library is read-only, and of a version that could not be written to. */
  let isThere = true;
  try {
    await reader.all('SELECT 1 FROM written_resource LIMIT 1');
  } catch (error) {
    if (!isMissingTable(error)) throw error;
    isThere = false;
  }
  const read = (name: WrittenStatementName, argument: unknown): WrittenVersion[] =>
    isThere ? reader.read<VersionRow>(name, argument).map(toVersion) : [];
  return {
    apply: (changes, now) => exclusively(options, (apply) => apply(changes, now)),
    exclusively: (work) => exclusively(options, work),
    findLatest: async (type, ids) => read('find-written', { type, ids }),
    list: async (type) => read('list-written', type),
    listVersions: async (after, most) =>
      isThere ? (await reader.readStored<VersionRow>(LIST_VERSIONS, after, most)).map(toVersion) : [],
    listHistory: async (types, id, most) => {
      if (!isThere) return [];
      return (await reader.readStored<VersionRow>(listHistorySql(types.length), id, most, ...types)).map(toVersion);
    },
    close: () => writes.close(),
  };
}
