import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import type { Publisher } from '../../core/model/article.js';
import { RequestError } from '../../core/errors.js';
import type { Language } from '../../core/model/language.js';
import { getOrAdd } from '../../core/remember.js';
import { SqliteStatement, openSqlite, readPragma, type SqliteFile } from '../../store/sqlite/binding.js';
import type { LayeredPart, StoredTextFacts, TextPart } from '../article-parts.js';
import type { HeldParts, HeldRelease, ReleasePlace } from './held-release.js';
import { MappingTable, readKeys, type MappingText } from './mapping-table.js';
import { RELEASE_FORMAT, type ReleaseFacts } from './release-facts.js';
import { RELEASE_STATEMENTS, type ReleaseStatement } from './release-statements.js';
import { StoredSummaries, StoredSummary } from './stored-summaries.js';

/** Rows read into memory at once, before other work has its turn. */
const SLICE_ROWS = 5000;

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

/**
 * Parts of files in memory, by layer and digest, as long as a library uses it: a file is never written again, so a process that opens it
 * for a second library (to compare two, or to go back) reads it once.
 */
const heldByFile = new Map<string, WeakRef<HeldParts>>();
const forgotten = new FinalizationRegistry((key: string) => {
  if (heldByFile.get(key)?.deref() === undefined) heldByFile.delete(key);
});

/** A release's file is missing: it is no longer needed, or another program has removed it. */
export class MissingFileError extends Error {
  override readonly name = 'MissingFileError';
}

/** A release file of another version of the program. */
export class ReleaseFormatError extends Error {
  override readonly name = 'ReleaseFormatError';
}

/**
 * A release that is read: a finished file without writers. Articles and mapping rows are in memory; concepts, crosswalks and
 * the text index, which may be a million rows, are read in place.
 */
