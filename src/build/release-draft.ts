import { readFileSync, rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import { getOrAdd } from '../core/remember.js';
import { RELEASE_FORMAT, type ReleaseFacts } from '../catalogue/releases/release-facts.js';
import { SqliteStatement, finishedFile, openSqlite, type SqliteFile } from '../store/sqlite/binding.js';
import { indexDraft, indexSummaries } from './index-draft.js';
import type { LibraryRows } from './source.js';

type Value = string | number | Uint8Array | null;

/**
 * The tables of a release file that are written row by row. Of crosswalks with one key the first is stored, else the
 * last.
 */
const INSERTS = {
  publisher: 'INSERT OR REPLACE INTO publisher VALUES (?, ?)',
  article: 'INSERT OR REPLACE INTO article VALUES (?, ?)',
  article_text: 'INSERT OR REPLACE INTO article_text VALUES (?, ?, ?)',
  mapping: 'INSERT OR REPLACE INTO mapping VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  crosswalk: 'INSERT OR IGNORE INTO crosswalk VALUES (?, ?, ?, ?, ?)',
  concept: 'INSERT OR REPLACE INTO concept VALUES (?, ?, ?, ?, ?, ?, ?)',
  search_document: 'INSERT INTO search_document VALUES (?, ?, ?)',
  search_term: 'INSERT INTO search_term VALUES (?, ?, ?, ?, ?)',
  search_gram: 'INSERT INTO search_gram VALUES (?, ?)',
  search_synonym: 'INSERT OR REPLACE INTO search_synonym VALUES (?, ?, ?)',
  summary_document: 'INSERT INTO summary_document VALUES (?, ?, ?, ?)',
  summary_term: 'INSERT INTO summary_term VALUES (?, ?)',
  last_known: 'INSERT OR REPLACE INTO last_known VALUES (?, ?, ?, ?)',
  leaflet: 'INSERT OR REPLACE INTO leaflet VALUES (?, ?, ?)',
  leaflet_code: 'INSERT OR REPLACE INTO leaflet_code VALUES (?, ?, ?, ?, ?, ?)',
} as const;

export type DraftTable = keyof typeof INSERTS;

/** Rows written at once before giving way to other work. */
const SLICE_ROWS = 500;

const toNumber = (flag: boolean | undefined): number | null => (flag === undefined ? null : Number(flag));

/** Converts a batch to table rows. */
function* toTableRows(rows: LibraryRows): Generator<[DraftTable, Value[]]> {
  for (const row of rows.publishers) yield ['publisher', [row.id, JSON.stringify(row)]];
  for (const { id, ...facts } of rows.articles) yield ['article', [id, JSON.stringify(facts)]];
  for (const { article, language, ...facts } of rows.texts)
    yield ['article_text', [article, language, JSON.stringify(facts)]];
  for (const row of rows.mappings) {
    const { system, code, article = '', relationship, rank, sensitivity = null, origin, note } = row;
    yield ['mapping', [system, code, article, relationship, rank, sensitivity, origin, note]];
  }
  for (const { from, to, relationship } of rows.crosswalks)
    yield ['crosswalk', [from.system, from.code, to.system, to.code, relationship]];
  for (const { system, code, title, parent = null, billable, active, names } of rows.concepts) {
    const others = names.length === 0 ? '[]' : JSON.stringify(names);
    yield ['concept', [system, code, title, parent, toNumber(billable), toNumber(active), others]];
  }
  for (const { texts, ...facts } of rows.leaflets)
    yield ['leaflet', [facts.setId, JSON.stringify(facts), deflateRawSync(JSON.stringify(texts))]];
  for (const { system, code, rank, setId = '', maker, reason = null } of rows.leafletCodes)
    yield ['leaflet_code', [system, code, rank, setId, maker, reason]];
  for (const { term, means, language } of rows.synonyms) yield ['search_synonym', [term, means, language]];
}

/** A release file that is being written. It has no readers and no durability until it is finished. */
export class ReleaseDraft {
  readonly path: string;
  readonly #resourcesDir: string;
  #db: SqliteFile;
  #hasLeaflets = false;
  #inserts = new Map<DraftTable, SqliteStatement>();

  /** @param path where no file exists; `:memory:`: it is read by its own connection */
  constructor(path: string, resourcesDir: string) {
    this.path = path;
    this.#resourcesDir = resourcesDir;
    this.#db = openSqlite(path, { mode: 'create', lockWaitMs: 0 });
    // A lost draft is written again, so a journal has no use.
    this.#db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;');
    this.#db.exec(readFileSync(`${resourcesDir}/sql/release.sql`, 'utf8'));
    this.#db.exec(`PRAGMA user_version = ${RELEASE_FORMAT}`);
  }

  #insert(table: DraftTable): SqliteStatement {
    return getOrAdd(this.#inserts, table, () => new SqliteStatement(this.#db, INSERTS[table]));
  }

  /** Writes rows of tables, in slices. */
  async insert(rows: Iterable<[DraftTable, Value[]]>): Promise<void> {
    this.#db.exec('BEGIN');
    let written = 0;
    for (const [table, values] of rows) {
      this.#insert(table).run(...values);
      written += 1;
      if (written % SLICE_ROWS === 0) await setImmediate();
    }
    this.#db.exec('COMMIT');
  }

  write(rows: LibraryRows): Promise<void> {
    if (rows.leaflets.length > 0 || rows.leafletCodes.length > 0) this.#createLeaflets();
    return this.insert(toTableRows(rows));
  }

  /** Queries what was written so far. */
  all<Row>(sql: string, ...values: unknown[]): Row[] {
    return new SqliteStatement(this.#db, sql).all<Row>(...values);
  }

  /** Builds the search index of what was written. @param unsearched systems whose concepts are left out */
  async index(unsearched: readonly CodeSystemId[]): Promise<void> {
    this.#writeFacts({
      ...(await indexDraft(this, unsearched)),
      mappings: this.#countBySystem('mapping'),
      concepts: this.#countBySystem('concept'),
      crosswalks: this.all('SELECT DISTINCT system AS "from", target_system AS "to" FROM crosswalk ORDER BY 1, 2'),
      ...(this.#hasLeaflets ? { hasLeaflets: true } : {}),
    });
  }

  #writeFacts(facts: ReleaseFacts): void {
    this.#db.prepare('INSERT INTO facts VALUES (?)').run(JSON.stringify(facts));
  }

  #createLeaflets(): void {
    if (!this.#hasLeaflets) this.#db.exec(readFileSync(`${this.#resourcesDir}/sql/leaflets.sql`, 'utf8'));
    this.#hasLeaflets = true;
  }

  /** Copies a release of the format before with its text index; summaries are indexed anew. @param before its file */
  async convert(before: string): Promise<void> {
    this.#db.prepare('ATTACH ? AS before').run(finishedFile(before).href);
    const tables = this.all<{ name: string }>("SELECT name FROM before.sqlite_schema WHERE type = 'table'");
    const [row] = this.all<{ facts: string }>('SELECT facts FROM before.facts');
    if (tables.some(({ name }) => name === 'leaflet')) this.#createLeaflets();
    for (const { name } of tables)
      if (!/^(?:facts|summary_.*)$/.test(name)) this.#db.exec(`INSERT INTO main.${name} SELECT * FROM before.${name}`);
    this.#db.exec('DETACH before');
    const summaries = await indexSummaries(this);
    const facts = JSON.parse(row?.facts ?? '') as ReleaseFacts;
    this.#writeFacts({ ...facts, summaries, mappings: this.#countBySystem('mapping') });
  }

  #countBySystem(table: 'mapping' | 'concept'): ReleaseFacts['concepts'] {
    const rows = this.all<{ system: CodeSystemId; n: number }>(
      `SELECT system, count(*) AS n FROM ${table} GROUP BY system ORDER BY system`,
    );
    return Object.fromEntries(rows.map(({ system, n }) => [system, n]));
  }

  /** Carries over the last content of texts that the previous release had and this one lacks. @param before its file */
  carryOverLastKnown(before: string): void {
    this.#db.prepare('ATTACH ? AS before').run(finishedFile(before).href);
    try {
      this.#db.exec(readFileSync(`${this.#resourcesDir}/sql/last-known.sql`, 'utf8'));
    } finally {
      this.#db.exec('DETACH before');
    }
  }

  /** The connection to it; of a draft in memory there is no other. */
  get connection(): SqliteFile {
    return this.#db;
  }

  /** Ends writing; later queries read the file. */
  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  /** Opens it again to replace its last rows. */
  reopen(): void {
    this.#inserts = new Map();
    this.#db = openSqlite(this.path, { mode: 'create', lockWaitMs: 0 });
    this.#db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;');
  }

  discard(): void {
    this.close();
    rmSync(this.path, { force: true });
  }
}
