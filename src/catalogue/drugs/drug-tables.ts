import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CodeSystemId } from '../../core/codes/code-systems.js';
import type { Relationship } from '../../core/answer/knowledge-response.js';
import { firstPlace } from '../../core/first-place.js';
import { readOnce } from '../../core/read-once.js';
import { cellsOfLine } from '../../build/shipped-table.js';

/** An article that a RxCUI leads to, the first ones first. */
export interface TablePage {
  readonly article: string;
  readonly relationship: Relationship;
}

/** The table's entry for a RxCUI: its pages, or why it has none. */
export interface TableEntry {
  readonly pages: readonly TablePage[];
  readonly note: string;
}

/** The table's entry for a package. */
export interface PackageEntry {
  readonly rxcui: string;
  /** Packages of the same product hold other ingredients: a title must agree. */
  readonly isMixed: boolean;
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

/** RxCUI → article. */
class PageTable {
  readonly #codes: Uint32Array;
  readonly #entries: Uint16Array;
  readonly #outcomes: readonly TableEntry[];

  /** @param lines `articles,note,codes`: the codes of an outcome, divided by blanks */
  constructor(lines: readonly string[]) {
    const outcomes = lines.map((line) => cellsOfLine(line));
    this.#outcomes = outcomes.map(([articles = '', note = '']) => toEntry(articles, note));
    // A code and its outcome in one number: sorted so, they take no objects.
    const placed = Float64Array.from(
      outcomes.flatMap(([, , codes = ''], outcome) =>
        codes.split(' ').map((code) => Number(code) * MOST_OUTCOMES + outcome),
      ),
    ).sort();
    this.#codes = Uint32Array.from(placed, (both) => Math.floor(both / MOST_OUTCOMES));
    this.#entries = Uint16Array.from(placed, (both) => both % MOST_OUTCOMES);
  }

  find(rxcui: string): TableEntry | undefined {
    const wanted = Number(rxcui);
    const place = firstPlace(this.#codes, (one) => one >= wanted);
    return this.#codes[place] === wanted ? this.#outcomes[this.#entries[place] ?? 0] : undefined;
  }
}

/** RxCUI → RxNorm's name. The names stay one buffer: as strings they would take several times as much. */
class NameTable {
  readonly #text: Buffer;
  readonly #codes: Uint32Array;
  /** Where each name begins; behind the last, where that ends. */
  readonly #starts: Uint32Array;

  /** @param bytes see tools/drug-tables/build-rxnorm.mjs */
  constructor(bytes: Buffer) {
    const [count = 0] = readColumn(bytes, 0, 1);
    this.#codes = readColumn(bytes, 4, count);
    this.#starts = readColumn(bytes, 4 + 4 * count, count + 1);
    this.#text = bytes.subarray(8 + 8 * count);
  }

  find(rxcui: string): string | undefined {
    const wanted = Number(rxcui);
    const place = firstPlace(this.#codes, (one) => one >= wanted);
    if (this.#codes[place] !== wanted) return undefined;
    return this.#text.toString('utf8', this.#starts[place], this.#starts[place + 1]);
  }
}

/** NDC → RxCUI. Its file is described in tools/drug-tables/build-ndc.mjs. */
class PackageTable {
  readonly #products: Uint32Array;
  readonly #drugs: Uint32Array;
  readonly #packages: Uint8Array;

  constructor(bytes: Buffer) {
    const count = bytes.length / PRODUCT_DIGITS;
    this.#products = readColumn(bytes, 0, count);
    this.#drugs = readColumn(bytes, 4 * count, count);
    this.#packages = bytes.subarray(8 * count);
  }

  /** @param ndc eleven digits */
  find(ndc: string): PackageEntry | undefined {
    const product = Number(ndc.slice(0, PRODUCT_DIGITS));
    const wanted = Number(ndc.slice(PRODUCT_DIGITS));
    for (
      let place = firstPlace(this.#products, (one) => one >= product);
      this.#products[place] === product;
      place += 1
    ) {
      const entry = this.#packages[place] ?? 0;
      if (entry % DIFFERENT !== wanted) continue;
      return { rxcui: String(this.#drugs[place]), isMixed: entry >= DIFFERENT };
    }
    return undefined;
  }
}

/** A table of the program's own, with the day (ISO 8601) of what it is made of. */
export interface TableFacts {
  readonly system: CodeSystemId;
  readonly date: string;
  readonly codes: number;
}

/** The days of the tables (ISO 8601), and how many codes each has. */
interface TablesRelease {
  readonly rxnorm: string;
  readonly drugs: number;
  readonly ndc: string;
  readonly packages: number;
}

/** The lookup tables of drugs that ship with the program: `resources/drugs`. Never changed; each is read when it is first needed. */
export class DrugTables {
  readonly #tables: { readonly pages: PageTable; readonly names: NameTable; readonly packages: PackageTable };
  readonly facts: readonly TableFacts[];

  private constructor(folder: string) {
    const read = (name: string): Buffer => readFileSync(join(folder, name));
    this.#tables = readOnce({
      pages: () => new PageTable(read('rxnorm-pages.csv').toString('utf8').trim().split('\n').slice(1)),
      names: () => new NameTable(gunzipSync(read('rxnorm-names.bin.gz'))),
      packages: () => new PackageTable(gunzipSync(read('ndc.bin.gz'))),
    });
    const { rxnorm, drugs, ndc, packages } = JSON.parse(read('release.json').toString('utf8')) as TablesRelease;
    this.facts = [
      { system: 'rxnorm', date: rxnorm, codes: drugs },
      { system: 'ndc', date: ndc, codes: packages },
    ];
  }

  /** Several libraries of a process (two releases that are compared) share the tables of a folder. */
  static readonly #opened = new Map<string, DrugTables>();

  /** The tables beside a folder of resources, read once a process; undefined where it has none. */
  static open(resourcesDir: string): DrugTables | undefined {
    const folder = join(resourcesDir, 'drugs');
    const opened = DrugTables.#opened.get(folder);
    if (opened || !existsSync(join(folder, 'rxnorm-pages.csv'))) return opened;
    const tables = new DrugTables(folder);
    DrugTables.#opened.set(folder, tables);
    return tables;
  }

  /** What is known of a RxCUI's page; undefined where nothing is. */
  findPages(rxcui: string): TableEntry | undefined {
    return this.#tables.pages.find(rxcui);
  }

  /** RxNorm's own name of a RxCUI. */
  findName(rxcui: string): string | undefined {
    return this.#tables.names.find(rxcui);
  }

  /** @param ndc eleven digits, as normalised */
  findPackage(ndc: string): PackageEntry | undefined {
    return this.#tables.packages.find(ndc);
  }
}
