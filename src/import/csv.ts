import { basename, dirname, join } from 'node:path';
import { ARTICLE_KINDS } from '../core/model/article.js';
import { isCodeSystemId } from '../core/codes/code-systems.js';
import { readSource } from '../build/read-source.js';
import { countRows, type LibraryRows, type LibrarySource, type MappingFacts } from '../build/source.js';
import { LIMITS } from '../limits.js';
import type { ImportLog, ImportSource, InputFile } from './import-source.js';
import { ImportError, isBesideFiles, findNewestDay } from './import-source.js';
import { readLines } from './read/read-lines.js';
import { readWhole } from './read/read-text.js';

/** Path of each kind of file in a library's folder. */
const PLACES = {
  articles: 'articles',
  mappings: 'mappings',
  crosswalks: 'mappings/crosswalks',
  'code-systems': 'code-systems',
  search: 'search',
} as const;
type Folder = keyof typeof PLACES;

/** The folder of a file, or, for a single file, the folder implied by its name. */
function findFolder({ name, label }: InputFile): Folder {
  const parent = label.split('/').at(-2) ?? '';
  if (Object.hasOwn(PLACES, parent)) return parent as Folder;
  const [first = '', second = ''] = name.split('.');
  if (first === 'publisher' || ARTICLE_KINDS.some((kind) => kind === first)) return 'articles';
  if (first === 'synonyms') return 'search';
  return isCodeSystemId(second) ? 'crosswalks' : 'mappings';
}

/**
 * Maps the files to their places in a library's folder. A file without a place, or whose place is occupied, is left out
 * and logged.
 */
function placeFiles(files: readonly InputFile[], log: ImportLog): ReadonlyMap<string, InputFile> {
  const placed = new Map<string, InputFile>();
  const reject = (file: InputFile, reason: string): void => {
    log.read(1);
    log.reject(file.label, 0, reason);
  };
  for (const file of files.filter(({ name }) => !isBesideFiles(name))) {
    if (!file.name.endsWith('.csv')) {
      reject(file, 'not a CSV file; handouts are served from LOCAL_LIBRARY');
      continue;
    }
    const path = join(PLACES[findFolder(file)], file.name);
    if (placed.has(path)) reject(file, `there is a ${path} already`);
    else placed.set(path, file);
  }
  if (placed.size === 0) {
    const places = Object.values(PLACES).map((place) => `${place}/*.csv`);
    throw new ImportError(`none of the files is a library's CSV file (${places.join(', ')}, or one alone)`);
  }
  return placed;
}

/** Lines of a file with its header before them, and the line number of the first line after the header. */
interface Portion {
  readonly text: string;
  readonly first: number;
}

/** Lines and characters of a portion: parsed rows need some ten times as much memory. */
const PORTION_LINES = 10_000;
const PORTION_CHARS = 2_000_000;

const hasOddQuotes = (line: string): boolean => line.split('"').length % 2 === 0;

/** Splits a file into portions of whole records, as long as its quotes are correct. */
async function* readPortions(file: InputFile): AsyncGenerator<Portion> {
  let heading: string | undefined;
  let [held, chars, isOpen, openLines, first] = [[] as string[], 0, false, 0, 2];
  // A site's editor may leave the last line without a line end.
  for await (const { lines } of readLines({ ...file, isForced: true })) {
    for (const line of lines) {
      if (heading === undefined) {
        heading = line;
        continue;
      }
      held.push(line);
      chars += line.length;
      if (hasOddQuotes(line)) isOpen = !isOpen;
      openLines = isOpen ? openLines + 1 : 0;
      const isWhole = !isOpen || openLines > LIMITS.importRecordLines || chars > 2 * PORTION_CHARS;
      if (!isWhole || (held.length < PORTION_LINES && chars < PORTION_CHARS)) continue;
      yield { text: [heading, ...held].join('\n'), first };
      first += held.length;
      [held, chars, isOpen, openLines] = [[], 0, false, 0];
    }
  }
  if (heading !== undefined) yield { text: [heading, ...held].join('\n'), first };
}

