import { existsSync, statSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { RequestError } from '../../core/errors.js';
import type { Language } from '../../core/model/language.js';
import type { ReleaseIdentity } from '../../core/model/library.js';
import { SqliteStatement, openSqlite, readPragma, type SqliteFile } from '../../store/sqlite/binding.js';
import { RELEASE_FORMAT, type ReleaseFacts } from './release-facts.js';
import { RELEASE_STATEMENTS, type ReleaseStatement } from './release-statements.js';

/** Statements that searches repeat, for each part of a line and for the next line: the file never changes. */
const REMEMBERED: ReadonlySet<ReleaseStatement> = new Set([
  'children',
  'concept',
  'termIds',
  'completions',
  'term',
  'postings',
  'gram',
  'document',
  'synonyms',
]);
/** Of a file. Large rows are few, and take their time to be worked through. */
const MOST_REMEMBERED_BYTES = 1_048_576;
const MOST_BYTES_OF_A_ROW = 65_536;
/** Bytes of a row beside its texts, and of remembering it. */
const ROW_BYTES = 200;

/** Bytes that rows take in memory, roughly. */
function countBytes(rows: readonly unknown[]): number {
  let bytes = ROW_BYTES;
  for (const row of rows) {
    for (const value of Object.values(row as Record<string, unknown>))
      bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
  }
  return bytes;
}

/** A release that is in use, or was: its number in the store, and its file. */
export interface ReleasePlace extends ReleaseIdentity {
  readonly id: number;
  readonly path: string;
  /** The day of its content, ISO 8601. */
  readonly builtOn: string;
}

/** The rows of an article in one release, as they are stored: JSON. */
export interface StoredPart {
  /** Undefined: no more than texts. */
  readonly facts: string | undefined;
  readonly texts: readonly { readonly language: Language; readonly facts: string }[];
  /** Versions of the resources that state it, if a site has written it: another version makes another article. */
  readonly versions?: string | undefined;
}

/** A release's file is missing: it is no longer needed, or another program has removed it. */
export class MissingFileError extends Error {
  override readonly name = 'MissingFileError';
}

/** A release file of another version of the program. */
export class ReleaseFormatError extends Error {
  override readonly name = 'ReleaseFormatError';
}

/** A release that is read in place: a finished file without writers, or what a site has written, in memory. */
export class ReleaseFile {
  readonly place: ReleasePlace;
  readonly facts: ReleaseFacts;
  readonly #db: SqliteFile;
  readonly #statements = new Map<ReleaseStatement, SqliteStatement>();
  readonly #remembered = new LRUCache<string, unknown[]>({
    maxSize: MOST_REMEMBERED_BYTES,
    maxEntrySize: MOST_BYTES_OF_A_ROW,
    sizeCalculation: countBytes,
  });
  #articleIds: readonly string[] | undefined;
  #failure: unknown;
  #isReplaced = false;
  readonly #bytes: number | undefined;

  /** @param db an open connection, which the release closes */
  constructor(place: ReleasePlace, db: SqliteFile) {
    this.place = place;
    this.#db = db;
    this.#bytes = this.#measure();
    if (readPragma(db, 'user_version') !== RELEASE_FORMAT) {
      throw new ReleaseFormatError(`the file of release ${place.name} is of another version of this program`);
    }
    const [row] = this.read<{ facts: string }>('facts');
    this.facts = JSON.parse(row?.facts ?? '') as ReleaseFacts;
  }

  /** Opens a release file. @throws Error where it is damaged, MissingFileError, ReleaseFormatError */
  static open(place: ReleasePlace): ReleaseFile {
    if (!existsSync(place.path))
      throw new MissingFileError(`the file of release ${place.name} is missing: ${place.path}`);
    const db = openSqlite(place.path, { mode: 'finished', lockWaitMs: 0 });
    try {
      return new ReleaseFile(place, db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Undefined: it is not at its place, or its disk does not answer. */
  #measure(): number | undefined {
    try {
      return statSync(this.place.path, { throwIfNoEntry: false })?.size;
    } catch {
      return undefined;
    }
  }

  /** The failure of a query, or an error where the file has another size; a file that was removed is read on while it is open. */
  get failure(): unknown {
    const bytes = this.#measure();
    // It stays so: a whole file in its place is another one than that which is open.
    if (bytes !== undefined && bytes !== this.#bytes)
      this.#failure ??= new Error(`it has ${bytes} bytes in place of ${this.#bytes ?? 0}`);
    return this.#failure;
  }

  /** True if its damaged file was replaced by a whole one, which is to be opened. */
  get isReplaced(): boolean {
    return this.#isReplaced;
  }

  /** Marks the file as replaced by a whole one: whatever was read of it may be damaged too. */
  noteReplaced(): void {
    this.#isReplaced = true;
  }

  /** Rows of a statement, in memory from an earlier call or read. @throws RequestError `library-unavailable` where the file is damaged or closed */
  read<Row>(name: ReleaseStatement, ...values: (string | number)[]): Row[] {
    const key = REMEMBERED.has(name) ? `${name} ${values.join(' ')}` : undefined;
    const known = key === undefined ? undefined : this.#remembered.get(key);
    if (known) return known as Row[];
    // Our texts never contain the character 0, at which the binding ends a value.
    if (values.some((value) => typeof value === 'string' && value.includes('\0'))) return [];
    try {
      const statement = this.#statements.get(name) ?? new SqliteStatement(this.#db, RELEASE_STATEMENTS[name]);
      this.#statements.set(name, statement);
      const rows = statement.all<Row>(...values);
      if (key !== undefined) this.#remembered.set(key, rows);
      return rows;
    } catch (error) {
      // A request may still read a file that a swap has closed.
      if (this.#db.isOpen) this.#failure ??= error;
      throw new RequestError('library-unavailable', {}, error);
    }
  }

  /** True if a statement has a row. */
  has(name: ReleaseStatement, ...values: string[]): boolean {
    return this.read(name, ...values).length > 0;
  }

  /** The ids of articles with facts or a text, in order. */
  get articleIds(): readonly string[] {
    this.#articleIds ??= this.read<{ id: string }>('articleIds').map(({ id }) => id);
    return this.#articleIds;
  }

  /** The rows of an article; undefined: none. */
  findPart(id: string): StoredPart | undefined {
    const [article] = this.read<{ facts: string }>('article', id);
    const texts = this.read<StoredPart['texts'][number]>('textsOf', id);
    return article || texts.length > 0 ? { facts: article?.facts, texts } : undefined;
  }

  close(): void {
    this.#remembered.clear();
    if (this.#db.isOpen) this.#db.close();
  }
}
