import { selectRows } from './resolve-coding.js';
import { nameKey } from '../titles/title-words.js';
import type { DrugFacts } from '../drugs/drug-facts.js';
import { namesSameDrug, tellsForm } from '../drugs/other-drug.js';
import { isForOtherRoute, nameDrug } from '../drugs/read-drug.js';
import type { Article } from '../model/article.js';
import type { Library, MappingRecord } from '../model/library.js';
import { codeSystem, type CodeSystemId } from './code-systems.js';
import type { Concept } from './concept.js';

/** Sources by which the pages of a drug are found. */
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

/** Whether a title names the drug that a code is in a form that another page is for: ketorolac tablets at the code of its eye drops. */
export function namesOtherForm(
  title: string,
  own: readonly Concept[],
  pages: readonly Article[],
  by: DrugPagesSource,
): boolean {
  const { drugs } = by;
  if (!drugs || !tellsForm(title)) return false;
  const names = own.filter(({ system }) => system !== 'drug-name').map((concept) => concept.title);
  const isOwnName = names.some((name) => nameKey(name) === nameKey(title));
  if (isOwnName || !names.some((name) => namesSameDrug(title, name, drugs))) return false;
  const ofTitle = findDrugPages(title, by);
  // A row may state that the form has no page: furosemide that is injected.
  const isStated = findDrugRows(title, by).length > 0 || isForOtherRoute(title, drugs);
  return isStated && !pages.some(({ id }) => ofTitle.includes(id));
}
