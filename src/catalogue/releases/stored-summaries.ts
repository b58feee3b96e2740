import type { Summary } from '../../core/model/article.js';
import { RequestError } from '../../core/errors.js';
import type { Language } from '../../core/model/language.js';
import { SqliteStatement, openSqlite, type SqliteFile } from '../../store/sqlite/binding.js';
import { RELEASE_STATEMENTS } from './release-statements.js';

/** A few pages: what was read lately is in the cache of the operating system. */
const CACHE = 'PRAGMA cache_size = 16';

/**
 * The summaries in a release file: five megabytes that are read in place, one when it is shown. The connection is its own: what is held of
 * a file is shared by those who opened it and outlives them, and is closed with it.
 */
export class StoredSummaries {
  // A statement does not keep its connection open.
  readonly #db: SqliteFile;
  #find: SqliteStatement | undefined;

  /** @throws Error if the file cannot be opened */
  constructor(path: string) {
    this.#db = openSqlite(path, { mode: 'finished', lockWaitMs: 0 });
    this.#db.exec(CACHE);
  }

  /** @throws RequestError `library-unavailable` where the file is damaged */
  read(article: string, language: Language): string {
    try {
      this.#find ??= new SqliteStatement(this.#db, RELEASE_STATEMENTS.summary);
      return this.#find.all<{ html: string }>(article, language)[0]?.html ?? '';
    } catch (error) {
      throw new RequestError('library-unavailable', {}, error);
    }
  }
}

/** A summary in a release file. Two are alike only if they are of one file, so that an article is a new object where its words may be. */
export class StoredSummary implements Summary {
  readonly on: string | undefined;
  readonly #of: StoredSummaries;
  readonly #article: string;
  readonly #language: Language;
  /** Digest of the file's bytes. */
  readonly file: string;

  constructor(file: string, of: StoredSummaries, article: string, language: Language, on: string | undefined) {
    this.file = file;
    this.#of = of;
    this.#article = article;
    this.#language = language;
    this.on = on;
  }

  get html(): string {
    return this.#of.read(this.#article, this.#language);
  }
}