export class ReleaseFile implements HeldRelease {
  readonly place: ReleasePlace;
  readonly facts: ReleaseFacts;
  readonly #db: SqliteFile;
  readonly #statements = new Map<ReleaseStatement, SqliteStatement>();
  readonly #remembered = new LRUCache<string, unknown[]>({
    maxSize: MOST_REMEMBERED_BYTES,
    maxEntrySize: MOST_BYTES_OF_A_ROW,
    sizeCalculation: countBytes,
  });
  #held: HeldParts | undefined;
  #failure: unknown;
  #isReplaced = false;
  readonly #bytes: number | undefined;

  private constructor(place: ReleasePlace, db: SqliteFile) {
    this.place = place;
    this.#db = db;
    this.#bytes = this.#measure();
    if (readPragma(db, 'user_version') !== RELEASE_FORMAT) {
      throw new ReleaseFormatError(`the file of release ${place.name} is of another version of this program`);
    }
    const [row] = this.read<{ facts: string }>('facts');
    this.facts = JSON.parse(row?.facts ?? '') as ReleaseFacts;
  }

  /**
   * Opens a release file and takes into memory what answers are made of.
   * @param like an earlier release of the same source: what both say alike of an article is the same object afterwards
   * @throws Error where it is damaged or not there; ReleaseFormatError
   */
  static async open(place: ReleasePlace, like?: HeldParts): Promise<ReleaseFile> {
    const file = ReleaseFile.openInPlace(place);
    try {
      file.#held = await file.#holdOnce(like);
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Opens a release file for a few queries: nothing is read into memory. */
  static openInPlace(place: ReleasePlace): ReleaseFile {
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

  get isReplaced(): boolean {
    return this.#isReplaced;
  }

  /** Marks the file as replaced by a whole one: whatever was read of it may be damaged too. */
  noteReplaced(): void {
    heldByFile.delete(this.#key);
    this.#isReplaced = true;
  }

  get #key(): string {
    return `${this.place.layer} ${basename(this.place.path)}`;
  }

  #statement(name: ReleaseStatement): SqliteStatement {
    return getOrAdd(this.#statements, name, () => new SqliteStatement(this.#db, RELEASE_STATEMENTS[name]));
  }

  /** Asks the file, or returns what it answered before. @throws RequestError `library-unavailable` where it is damaged or closed */
  read<Row>(name: ReleaseStatement, ...values: (string | number)[]): Row[] {
    if (!REMEMBERED.has(name)) return this.#query(name, values);
    return getOrAdd(this.#remembered, `${name} ${values.join(' ')}`, () => this.#query(name, values)) as Row[];
  }

  #query<Row>(name: ReleaseStatement, values: readonly (string | number)[]): Row[] {
    // Our texts never contain the character 0, at which the binding ends a value.
    if (values.some((value) => typeof value === 'string' && value.includes('\0'))) return [];
    try {
      return this.#statement(name).all<Row>(...values);
    } catch (error) {
      // A request may still read a file that a swap has closed.
      if (this.#db.isOpen) this.#failure ??= error;
      throw new RequestError('library-unavailable', {}, error);
    }
  }

  #in(): HeldParts {
    if (!this.#held) throw new Error('this file was opened for a few questions');
    return this.#held;
  }

  get publishers(): HeldParts['publishers'] {
    return this.#in().publishers;
  }

  get parts(): HeldParts['parts'] {
    return this.#in().parts;
  }

  get mappings(): HeldParts['mappings'] {
    return this.#in().mappings;
  }

  async #holdOnce(like: HeldParts | undefined): Promise<HeldParts> {
    const known = heldByFile.get(this.#key)?.deref();
    if (known) return known;
    const held = await this.#hold(like);
    heldByFile.set(this.#key, new WeakRef(held));
    forgotten.register(held, this.#key);
    return held;
  }

  async #hold(like: HeldParts | undefined): Promise<HeldParts> {
    const publishers = new Map<string, Publisher>();
    for (const { id, facts } of this.read<{ id: string; facts: string }>('publishers')) {
      const publisher = JSON.parse(facts) as Publisher;
      const known = like?.publishers.get(id);
      publishers.set(id, known && isDeepStrictEqual(known, publisher) ? known : publisher);
    }
    const parts = await this.#readParts(like);
    return { publishers, parts, mappings: await this.#readMappings() };
  }

  async #readParts(like: HeldParts | undefined): Promise<ReadonlyMap<string, LayeredPart>> {
    const { layer, path, builtOn } = this.place;
    const file = basename(path);
    // An imported text is of the day of its file.
    const day = layer === 'imported' ? builtOn : undefined;
    let summaries: StoredSummaries | undefined;
    const read = new Map<
      string,
      { layer: typeof layer; facts: LayeredPart['facts']; texts: Record<string, TextPart> }
    >();
    const getPart = (id: string) => getOrAdd(read, id, () => ({ layer, facts: undefined, texts: {} }));
    for await (const [id, facts] of this.#readSlices<[string, LayeredPart['facts']]>('articleSlice', [''])) {
      getPart(id).facts = facts;
    }
    type TextRow = [string, Language, StoredTextFacts, hasSummary: number];
    for await (const [id, language, stored, hasSummary] of this.#readSlices<TextRow>('textSlice', ['', ''])) {
      const { summaryOn = day, ...text } = stored;
      if (hasSummary) summaries ??= new StoredSummaries(path);
      const summary = hasSummary && summaries && new StoredSummary(file, summaries, id, language, summaryOn);
      getPart(id).texts[language] = summary ? { ...text, summary } : text;
    }
    if (!like) return read;
    for (const [index, [id, part]] of [...read].entries()) {
      const known = like.parts.get(id);
      if (known && isDeepStrictEqual(known, part)) read.set(id, known);
      if (index % SLICE_ROWS === SLICE_ROWS - 1) await setImmediate();
    }
    return read;
  }

  /**
   * Reads a table in slices, each in a turn of its own. A slice is one text: a hundred thousand rows one by one take longer than all else at a start.
   * @param key smaller than that of the first row, which begins with the same columns
   */
  async *#readSlices<Row extends readonly unknown[]>(
    name: 'articleSlice' | 'textSlice',
    key: readonly string[],
  ): AsyncGenerator<Row> {
    for (let after: readonly unknown[] = key; ;) {
      const [slice] = this.read<{ rows: string }>(name, ...(after as string[]), SLICE_ROWS);
      const rows = JSON.parse(slice?.rows ?? '[]') as Row[];
      yield* rows;
      const last = rows.at(-1);
      if (!last) return;
      after = last.slice(0, key.length);
      await setImmediate();
    }
  }

  async #readMappings(): Promise<MappingTable> {
    const texts: MappingText[] = [];
    let size = 0;
    for (let after = ['', '', '']; ;) {
      const slice = this.read<MappingText & { count: number }>('mappingSlice', ...after, SLICE_ROWS);
      const last = slice.at(-1);
      if (!last) return MappingTable.ofTexts(texts, size);
      texts.push(...slice);
      for (const { count } of slice) size += count;
      const [code, article] = readKeys(last.rows.slice(last.rows.lastIndexOf('\n') + 1));
      after = [last.system, code, article];
      await setImmediate();
    }
  }

  close(): void {
    this.#remembered.clear();
    if (this.#db.isOpen) this.#db.close();
  }
}
