import type { AgeGroup } from '../answer/age-group.js';
import { readDataFile } from '../read-data-file.js';
import type { CodeSystemId } from './code-systems.js';

interface AgeRow {
  readonly ages: readonly AgeGroup[];
  readonly codes: string;
}

/** The ages that titles state, by code prefix. */
const AGES: ReadonlyMap<string, ReadonlyMap<string, readonly AgeGroup[]>> = new Map(
  Object.entries(readDataFile('code-systems/ages.yaml') as Readonly<Record<CodeSystemId, readonly AgeRow[]>>).map(
    ([system, rows]) => [
      system,
      new Map(rows.flatMap(({ ages, codes }) => codes.split(' ').map((code) => [code, ages] as const))),
    ],
  ),
);

/** The age stated by the code's own title, used if the request states none; empty if the title states no age. */
export function ageInCode(system: CodeSystemId, code: string): readonly AgeGroup[] {
  const ages = AGES.get(system);
  for (let end = ages ? code.length : 0; end > 0; end -= 1) {
    const matching = ages?.get(code.slice(0, end));
    if (matching) return matching;
  }
  return [];
}
