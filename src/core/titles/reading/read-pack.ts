import { readDrugLine } from '../../drugs/drug-line.js';
import type { DrugNames } from '../../drugs/drug-names.js';

/** A longer title is cut: a pack of it lacks parts. */
const MAX_CHARS = 1000;
/** Pages of a pack's drugs, at most. */
const MOST_PAGES = 4;

/** A pack of RxNorm, `{14 (amoxicillin 500 MG Oral Capsule) / 2 (…) } Pack [brand]`, what is between its parts, and how many a part has. */
const PACK = /^\{ ?(\d[^{}]*)\} ?pack\b/i;
const BETWEEN = / ?\/ (?=\d+ (?:\([^()]*\) ?)?\()/;
const COUNT = /^\d+ (?:\(\d[^()]*\) ?)?\(|\) ?$/g;
/** Parts without a drug, and the iron of a contraceptive's free week. */
const INERT = /\b(?:inert|placebo)\b/i;
const IRON = /^ferrous\b/i;

/** Lines of which each is read as a drug. */
type Lines = readonly string[];

/** True of a title that is written as a pack, even if it is cut off. */
export const isPack = (title: string): boolean => /^\{ ?\d/.test(title);

/** The parts of a pack that hold a drug, each once. Empty where the title is cut off. */
function listParts(title: string): Lines {
  const [, inside = ''] = title.length > MAX_CHARS ? [] : (PACK.exec(title) ?? []);
  const parts = inside.split(BETWEEN).map((part) => part.trim().replace(COUNT, ''));
  const active = parts.filter((part) => part !== '' && !INERT.test(part));
  const withoutIron = active.filter((part) => !IRON.test(part));
  return [...new Set(withoutIron.length > 0 ? withoutIron : active)];
}

/** The line of all ingredients in the one route that all parts have: `amoxicillin / clarithromycin oral`. */
function joinParts(parts: Lines, names: DrugNames): Lines {
  const drugs = parts.flatMap((part) => readDrugLine(part, names) ?? []);
  const routes = new Set(drugs.map(({ route }) => route.route ?? (route.isByMouth ? 'oral' : '')));
  const ingredients = [...new Set(drugs.map((drug) => drug.ingredients.join(' / ')))];
  const isKnown = drugs.length === parts.length && !ingredients.includes('');
  if (!isKnown || routes.size > 1) return [];
  // Several strengths of one drug.
  if (ingredients.length === 1) return parts.slice(0, 1);
  const all = [...new Set(drugs.flatMap((drug) => drug.ingredients))].sort();
  return [`${all.join(' / ')} ${[...routes].join('')}`.trim()];
}

/**
 * The pages of all drugs of a pack: of their combination in one route, else of each part. Empty where one has none, where there are
 * too many, and where a title is cut off.
 * @param read the pages of a line that is surely a drug
 */
export async function readPack<Page extends { readonly id: string }>(
  title: string,
  names: DrugNames,
  read: (line: string) => Promise<readonly Page[]>,
): Promise<readonly Page[]> {
  const parts = listParts(title);
  for (const line of joinParts(parts, names)) {
    const pages = await read(line);
    if (pages.length > 0) return pages;
  }
  const pages = new Map<string, Page>();
  for (const part of parts) {
    const ofPart = await read(part);
    if (ofPart.length === 0) return [];
    for (const page of ofPart) pages.set(page.id, page);
  }
  return pages.size > MOST_PAGES ? [] : [...pages.values()];
}
