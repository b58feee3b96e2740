import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ARTICLE_KINDS } from '../core/article.js';
import { isCodeSystemId } from '../core/code-systems.js';
import { createRowReader } from '../library/read-rows.js';
import { readSource } from '../library/read-source.js';
import type { LibraryRows } from '../library/source.js';
import { countRows } from '../library/source.js';
import type { ImportLog, ImportSource, InputFile } from './import-source.js';
import { ImportError, isBesideFiles, newestDayOf } from './import-source.js';
import { readText } from './read-text.js';

const FOLDERS = ['articles', 'mappings', 'crosswalks', 'code-systems', 'search'] as const;
type Folder = (typeof FOLDERS)[number];

/** Where each kind of file lies in a library's folder. */
const PLACES: Readonly<Record<Folder, string>> = {
  articles: 'articles',
  mappings: 'mappings',
  crosswalks: 'mappings/crosswalks',
  'code-systems': 'code-systems',
  search: 'search',
};

/** The folder that a file lies in or, where it came alone, that its name tells. */
function folderOf({ name, label }: InputFile): Folder {
  const parent = label.split('/').at(-2);
  const folder = FOLDERS.find((known) => known === parent);
  if (folder) return folder;
  const [first = '', second = ''] = name.split('.');
  if (first === 'publisher' || ARTICLE_KINDS.some((kind) => kind === first)) return 'articles';
  if (first === 'synonyms') return 'search';
  return isCodeSystemId(second) ? 'crosswalks' : 'mappings';
}

async function copyTo(path: string, file: InputFile): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  try {
    await pipeline(readText(file), createWriteStream(path));
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError(`${file.label} cannot be read to its end: ${(error as Error).message}`, { cause: error });
  }
}

/** Lays the files out as a library's folder: they may come from a zip, packed, or one alone. */
async function layOut(root: string, files: readonly InputFile[], log: ImportLog): Promise<void> {
  const taken = new Set<string>();
  const leaveOut = (file: InputFile, reason: string): void => {
    log.read(1);
    log.reject(file.label, 0, reason);
  };
  for (const file of files.filter(({ name }) => !isBesideFiles(name))) {
    if (!file.name.endsWith('.csv')) {
      leaveOut(file, 'no CSV file; handouts are served from LOCAL_LIBRARY');
      continue;
    }
    const path = join(PLACES[folderOf(file)], file.name);
    if (taken.has(path)) {
      leaveOut(file, `there is a ${path} already`);
      continue;
    }
    taken.add(path);
    await copyTo(join(root, path), file);
  }
  if (taken.size === 0) {
    const places = Object.values(PLACES).map((place) => `${place}/*.csv`);
    throw new ImportError(`none of the files is a library's CSV file (${places.join(', ')}, or one alone)`);
  }
}

async function* readFolder(
  files: readonly InputFile[],
  log: ImportLog,
  resourcesDir: string,
): AsyncGenerator<LibraryRows> {
  const root = mkdtempSync(join(tmpdir(), 'education-connect-'));
  try {
    await layOut(root, files, log);
    const folder = (kind: Folder): string => join(root, PLACES[kind]);
    const { complaints, ...rows } = readSource(
      {
        articlesDir: folder('articles'),
        mappingsDir: folder('mappings'),
        conceptsDir: folder('code-systems'),
        searchDir: folder('search'),
      },
      createRowReader(resourcesDir),
    );
    const day = newestDayOf(files);
    log.release({ version: day, date: day, complete: [] });
    log.read(countRows(rows) + complaints.length);
    for (const { file, line, reason } of complaints) log.reject(file, line, reason);
    yield rows;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** A site's own articles, mappings, crosswalks and code systems, written as `LOCAL_LIBRARY` and this project's own are. */
export const csv: ImportSource = {
  name: 'csv',
  description: "a site's own CSV files: a folder like LOCAL_LIBRARY, or one mapping file (icd-10-cm.csv)",
  read: (files, log, { resourcesDir }) => readFolder(files, log, resourcesDir),
};
