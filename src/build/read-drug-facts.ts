import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DrugFacts } from '../core/drugs/drug-facts.js';
import { StrengthRoutes } from '../core/drugs/strength-routes.js';
import { inOneStep, readInSteps, type Preparable } from '../core/read-once.js';
import { cellsOfLine } from './cells-of-line.js';
import { readDrugNames } from './read-drug-names.js';

/** Reads the strengths that imply a route; the columns are those of a row. */
function readStrengthRoutes(folder: string): StrengthRoutes {
  const lines = readFileSync(join(folder, 'strength-routes.csv'), 'utf8').split('\n').slice(1, -1);
  const rows = lines.map((line) => {
    const [name = '', strength = '', routes = ''] = cellsOfLine(line);
    return { name, strength, routes: routes.split(' ') };
  });
  return new StrengthRoutes(rows);
}

/** Cached folders, shared by the libraries and the words of one process. */
const opened = new Map<string, DrugFacts & Preparable>();

/** What is known of drugs, from `drugs/` of the resources: read when it is first needed, once per process. */
export function readDrugFacts(resourcesDir: string): DrugFacts & Preparable {
  const known = opened.get(resourcesDir);
  if (known) return known;
  const facts = readInSteps<DrugFacts>({
    names: () => readDrugNames(resourcesDir),
    strengthRoutes: () => inOneStep(() => readStrengthRoutes(join(resourcesDir, 'drugs'))),
  });
  opened.set(resourcesDir, facts);
  return facts;
}
