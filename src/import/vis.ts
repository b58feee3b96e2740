import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeCode } from '../core/codes/normalize-code.js';
import { getOrAdd } from '../core/remember.js';
import { readTable } from '../build/shipped-table.js';
import type { LibraryRows, MappingFacts } from '../build/source.js';
import type { ImportLog, ImportSetting, ImportSource, InputFile, RowPortions } from './import-source.js';
import { ImportError, findNewestDay } from './import-source.js';
import { isArticleId } from './read/article-id.js';
import { readXml } from './read/read-xml.js';

/** Twenty times what CDC has published since 1991. */
const MOST_RECORDS = 20_000;
/** The document element of each of CDC's three files, with what it lists. */
const ROOTS = {
  VISLookup: 'the statements and their editions',
  VISURL: "the statements' addresses",
  CVXVIS: 'the statements of each vaccine',
} as const;
type Root = keyof typeof ROOTS;

/** The statement for several of a child's first vaccines: an alternative to the statement of each. */
const CHILDS_FIRST = 'vis-childs-first';
const XML = /\.xml$/i;
const PAGE = /^https:\/\/www\.cdc\.gov\/(?:[\w-]+\/)*([\w-]+)\.html$/;
const DAY = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/** An element of a file: the texts of its children, and their addresses, by name in lower case. */
interface VisRecord {
  readonly label: string;
  readonly line: number;
  readonly cells: Map<string, string>;
}

/** A statement in force, or withdrawn where all its editions are historic. */
interface Statement {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly gdti: string;
  readonly editionOn: string;
  /** The bar code's text, with which CDC's list of vaccines names an edition. */
  readonly encoded: string;
}

const cell = ({ cells }: VisRecord, name: string): string => cells.get(name) ?? '';

/** Converts CDC's `1/31/2025` to an ISO 8601 day; empty if it is no day. */
function toDay(written: string): string {
  const [, month = '', day = '', year] = DAY.exec(written) ?? [];
  const text = year === undefined ? '' : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return Number.isNaN(Date.parse(text)) ? '' : text;
}

/** Reads a file of records; undefined if it is another of CDC's lists. @throws ImportError */
async function readRecords(file: InputFile): Promise<{ root: Root; records: VisRecord[] } | undefined> {
  const records: VisRecord[] = [];
  let root: Root | undefined;
  for await (const events of readXml(file)) {
    for (const event of events) {
      const [first = '', , child, deeper] = event.path.split('/');
      if (!Object.hasOwn(ROOTS, first)) return undefined;
      root = first as Root;
      if (deeper !== undefined) continue;
      if (event.kind === 'open' && event.path !== first && child === undefined) {
        if (records.length === MOST_RECORDS)
          throw new ImportError(`${file.label} has more than ${MOST_RECORDS} records`);
        records.push({ label: file.label, line: event.line, cells: new Map() });
      } else if (child !== undefined && event.kind !== 'close') {
        const text = event.kind === 'text' ? event.text : event.attributes['xlink:href'];
        if (text !== undefined) records.at(-1)?.cells.set(child.toLowerCase(), text.trim());
      }
    }
  }
  return root && { root, records };
}

/** The records of the three files, whatever the files' names. @throws ImportError if one is missing or there twice */
async function readFiles(files: readonly InputFile[], log: ImportLog): Promise<Record<Root, readonly VisRecord[]>> {
  const found = new Map<Root, readonly VisRecord[]>();
  for (const file of files.filter(({ name }) => XML.test(name))) {
    const read = await readRecords(file);
    if (!read) continue;
    if (found.has(read.root)) throw new ImportError(`two files list ${ROOTS[read.root]}: ${file.label}`);
    found.set(read.root, read.records);
    log.read(read.records.length);
  }
  const take = (root: Root): readonly VisRecord[] => {
    const records = found.get(root);
    if (records?.length) return records;
    throw new ImportError(`none of the files is CDC's XML of ${ROOTS[root]} (<${root}>)`);
  };
  return { VISLookup: take('VISLookup'), VISURL: take('VISURL'), CVXVIS: take('CVXVIS') };
}

/** The statements that ship, by id: their titles are those of the pages, where CDC's lists have names of its own. */
function readShipped({
  resourcesDir,
}: ImportSetting): ReadonlyMap<string, { title: string; url: string; gdti: string }> {
  const read = (name: string): Record<string, string>[] => {
    const path = join(resourcesDir, 'articles', name);
    return existsSync(path) ? readTable(path) : [];
  };
  const gdtis = new Map(read('vis.csv').map(({ id = '', gdti = '' }) => [id, gdti]));
  return new Map(
    read('vis.en.csv').map(({ id = '', title = '', url = '' }) => [id, { title, url, gdti: gdtis.get(id) ?? '' }]),
  );
}

type Shipped = ReturnType<typeof readShipped>;

