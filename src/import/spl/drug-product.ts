import { normalizeIngredients } from '../../core/drugs/drug-name.js';

/** A product by RxNorm's name of it: a clinical or branded drug, or a pack. */
export interface DrugProduct {
  readonly rxcui: string;
  /** Name without the brand, the same for all drugs of the same ingredients, strengths and form. */
  readonly base: string;
  /** Empty for a generic. */
  readonly brand: string;
  /** Ingredients with their salts, sorted, divided by ` / `. */
  readonly salted: string;
  /** Ingredients without their salts, sorted, divided by ` / `. */
  readonly plain: string;
  /** Group of forms that one leaflet covers: pills to swallow, their extended-release form, eye drops. */
  readonly formGroup: string;
}

const BRAND = / \[([^[\]]+)\]$/;
/** A strength as RxNorm writes it: `5 MG`, `0.5 MG/ML`, `1000 UNT`. */
const STRENGTH =
  /(?:^| )[\d.]+ (?:MG|MCG|G|UNT|MEQ|MMOL|MCI|ML|%|[A-Z]{2,5})(?:\/(?:ML|MG|HR|ACTUAT|SQCM|[A-Z]{2,6}))?(?= |$)/g;
const DURATION = /^(?:\d+ HR |\d+ ML |\d+ ACTUAT |[\d.]+ ML )+/;

export const sortIngredients = (name: string): string => name.toLowerCase().split(' / ').sort().join(' / ');

function findFormGroup(base: string): string {
  if (base.startsWith('{')) return 'pack';
  let end = 0;
  for (const match of base.matchAll(STRENGTH)) end = match.index + match[0].length;
  const form = base.slice(end).trim().toLowerCase();
  const release = /extended release|sustained release/.test(form)
    ? 'extended '
    : /delayed release/.test(form)
      ? 'delayed '
      : '';
  const isPill = /tablet|capsule|oral pellet/.test(form) && !/vaginal|buccal|sublingual|suspension/.test(form);
  return isPill ? `${release}pill` : form;
}

function findSalted(base: string): string {
  if (base.startsWith('{')) return base;
  const parts = base.replace(DURATION, '').split(' / ');
  return parts
    .map((part) => {
      const at = part.search(STRENGTH);
      return (at === -1 ? part : part.slice(0, at)).replace(DURATION, '').trim().toLowerCase();
    })
    .sort()
    .join(' / ');
}

/** Reads RxNorm's name of a product; undefined if it names an ingredient, a brand, a component or a group of forms. */
export function readDrugProduct(rxcui: string, name: string): DrugProduct | undefined {
  const brand = BRAND.exec(name)?.[1] ?? '';
  const base = name.replace(BRAND, '');
  const formGroup = findFormGroup(base);
  const isPack = base.startsWith('{');
  if (!isPack && (base.search(STRENGTH) === -1 || formGroup === '')) return undefined;
  return { rxcui, base, brand, salted: findSalted(base), plain: normalizeIngredients(base), formGroup };
}
