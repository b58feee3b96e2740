import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DrugFacts } from '../core/drugs/drug-facts.js';
import { DrugNames, type NamedDrug } from '../core/drugs/drug-names.js';
import { StrengthRoutes } from '../core/drugs/strength-routes.js';
import { mapSteps, type Steps } from '../core/give-way.js';
import { inOneStep, readInSteps, type Preparable } from '../core/read-once.js';
import { cellsOfLine, readLines, readTable } from './shipped-table.js';

/** For equal names, the first file's row applies. */
const FILES = ['other-names.csv', 'names.csv'];

const NOTHING: readonly string[] = [];

/** Thousands of names stay in memory: what has nothing shares one list, and none has room for more. */
const toList = (cell: string | undefined, divider: string): readonly string[] => (cell ? cell.split(divider) : NOTHING);

function toNamed(line: string): NamedDrug {
  const [name = '', kind, drugs, word, routes, page, strengths] = cellsOfLine(line);
  return {
    name,
    kind: kind as NamedDrug['kind'],
    drugs: toList(drugs, '|'),
    isWord: word === 'yes',
    routes: routes ? routes.split(' ') : undefined,
    page: page ? page.split(' ') : undefined,
    strengths: toList(strengths, '|'),
  };
}

/** Reads the names of drugs in `resources/drugs`. Takes some 100 ms: once per process. */
export function* readDrugNames(resourcesDir: string): Steps<DrugNames> {
  const folder = join(resourcesDir, 'drugs');
  const lines = FILES.flatMap((file) => readLines(join(folder, file)));
  const names = yield* mapSteps(lines, toNamed);
  const plainWords = readFileSync(join(folder, 'plain-words.txt'), 'utf8').split('\n').slice(0, -1);
  return yield* DrugNames.inSteps(names, plainWords);
}

/** Reads the strengths that imply a route; the columns are those of a row. */
function readStrengthRoutes(resourcesDir: string): StrengthRoutes {
  const rows = readTable<Record<'name' | 'strength' | 'routes', string>>(
    join(resourcesDir, 'drugs', 'strength-routes.csv'),
  );
  return new StrengthRoutes(rows.map((row) => ({ ...row, routes: row.routes.split(' ') })));
}

/** Cached folders, shared by the libraries and the words of one process. */
const opened = new Map<string, DrugFacts & Preparable>();

/** What is known of drugs, from `drugs/` of the resources: read when it is first needed, once per process. */
export function readDrugFacts(resourcesDir: string): DrugFacts & Preparable {
  const known = opened.get(resourcesDir);
  if (known) return known;
  const facts = readInSteps<DrugFacts>({
    names: () => readDrugNames(resourcesDir),
    strengthRoutes: () => inOneStep(() => readStrengthRoutes(resourcesDir)),
  });
  opened.set(resourcesDir, facts);
  return facts;
}
