import { selectRows } from '../answer/select-rows.js';
import type { DrugFacts } from '../drugs/drug-facts.js';
import { nameDrug } from '../drugs/read-drug.js';
import type { Library, MappingRecord } from '../model/library.js';
import { codeSystem, type CodeSystemId } from './code-systems.js';

/** What the pages of a drug are found by. */
export interface DrugPagesSource {
  readonly drugs: DrugFacts | undefined;
  readonly findMappings: Library['findMappings'];
}

/** The rows of the drug that a text names, by each of its names; none where it has several pages by route. */
export function findDrugRows(text: string, { drugs, findMappings }: DrugPagesSource): readonly MappingRecord[] {
  const codings = nameDrug(text, drugs).map((code) => ({ system: 'drug-name', code }) as const);
  return codings.length > 0 ? findMappings(codings) : [];
}

/** The pages of the drug that a title names, the first one first. */
export function findDrugPages(title: string, by: DrugPagesSource): string[] {
  const rows = findDrugRows(title, by);
  const first = Math.min(...rows.map(({ input }) => input));
  return (selectRows(rows.filter(({ input }) => input === first))?.rows ?? []).map(({ article }) => article);
}

export const isDrugCode = ({ system }: { readonly system: CodeSystemId | undefined }): boolean =>
  system !== undefined && codeSystem(system).kind === 'drug';