const FOLDERS = {
  articlesDir: PLACES.articles,
  mappingsDir: PLACES.mappings,
  conceptsDir: PLACES['code-systems'],
  searchDir: PLACES.search,
};

/** Reads a library's folder that contains only these files. */
type ReadFiles = (files: ReadonlyMap<string, string>) => LibrarySource;

const createReader =
  (resourcesDir: string): ReadFiles =>
  (files) =>
    readSource(FOLDERS, resourcesDir, undefined, {
      has: (path) => files.has(path),
      read: (path) => files.get(path) ?? '',
      list: (folder) => [...files.keys()].flatMap((path) => (dirname(path) === folder ? basename(path) : [])),
    });

/** Reads articles, their texts, links and publishers together, because they refer to each other. */
async function readArticles(placed: ReadonlyMap<string, InputFile>, read: ReadFiles): Promise<LibrarySource> {
  const texts = new Map<string, string>();
  let chars = 0;
  for (const [path, file] of placed) {
    if (dirname(path) !== PLACES.articles) continue;
    const text = await readWhole(file, LIMITS.importArticleChars - chars);
    chars += text.length;
    texts.set(path, text);
  }
  return read(texts);
}

/** Reads a file of independent rows portion by portion; line numbers are those of the file. */
async function* readRows(path: string, file: InputFile, read: ReadFiles): AsyncGenerator<LibrarySource> {
  const seen = new Set<string>();
  for await (const { text, first } of readPortions(file)) {
    const rows = read(new Map([[path, text]]));
    // Line 2 of the portion is the first after its header; line 0 is the file itself.
    const toFileLine = (line: number): number => (line < 2 ? line : line + first - 2);
    const complaints = rows.complaints.map((one) => ({ ...one, line: toFileLine(one.line) }));
    const mappings = rows.mappings.flatMap((row): MappingFacts[] => {
      const line = toFileLine(row.line);
      const key = `${row.code}|${row.article ?? ''}`;
      if (seen.has(key)) {
        complaints.push({ file: basename(path), line, reason: `${row.code} has this row already` });
        return [];
      }
      seen.add(key);
      return [{ ...row, line }];
    });
    yield { ...rows, mappings, complaints };
    // Stops at a file that is not of its kind.
    if (complaints.some(({ line }) => line === 0)) return;
  }
}

async function* readFolder(
  files: readonly InputFile[],
  log: ImportLog,
  resourcesDir: string,
): AsyncGenerator<LibraryRows> {
  let count = 0;
  const reportRows = ({ complaints, ...rows }: LibrarySource): LibraryRows => {
    count += countRows(rows) + complaints.length;
    if (count > LIMITS.importCsvRows) throw new ImportError(`it holds more than ${LIMITS.importCsvRows} rows`);
    log.read(countRows(rows) + complaints.length);
    for (const { file, line, reason } of complaints) log.reject(file, line, reason);
    return rows;
  };
  const placed = placeFiles(files, log);
  const read = createReader(resourcesDir);
  const articles = await readArticles(placed, read);
  const day = findNewestDay(files);
  log.release({ version: day, date: day, complete: [] });
  yield reportRows(articles);
  const others = [...placed].filter(([path]) => dirname(path) !== PLACES.articles);
  for (const [path, file] of others.sort(([a], [b]) => (a < b ? -1 : 1))) {
    for await (const rows of readRows(path, file, read)) yield reportRows(rows);
  }
}

/**
 * A site's own articles, mappings, crosswalks and code systems, in the format of `LOCAL_LIBRARY` and of this project's
 * own files.
 */
export const csv: ImportSource = {
  name: 'csv',
  description: "a site's own CSV files: a folder like LOCAL_LIBRARY, or one mapping file (icd-10-cm.csv)",
  read: (files, log, { resourcesDir }) => readFolder(files, log, resourcesDir),
};