/** Joins a statement in force with its address, or states what it lacks. */
function toStatement(record: VisRecord, pages: ReadonlyMap<string, string>, shipped: Shipped): Statement | string {
  const gdti = cell(record, 'vis_gdti_document_code');
  const name = cell(record, 'vis_document_type_description');
  const editionOn = toDay(cell(record, 'edition_date'));
  const url = pages.get(gdti) ?? '';
  const id = `vis-${PAGE.exec(url)?.[1]?.toLowerCase() ?? ''}`;
  if (name === '' || name.length > 300) return 'a statement without a name';
  if (editionOn === '') return `${name.slice(0, 80)}: no edition date`;
  if (!/^\d{13}$/.test(gdti)) return `${name.slice(0, 80)}: no document code (GDTI)`;
  if (!isArticleId(id)) return `${name.slice(0, 80)}: no page of www.cdc.gov`;
  return {
    id,
    title: shipped.get(id)?.title ?? name,
    url,
    gdti,
    editionOn,
    encoded: cell(record, 'vis_encoded_string'),
  };
}

/** The statements in force by id, of two editions the newer one. */
function readStatements(records: Record<Root, readonly VisRecord[]>, shipped: Shipped, log: ImportLog) {
  const pages = new Map(
    records.VISURL.map((record) => [cell(record, 'vis_gdti_document_conceptcode'), cell(record, 'vis_html_url')]),
  );
  const statements = new Map<string, Statement>();
  for (const record of records.VISLookup.filter((one) => cell(one, 'status') === 'Current')) {
    const statement = toStatement(record, pages, shipped);
    if (typeof statement === 'string') log.reject(record.label, record.line, statement);
    else if (statement.editionOn > (statements.get(statement.id)?.editionOn ?? ''))
      statements.set(statement.id, statement);
  }
  if (statements.size === 0)
    throw new ImportError('none of the statements is in force, with an edition and an address');
  return statements;
}

function toRows({ id, title, url, gdti, editionOn }: Statement): Partial<LibraryRows> {
  return {
    articles: [{ id, publisher: 'cdc', gdti, editionOn }],
    texts: [{ article: id, language: 'en', title, url, origin: 'imported' }],
  };
}

/** Shipped statements whose every edition is historic now: their pages are offered no longer. */
function withdraw(
  records: readonly VisRecord[],
  statements: ReadonlyMap<string, Statement>,
  shipped: Shipped,
  day: string,
) {
  const listed = new Set(records.map((record) => cell(record, 'vis_gdti_document_code')));
  const inForce = new Set([...statements.values()].map(({ gdti }) => gdti));
  const texts = [...shipped].flatMap(([article, { title, url, gdti }]) =>
    statements.has(article) || !listed.has(gdti) || inForce.has(gdti)
      ? []
      : [{ article, language: 'en' as const, title, url, linkCheck: { url, day, isGone: true } }],
  );
  return { texts };
}

/** Rows of a code: its one statement, or one for each part of a combined vaccine. */
function toMappings(code: string, line: number, named: readonly Statement[]): MappingFacts[] {
  const own = named.filter(({ id }) => id !== CHILDS_FIRST);
  const chosen = own.length === 0 ? named : own;
  const relationship = chosen.length === 1 ? 'equivalent' : 'narrower';
  const note = chosen.length === 1 ? '' : 'all parts present: one shot, a statement for each part';
  const common = { system: 'cvx', code, line, relationship, sensitivity: undefined, origin: 'imported', note } as const;
  return chosen.map(({ id }, index) => ({ ...common, article: id, rank: index + 1 }));
}

/** Rows of the vaccines that no other row answers: those were chosen by a person, with the pages beside the statement. */
function readMappings(
  records: readonly VisRecord[],
  statements: ReadonlyMap<string, Statement>,
  { isMapped }: ImportSetting,
  log: ImportLog,
): MappingFacts[] {
  const byEdition = new Map([...statements.values()].map((statement) => [statement.encoded, statement]));
  const named = new Map<string, { readonly line: number; readonly own: Set<Statement> }>();
  for (const record of records.filter((one) => cell(one, 'status') === 'Current')) {
    const statement = byEdition.get(cell(record, 'fully-encodedstring'));
    const code = normalizeCode('cvx', cell(record, 'cvxcode'));
    if (code === undefined || !statement)
      log.reject(record.label, record.line, code ? `CVX ${code}: no such edition in force` : 'no CVX code');
    else if (!isMapped({ system: 'cvx', code }))
      getOrAdd(named, code, () => ({ line: record.line, own: new Set<Statement>() })).own.add(statement);
  }
  return [...named].flatMap(([code, { line, own }]) => toMappings(code, line, [...own]));
}

async function* readVis(files: readonly InputFile[], log: ImportLog, setting: ImportSetting): RowPortions {
  const records = await readFiles(files, log);
  const shipped = readShipped(setting);
  const statements = readStatements(records, shipped, log);
  // The lists state no day of their own; the days in them are those of single editions.
  const date = findNewestDay(files.filter(({ name }) => XML.test(name)));
  log.release({ version: date, date, complete: [] });
  for (const statement of statements.values()) yield toRows(statement);
  yield withdraw(records.VISLookup, statements, shipped, date);
  yield { mappings: readMappings(records.CVXVIS, statements, setting, log) };
}

/**
 * CDC's Vaccine Information Statements: editions and addresses of those in force, and the statements of vaccines that nothing else answers.
 * @see https://www2a.cdc.gov/vaccines/iis/iisstandards/vaccines.asp?rpt=vis
 */
export const vis: ImportSource = {
  name: 'vis',
  description: "Vaccine Information Statements: CDC's XML of statements, addresses and vaccines, in one folder",
  read: readVis,
};
