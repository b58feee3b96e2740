import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { LibraryStatus } from '../../core/model/library.js';
import type { Relationship } from '../../core/answer/knowledge-response.js';
import { firstPlace } from '../../core/first-place.js';
import { readOnce } from '../../core/read-once.js';
import { getOrAdd } from '../../core/remember.js';
import { cellsOfLine, readLines } from '../../build/shipped-table.js';

/** The table's entry for a RxCUI: the articles that it leads to, the first ones first, or why it has none. */
export interface TableEntry {
  readonly pages: readonly { readonly article: string; readonly relationship: Relationship }[];
  readonly note: string;
}

/** The lookup tables of drugs that ship with the program: `resources/drugs`. Never changed; each is read when it is first needed. */
export interface DrugTables {
  /** The tables, with the day (ISO 8601) of what each is made of. */
  readonly facts: NonNullable<LibraryStatus['tables']>;
  /** Returns the known pages of a RxCUI; undefined where none is known. */
  readonly findPages: (rxcui: string) => TableEntry | undefined;
  /** RxNorm's own name of a RxCUI. */
  readonly findName: (rxcui: string) => string | undefined;
  /** All RxCUIs with RxNorm's names of them; for imports, which compare every name. */
  readonly listNames: () => Iterable<readonly [rxcui: string, name: string]>;
  /**
   * The RxCUI of a package; `isMixed`: packages of the same product hold other ingredients, so a title must agree.
   * @param ndc eleven digits, as normalised
   */
  readonly findPackage: (ndc: string) => { readonly rxcui: string; readonly isMixed: boolean } | undefined;
}

/** Packages of the same labeler and product hold different ingredients: added to the package's two digits. */
const DIFFERENT = 128;
const PRODUCT_DIGITS = 9;
/** More than there are different outcomes; what an entry's column can tell apart. */
const MOST_OUTCOMES = 65_536;

/** A column of a file: a view of its bytes, or a copy where they do not begin at a multiple of four. */
function readColumn(bytes: Buffer, from: number, count: number): Uint32Array {
  const start = bytes.byteOffset + from;
  if (start % 4 === 0) return new Uint32Array(bytes.buffer, start, count);
  return new Uint32Array(Uint8Array.prototype.slice.call(bytes, from, from + 4 * count).buffer);
}

function toEntry(articles: string, note: string): TableEntry {
  const pages = articles === 'none' ? [] : articles.split('|').map((page) => page.split(':'));
  return {
    pages: pages.map(([article = '', relationship]) => ({ article, relationship: relationship as Relationship })),
    note,
  };
}

/** RxCUI → article. @param lines `articles,note,codes`: the codes of an outcome, divided by blanks */
function readPages(lines: readonly string[]): DrugTables['findPages'] {
  const rows = lines.map(cellsOfLine);
  const outcomes = rows.map(([articles = '', note = '']) => toEntry(articles, note));
  // A code and its outcome in one number: sorted so, they take no objects.
  const placed = Float64Array.from(
    rows.flatMap(([, , codes = ''], outcome) => codes.split(' ').map((code) => Number(code) * MOST_OUTCOMES + outcome)),
  ).sort();
  const codes = Uint32Array.from(placed, (both) => Math.floor(both / MOST_OUTCOMES));
  const entries = Uint16Array.from(placed, (both) => both % MOST_OUTCOMES);
  return (rxcui) => {
    const wanted = Number(rxcui);
    const place = firstPlace(codes, (one) => one >= wanted);
    return codes[place] === wanted ? outcomes[entries[place] ?? 0] : undefined;
  };
}

/**
 * RxCUI → RxNorm's name. The names stay one buffer: as strings they would take several times as much.
 * @param bytes see tools/drug-tables/build-rxnorm.mjs
 */
function readNames(bytes: Buffer): DrugTables['findName'] {
  const [count = 0] = readColumn(bytes, 0, 1);
  const codes = readColumn(bytes, 4, count);
  /** Begin of each name; behind the last, its end. */
  const starts = readColumn(bytes, 4 + 4 * count, count + 1);
  const text = bytes.subarray(8 + 8 * count);
  return (rxcui) => {
    const wanted = Number(rxcui);
    const place = firstPlace(codes, (one) => one >= wanted);
    return codes[place] === wanted ? text.toString('utf8', starts[place], starts[place + 1]) : undefined;
  };
}

/** Lists the names of a file. @param bytes as above */
function* listNames(bytes: Buffer): Generator<readonly [rxcui: string, name: string]> {
  const [count = 0] = readColumn(bytes, 0, 1);
  const codes = readColumn(bytes, 4, count);
  const starts = readColumn(bytes, 4 + 4 * count, count + 1);
  const text = bytes.subarray(8 + 8 * count);
  for (const [at, code] of codes.entries()) yield [String(code), text.toString('utf8', starts[at], starts[at + 1])];
}

/** NDC → RxCUI. Its file is described in tools/drug-tables/build-ndc.mjs. */
function readPackages(bytes: Buffer): DrugTables['findPackage'] {
  const count = bytes.length / PRODUCT_DIGITS;
  const products = readColumn(bytes, 0, count);
  const drugs = readColumn(bytes, 4 * count, count);
  const packages = bytes.subarray(8 * count);
  return (ndc) => {
    const product = Number(ndc.slice(0, PRODUCT_DIGITS));
    const wanted = Number(ndc.slice(PRODUCT_DIGITS));
    for (let place = firstPlace(products, (one) => one >= product); products[place] === product; place += 1) {
      const entry = packages[place] ?? 0;
      if (entry % DIFFERENT !== wanted) continue;
      return { rxcui: String(drugs[place]), isMixed: entry >= DIFFERENT };
    }
    return undefined;
  };
}

function readTableFacts(path: string): DrugTables['facts'] {
  type Release = Record<'rxnorm' | 'ndc', string> & Record<'drugs' | 'packages', number>;
  const { rxnorm, ndc, drugs, packages } = JSON.parse(readFileSync(path, 'utf8')) as Release;
  return [
    { system: 'rxnorm', date: rxnorm, codes: drugs },
    { system: 'ndc', date: ndc, codes: packages },
  ];
}

/** Several libraries of a process (two releases that are compared) share the tables of a folder. */
const opened = new Map<string, DrugTables>();

/** The tables beside a folder of resources, read once a process; undefined where it has none. */
export function openDrugTables(resourcesDir: string): DrugTables | undefined {
  const folder = join(resourcesDir, 'drugs');
  if (!existsSync(join(folder, 'rxnorm-pages.csv'))) return undefined;
  return getOrAdd(opened, folder, () =>
    readOnce<DrugTables>({
      findPages: () => readPages(readLines(join(folder, 'rxnorm-pages.csv'))),
      findName: () => readNames(gunzipSync(readFileSync(join(folder, 'rxnorm-names.bin.gz')))),
      listNames: () => () => listNames(gunzipSync(readFileSync(join(folder, 'rxnorm-names.bin.gz')))),
      findPackage: () => readPackages(gunzipSync(readFileSync(join(folder, 'ndc.bin.gz')))),
      facts: () => readTableFacts(join(folder, 'release.json')),
    }),
  );
}
