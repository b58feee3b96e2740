import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DrugNames, type NamedDrug } from '../core/drugs/drug-names.js';
import { mapSteps, type Steps } from '../core/give-way.js';
import { SortedLines } from '../core/sorted-lines.js';
import { cellsOfLine } from './cells-of-line.js';

/** For equal names, the first file's row applies. */
const FILES = ['other-names.csv', 'names.csv'];

const COLUMNS = { name: 0, kind: 1, drugs: 2, word: 3, routes: 4, page: 5, strengths: 6 };

const NOTHING: readonly string[] = [];

/** Reads a list; thousands of names stay in memory, and those that have the same share one. */
function createListReader(): (cell: string, divider: string) => readonly string[] {
  const lists = new Map([['', NOTHING]]);
  return (cell, divider) => {
    const list = lists.get(cell) ?? cell.split(divider);
    lists.set(cell, list);
    return list;
  };
}

function toNamed(line: string, readCell: ReturnType<typeof createListReader>): NamedDrug {
  const cells = cellsOfLine(line);
  const readList = (column: keyof typeof COLUMNS, divider: string): readonly string[] =>
    readCell(cells[COLUMNS[column]] ?? '', divider);
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
  const readCell = createListReader();
  const names = yield* mapSteps(rows, (row) => toNamed(row, readCell));
  return yield* DrugNames.inSteps(names, new SortedLines(readFileSync(join(folder, 'plain-words.txt'), 'utf8')));
}
