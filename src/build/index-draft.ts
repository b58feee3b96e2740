import { setImmediate } from 'node:timers/promises';
import type { ReleaseFacts } from '../catalogue/releases/release-facts.js';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import { TextIndexBuilder, gramsOf, namesOf, type DocumentName } from '../core/search/text-index.js';
import { SummaryWords } from '../core/search/summary-words.js';
import type { TextFacts } from './source.js';

/** Concepts per read. */
const CHUNK_ROWS = 2000;

/** A document to be indexed: an article (its system is null), a drug's name or a concept. */
interface Found {
  readonly system: string | null;
  readonly key: string;
  readonly names: readonly DocumentName[];
}

/** The indexed tables of a release that is being written. */
interface IndexedTables {
  all<Row>(sql: string, ...values: unknown[]): Row[];
  insert(rows: Iterable<[IndexTable, (string | number | Uint8Array | null)[]]>): Promise<void>;
}

/** Tables of a text index. */
type IndexTable = 'search_document' | 'search_term' | 'search_gram' | 'summary_document' | 'summary_term';

/** The articles, each with its names in all languages. */
function readArticles(draft: IndexedTables): Found[] {
  const rows = draft.all<{ article: string; facts: string }>(
    'SELECT article, facts FROM article_text ORDER BY article, language',
  );
  const names = new Map<string, DocumentName[]>();
  for (const { article, facts } of rows) {
    const { title, alsoCalled = [] } = JSON.parse(facts) as Omit<TextFacts, 'article' | 'language'>;
    names.set(article, [...(names.get(article) ?? []), ...namesOf(title, alsoCalled)]);
  }
  return [...names].map(([key, ofArticle]) => ({ system: null, key, names: ofArticle }));
}

/** Indexes the words of summaries. @returns how many there are */
export async function indexSummaries(draft: IndexedTables): Promise<number> {
  const rows = draft.all<{ article: string; language: string; html: string; day: string | null }>(
    `SELECT article, language, facts ->> '$.summaryHtml' AS html, facts ->> '$.summaryOn' AS day FROM article_text
     WHERE html IS NOT NULL ORDER BY article, language`,
  );
  const words = new SummaryWords();
  for (const { html } of rows) words.add(html);
  const documents = rows.map(({ article, language, day }, at) => [at, article, language, day]);
  await draft.insert(documents.map((row) => ['summary_document', row]));
  await draft.insert(words.terms().map(({ term, postings }) => ['summary_term', [term, postings]]));
  return words.summaries;
}

/** The names of drugs, whose mapping rows lead to articles. */
function readDrugNames(draft: IndexedTables): Found[] {
  const codes = draft.all<{ code: string }>(
    "SELECT DISTINCT code FROM mapping WHERE system = 'drug-name' AND article <> '' ORDER BY code",
  );
  return codes.map(({ code }) => ({ system: 'drug-name', key: code, names: namesOf(code, []) }));
}

/** The concepts, in chunks, but for those of the systems that are not searched. */
function* readConcepts(draft: IndexedTables, unsearched: readonly CodeSystemId[]): Generator<Found[]> {
  interface Row {
    readonly system: CodeSystemId;
    readonly code: string;
    readonly title: string;
    readonly names: string;
  }
  for (let last = { system: '', code: '' }; ;) {
    const rows = draft.all<Row>(
      `SELECT system, code, title, names FROM concept
       WHERE (system, code) > (?, ?) ORDER BY system, code LIMIT ${CHUNK_ROWS}`,
      ...[last.system, last.code],
    );
    const end = rows.at(-1);
    if (!end) return;
    const searched = rows.filter(({ system }) => !unsearched.includes(system));
    yield searched.map(({ system, code, title, names }) => ({
      system,
      key: code,
      names: namesOf(title, names === '[]' ? [] : (JSON.parse(names) as string[])),
    }));
    last = end;
  }
}

/** Builds a draft's text index. @param unsearched systems whose concepts are not in it */
export async function indexDraft(
  draft: IndexedTables,
  unsearched: readonly CodeSystemId[],
): Promise<Pick<ReleaseFacts, 'documents' | 'conceptsFrom' | 'summaries'>> {
  const builder = new TextIndexBuilder();
  let conceptsFrom = 0;
  const index = async (found: readonly Found[]): Promise<void> => {
    const numbered = found.map(({ system, key, names }) => {
      const document = builder.documents;
      builder.add(names);
      if (system === null || system === 'drug-name') conceptsFrom = builder.documents;
      return ['search_document', [document, system, key]] as ['search_document', (string | number | null)[]];
    });
    await draft.insert(numbered);
    await setImmediate();
  };
  await index([...readArticles(draft), ...readDrugNames(draft)]);
  for (const chunk of readConcepts(draft, unsearched)) await index(chunk);
  const terms = builder.terms();
  await draft.insert(
    terms.map(({ id, term, word, documents, postings }) => ['search_term', [id, term, word, documents, postings]]),
  );
  await draft.insert(gramsOf(terms).map(({ gram, terms: ids }) => ['search_gram', [gram, ids]]));
  return { documents: builder.documents, conceptsFrom, summaries: await indexSummaries(draft) };
}
