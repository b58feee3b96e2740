import { RELEASES } from './drug-line-words.js';
import type { DrugNames, NamedDrug } from './drug-names.js';

const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter((text) => text !== ''))];

/** The brand of a product that is called by its strength or release: `bactrim ds`. */
const withoutRelease = (name: string): string | undefined =>
  RELEASES.has(name.split(' ').at(-1) ?? '') ? name.slice(0, name.lastIndexOf(' ')) : undefined;

/** A brand's product (`Advair Diskus`) as the brand that it is of, under its own name; `Depakote` is of what its salt is as well. */
export function asBrand(named: NamedDrug, names: DrugNames): NamedDrug {
  const ingredient = named.drugs.length === 0 ? withoutRelease(named.name) : named.drugs[0];
  const mayBe = named.kind === 'ingredient' || named.kind === 'brand';
  const brand = mayBe && named.drugs.length < 2 ? names.find(ingredient ?? '') : undefined;
  return brand?.kind === 'brand' ? { ...named, kind: 'brand', drugs: brand.drugs } : named;
}

/** The ingredients that a name stands for; several sets for a brand of several products. */
const listDrugSets = ({ name, kind, drugs }: NamedDrug): readonly string[] =>
  drugs.length === 0 && kind === 'ingredient' ? [name] : drugs;

const combine = (parts: readonly string[]): string =>
  unique(parts.flatMap((part) => part.split(' / ')))
    .sort()
    .join(' / ');

/** Drug that the names of a line tell: the whole set of ingredients, the brand, and the ingredient as the line calls it. */
export interface ToldDrug {
  readonly whole: string | undefined;
  readonly brand: NamedDrug | undefined;
  readonly own?: string;
}

/** A name by itself, a brand as a brand. */
export const ofName = (named: NamedDrug): ToldDrug => ({
  whole: named.kind === 'other' ? listDrugSets(named)[0] : named.name,
  brand: undefined,
});

/** Reads the drug that the names of a line tell; undefined where they contradict each other. */
export function readDrug(named: readonly NamedDrug[]): ToldDrug | undefined {
  const brands = named.filter(({ kind }) => kind === 'brand');
  const generic = named.filter(({ kind }) => kind !== 'brand');
  const combined = combine(generic.map((one) => listDrugSets(one)[0] ?? one.name));
  const [brand, ...others] = brands;
  const [only, ...more] = generic;
  const own = only?.kind === 'ingredient' && more.length === 0 ? { own: only.name } : {};
  if (!brand) return { whole: combined, brand: undefined, ...own };
  const sets = listDrugSets(brand);
  if (others.some((other) => !listDrugSets(other).some((set) => sets.includes(set)))) return undefined;
  if (combined === '') return { whole: sets.length === 1 ? sets[0] : undefined, brand };
  if (sets.length === 0 || sets.includes(combined)) return { whole: combined, brand };
  // `Percocet (oxycodone)` tells a part of it.
  const holding = sets.filter((set) => combined.split(' / ').every((part) => set.split(' / ').includes(part)));
  return holding.length === 1 ? { whole: holding[0], brand } : undefined;
}
