import type Database from 'better-sqlite3';
import type { DocumentName, IndexedTerm } from '../../core/text-index.js';
import { INDEX_VERSION, TextIndexBuilder, gramsOf, namesOf } from '../../core/text-index.js';
import type { TextFacts } from '../source.js';

/** Tables that hold nothing but the index. */
const INDEX_TABLES = ['search_index', 'search_document', 'search_term', 'search_gram'] as const;
/** Rows read or written at a time: no lock is held for long. */
const CHUNK_ROWS = 5000;

/** Runs a piece of writing in a short transaction of its own. */
export type InTransaction = (write: () => void) => void;

/** A document to be indexed: an article (its system is null), a drug's name or a concept. */
interface Found {
  readonly system: string | null;
  readonly key: string;
  readonly names: readonly DocumentName[];
}

function* chunksOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) yield rows.slice(start, start + CHUNK_ROWS);
}

/** The release's articles, each with its names in all languages. */
function articlesOf(db: Database.Database, release: number): Found[] {
  const rows = db
    .prepare('SELECT article, facts FROM article_text WHERE release = ? ORDER BY article, language')
    .all(release) as { article: string; facts: string }[];
  const names = new Map<string, DocumentName[]>();
  for (const { article, facts } of rows) {
    const { title, alsoCalled = [] } = JSON.parse(facts) as Omit<TextFacts, 'article' | 'language'>;
    names.set(article, [...(names.get(article) ?? []), ...namesOf(title, alsoCalled)]);
  }
  return [...names].map(([key, ofArticle]) => ({ system: null, key, names: ofArticle }));
}

/** The release's names of drugs: mapping rows lead from them to articles. */
function drugNamesOf(db: Database.Database, release: number): Found[] {
  const codes = db
    .prepare(
      "SELECT DISTINCT code FROM mapping WHERE release = ? AND system = 'drug-name' AND article <> '' ORDER BY code",
    )
    .pluck()
    .all(release) as string[];
  return codes.map((key) => ({ system: 'drug-name', key, names: namesOf(key, []) }));
}

/** The release's concepts, a chunk at a time. */
function* conceptsOf(db: Database.Database, release: number): Generator<Found[]> {
  const read = db.prepare(
    `SELECT system, code, title, names FROM concept
     WHERE release = ? AND (system, code) > (?, ?) ORDER BY system, code LIMIT ${CHUNK_ROWS}`,
  );
  interface Row {
    readonly system: string;
    readonly code: string;
    readonly title: string;
    readonly names: string;
  }
  for (let last = { system: '', code: '' }; ;) {
    const rows = read.all(release, last.system, last.code) as Row[];
    const end = rows.at(-1);
    if (!end) return;
    yield rows.map(({ system, code, title, names }) => ({
      system,
      key: code,
      names: namesOf(title, names === '[]' ? [] : (JSON.parse(names) as string[])),
    }));
    last = end;
  }
}

function* documentsOf(db: Database.Database, release: number): Generator<readonly Found[]> {
  yield* chunksOf([...articlesOf(db, release), ...drugNamesOf(db, release)]);
  yield* conceptsOf(db, release);
}

function writeTerms(
  db: Database.Database,
  release: number,
  terms: readonly IndexedTerm[],
  inTransaction: InTransaction,
): void {
  const insertTerm = db.prepare('INSERT INTO search_term VALUES (?, ?, ?, ?, ?, ?)');
  const insertGram = db.prepare('INSERT INTO search_gram VALUES (?, ?, ?)');
  for (const chunk of chunksOf(terms)) {
    inTransaction(() => {
      for (const { id, term, word, documents, postings } of chunk) {
        insertTerm.run(release, id, term, word, documents, postings);
      }
    });
  }
  for (const chunk of chunksOf(gramsOf(terms))) {
    inTransaction(() => {
      for (const { gram, terms: ids } of chunk) insertGram.run(release, gram, ids);
    });
  }
}

/** Whole releases whose index was made in another way, or not at all: imports of an older version of this program. */
const STALE = `SELECT id FROM release
  WHERE state = 'ready' AND id NOT IN (SELECT release FROM search_index WHERE version = ${INDEX_VERSION})`;

/** Indexes anew what is not indexed as this version of the program reads it. */
export function refreshIndexes(db: Database.Database): void {
  const stale = db.prepare(STALE).pluck();
  if (stale.get() === undefined) return;
  const refresh = db.transaction(() => {
    for (const release of stale.all() as number[]) {
      for (const table of INDEX_TABLES) db.prepare(`DELETE FROM ${table} WHERE release = ?`).run(release);
      indexRelease(db, release, (write) => {
        write();
      });
    }
  });
  refresh.immediate();
}

/**
 * Builds the search index of a release whose rows are all there. The facts of the index come last: a release without them
 * is not searched.
 */
export function indexRelease(db: Database.Database, release: number, inTransaction: InTransaction): void {
  const builder = new TextIndexBuilder();
  const insertDocument = db.prepare('INSERT INTO search_document VALUES (?, ?, ?, ?)');
  let conceptsFrom = 0;
  for (const chunk of documentsOf(db, release)) {
    inTransaction(() => {
      for (const { system, key, names } of chunk) {
        insertDocument.run(release, builder.documents, system, key);
        builder.add(names);
        if (system === null || system === 'drug-name') conceptsFrom = builder.documents;
      }
    });
  }
  writeTerms(db, release, builder.terms(), inTransaction);
  inTransaction(() => {
    const facts = [release, INDEX_VERSION, builder.documents, conceptsFrom];
    db.prepare('INSERT INTO search_index VALUES (?, ?, ?, ?)').run(...facts);
  });
}
