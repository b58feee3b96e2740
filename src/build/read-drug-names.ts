import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mapSteps, type Steps } from '../core/give-way.js';
import { DrugNames, type NamedDrug } from '../core/drugs/drug-names.js';
import { cellsOfLine } from './cells-of-line.js';

/** For equal names, the first file's row applies. */
const FILES = ['other-names.csv', 'names.csv'];

const COLUMNS = { name: 0, kind: 1, drugs: 2, word: 3, routes: 4, page: 5, strengths: 6 };

const NOTHING: readonly string[] = [];

function toNamed(line: string): NamedDrug {
  const cells = cellsOfLine(line);
  const readList = (column: keyof typeof COLUMNS, divider: string): readonly string[] => {
    const cell = cells[COLUMNS[column]] ?? '';
    // Thousands of names stay in memory: what has nothing shares one list, and none has room for more.
    return cell === '' ? NOTHING : cell.split(divider);
  };
  const [routes, page] = [readList('routes', ' '), readList('page', ' ')];
  return {
    name: cells[COLUMNS.name] ?? '',
    kind: cells[COLUMNS.kind] as NamedDrug['kind'],
    drugs: readList('drugs', '|'),
    isWord: cells[COLUMNS.word] === 'yes',
    routes: routes.length > 0 ? routes : undefined,
    page: page.length > 0 ? page : undefined,
    strengths: readList('strengths', '|'),
  };
}

const readLines = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** Reads the names of drugs in `resources/drugs`. Takes some 100 ms: once per process. */
export function* readDrugNames(resourcesDir: string): Steps<DrugNames> {
  const folder = join(resourcesDir, 'drugs');
  const rows = FILES.flatMap((file) => readLines(join(folder, file)).slice(1));
  const names = yield* mapSteps(rows, toNamed);
  return yield* DrugNames.inSteps(names, readLines(join(folder, 'plain-words.txt')));
}
