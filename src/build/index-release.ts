import type { DocumentName, IndexedTerm } from '../core/text-index.js';
import { INDEX_VERSION, TextIndexBuilder, gramsOf, namesOf } from '../core/text-index.js';
import type { TextFacts } from './source.js';
import type { Connection, Queries } from '../store/connection.js';

/** Tables that hold nothing but the index. */
const INDEX_TABLES = ['search_index', 'search_document', 'search_term', 'search_gram'] as const;
/** Rows read or written at a time: no lock is held for long. */
const CHUNK_ROWS = 5000;

/** Runs a piece of writing in a short transaction of its own. */
export type InTransaction = (write: () => Promise<void>) => Promise<void>;

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
async function articlesOf(db: Queries, release: number): Promise<Found[]> {
  const rows = await db.all<{ article: string; facts: string }>(
    'SELECT article, facts FROM article_text WHERE release = $1 ORDER BY article, language',
    release,
  );
  const names = new Map<string, DocumentName[]>();
  for (const { article, facts } of rows) {
    const { title, alsoCalled = [] } = JSON.parse(facts) as Omit<TextFacts, 'article' | 'language'>;
    names.set(article, [...(names.get(article) ?? []), ...namesOf(title, alsoCalled)]);
  }
  return [...names].map(([key, ofArticle]) => ({ system: null, key, names: ofArticle }));
}

/** The release's names of drugs: mapping rows lead from them to articles. */
async function drugNamesOf(db: Queries, release: number): Promise<Found[]> {
  const codes = await db.all<{ code: string }>(
    "SELECT DISTINCT code FROM mapping WHERE release = $1 AND system = 'drug-name' AND article <> '' ORDER BY code",
    release,
  );
  return codes.map(({ code }) => ({ system: 'drug-name', key: code, names: namesOf(code, []) }));
}

/** The release's concepts, a chunk at a time. */
async function* conceptsOf(db: Queries, release: number): AsyncGenerator<Found[]> {
  interface Row {
    readonly system: string;
    readonly code: string;
    readonly title: string;
    readonly names: string;
  }
  for (let last = { system: '', code: '' }; ;) {
    const rows = await db.all<Row>(
      `SELECT system, code, title, names FROM concept
       WHERE release = $1 AND (system, code) > ($2, $3) ORDER BY system, code LIMIT ${CHUNK_ROWS}`,
      ...[release, last.system, last.code],
    );
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

async function* documentsOf(db: Queries, release: number): AsyncGenerator<readonly Found[]> {
  yield* chunksOf([...(await articlesOf(db, release)), ...(await drugNamesOf(db, release))]);
  yield* conceptsOf(db, release);
}

async function writeTerms(
  db: Connection,
  release: number,
  terms: readonly IndexedTerm[],
  inTransaction: InTransaction,
): Promise<void> {
  for (const chunk of chunksOf(terms)) {
    const rows = chunk.map(({ id, term, word, documents, postings }) => {
      return [release, id, term, word, documents, postings];
    });
    await inTransaction(() => db.insert('search_term', rows));
  }
  for (const chunk of chunksOf(gramsOf(terms))) {
    const rows = chunk.map(({ gram, terms: ids }) => [release, gram, ids]);
    await inTransaction(() => db.insert('search_gram', rows));
  }
}

/** Whole releases whose index was made in another way, or not at all: imports of an older version of this program. */
const STALE = `SELECT id FROM release
  WHERE state = 'ready' AND id NOT IN (SELECT release FROM search_index WHERE version = ${INDEX_VERSION})`;

/** Indexes anew what is not indexed as this version of the program reads it. */
export async function refreshIndexes(db: Connection): Promise<void> {
  if ((await db.all(STALE)).length === 0) return;
  await db.transaction(async () => {
    for (const { id } of await db.all<{ id: number }>(STALE)) {
      for (const table of INDEX_TABLES) await db.run(`DELETE FROM ${table} WHERE release = $1`, id);
      await indexRelease(db, id, (write) => write());
    }
  });
}

/**
 * Builds the search index of a release whose rows are all there. The facts of the index come last: a release without them
 * is not searched.
 */
export async function indexRelease(db: Connection, release: number, inTransaction: InTransaction): Promise<void> {
  const builder = new TextIndexBuilder();
  let conceptsFrom = 0;
  for await (const chunk of documentsOf(db, release)) {
    const rows = chunk.map(({ system, key, names }) => {
      const row = [release, builder.documents, system, key];
      builder.add(names);
      if (system === null || system === 'drug-name') conceptsFrom = builder.documents;
      return row;
    });
    await inTransaction(() => db.insert('search_document', rows));
  }
  await writeTerms(db, release, builder.terms(), inTransaction);
  await inTransaction(() => db.insert('search_index', [[release, INDEX_VERSION, builder.documents, conceptsFrom]]));
}
