import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DrugFacts } from '../core/drugs/drug-facts.js';
import { DrugNames, drugNameKey, type NamedDrug } from '../core/drugs/drug-names.js';
import { DrugStrengths } from '../core/drugs/drug-strengths.js';
import { StrengthRoutes } from '../core/drugs/strength-routes.js';
import { readOnce } from '../core/read-once.js';
import { getOrAdd } from '../core/remember.js';
import { toSortedWords } from '../core/sorted-lines.js';
import { cellsOfLine, readLines, readTable } from './shipped-table.js';

/** For equal names, the first file's row applies. */
const FILES = ['other-names.csv', 'names.csv'];

/** Makes a reader of lists: thousands of names stay in memory, and those that have the same share one. */
function createListReader(): (cell: string | undefined, divider: string) => readonly string[] {
  const lists = new Map<string, readonly string[]>([['', []]]);
  return (cell = '', divider) => getOrAdd(lists, cell, () => cell.split(divider));
}

function toNamed(line: string, toList: ReturnType<typeof createListReader>): NamedDrug {
  const [name = '', kind, drugs, word, routes, page, strengths] = cellsOfLine(line);
  return {
    name,
    kind: kind as NamedDrug['kind'],
    drugs: toList(drugs, '|'),
    isWord: word === 'yes',
    routes: routes ? toList(routes, ' ') : undefined,
    page: page ? toList(page, ' ') : undefined,
    strengths: toList(strengths, '|'),
  };
}

/** Reads the strengths of drugs; none where the file is not there, as where a tool builds it. */
function readStrengths(folder: string): DrugStrengths {
  const path = join(folder, 'strengths.csv');
  const lines = existsSync(path) ? readLines(path) : [];
  return new DrugStrengths(new Map(lines.map(cellsOfLine).map(([name = '', strengths = '']) => [name, strengths])));
}

/** Reads the names of drugs in `resources/drugs`. Takes some 100 ms: once per process. */
export function readDrugNames(resourcesDir: string): DrugNames {
  const folder = join(resourcesDir, 'drugs');
  const lines = FILES.flatMap((file) => readLines(join(folder, file)));
  const toList = createListReader();
  const names = lines.map((line) => toNamed(line, toList));
  const plainWords = toSortedWords(readFileSync(join(folder, 'plain-words.txt'), 'utf8'));
  return new DrugNames(names, plainWords, readStrengths(folder));
}

/** Reads the strengths that imply a route; the columns are those of a row. */
function readStrengthRoutes(resourcesDir: string): StrengthRoutes {
  const rows = readTable<Record<'name' | 'strength' | 'routes', string>>(
    join(resourcesDir, 'drugs', 'strength-routes.csv'),
  );
  return new StrengthRoutes(rows.map((row) => ({ ...row, routes: row.routes.split(' ') })));
}

/** Reads the ingredients of names that are in no other table; a file's line is an ingredient and all that name it. */
function readSameDrugs(resourcesDir: string): ReadonlyMap<string, string> {
  const rows = readTable<Record<'ingredient' | 'names', string>>(join(resourcesDir, 'drugs', 'same-drugs.csv'));
  return new Map(
    rows.flatMap(({ ingredient, names }) => names.split('|').map((name) => [drugNameKey(name), ingredient] as const)),
  );
}

/** Cached folders, shared by the libraries and the words of one process. */
const opened = new Map<string, DrugFacts>();

/** Facts on drugs, from `drugs/` of the resources: read when first needed, once per process. */
export function readDrugFacts(resourcesDir: string): DrugFacts {
  return getOrAdd(opened, resourcesDir, () =>
    readOnce<DrugFacts>({
      names: () => readDrugNames(resourcesDir),
      strengthRoutes: () => readStrengthRoutes(resourcesDir),
      sameDrugs: () => readSameDrugs(resourcesDir),
    }),
  );
}
