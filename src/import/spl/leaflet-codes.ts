import type { DrugTables } from '../../catalogue/drugs/drug-tables.js';
import type { LeafletCode, NoLeafletReason } from '../../core/leaflets/leaflet.js';
import { normalizeIngredients } from '../../core/drugs/drug-name.js';
import { getOrAdd } from '../../core/remember.js';
import { readDrugProduct, sortIngredients, type DrugProduct } from './drug-product.js';
import type { Label, LabelProduct } from './label.js';

/** Facts of a label that choose its codes. */
interface Candidate extends Pick<Label, 'setId' | 'version' | 'effectiveOn' | 'maker' | 'isCopy'> {
  /** Its drug was approved by an application of its own, as the original maker's is. */
  readonly isOriginal: boolean;
  readonly hasLeaflet: boolean;
  readonly products: readonly Pick<LabelProduct, 'ndcs' | 'moieties' | 'form'>[];
  readonly isMarketed: boolean;
}

type LabelsByCode = Map<string, Set<Candidate>>;

/** True if a product is sold on a day. */
const isSold = ({ status, endsOn }: LabelProduct, today: string): boolean =>
  !/^(?:completed|cancelled)$/i.test(status) && !(endsOn !== undefined && endsOn <= today);

/** The better leaflet first: originals, then the newest; ids last, so that the order is always the same. */
const compare = (a: Candidate, b: Candidate): number =>
  Number(a.isCopy) - Number(b.isCopy) ||
  (a.effectiveOn === b.effectiveOn ? 0 : a.effectiveOn > b.effectiveOn ? -1 : 1) ||
  (a.setId < b.setId ? -1 : 1);

/** Lays lists of candidates one behind the other: originals of all, then copies of all. */
function join(lists: readonly (readonly Candidate[])[]): Candidate[] {
  const all = lists.flatMap((list) => [...list].sort(compare));
  return [...new Set([...all.filter(({ isCopy }) => !isCopy), ...all.filter(({ isCopy }) => isCopy)])];
}

/** True if RxNorm's drug and the label's product have the same number of ingredients; only a pack is a kit. */
function isSameDrug(
  { base, plain }: DrugProduct,
  { moieties, form }: Pick<LabelProduct, 'moieties' | 'form'>,
): boolean {
  if (/^kit$/i.test(form) || moieties.length === 0) return base.startsWith('{');
  const own = normalizeIngredients(moieties.join(' / '));
  return own === plain || moieties.length === plain.split(' / ').length;
}

/** All products of RxNorm, by what chooses among them. */
function indexProducts(tables: DrugTables) {
  const products = new Map<string, DrugProduct>();
  const byBase = new Map<string, DrugProduct[]>();
  const byPlain = new Map<string, DrugProduct[]>();
  const byBrand = new Map<string, DrugProduct[]>();
  /** RxCUIs of ingredients and brands, by name. */
  const others: (readonly [rxcui: string, name: string])[] = [];
  for (const [rxcui, name] of tables.listNames()) {
    const product = readDrugProduct(rxcui, name);
    if (!product) {
      if (!/[[({]/.test(name)) others.push([rxcui, name]);
      continue;
    }
    products.set(rxcui, product);
    getOrAdd(byBase, product.base, () => [] as DrugProduct[]).push(product);
    getOrAdd(byPlain, product.plain, () => [] as DrugProduct[]).push(product);
    if (product.brand !== '') getOrAdd(byBrand, product.brand.toLowerCase(), () => [] as DrugProduct[]).push(product);
  }
  return { products, byBase, byPlain, byBrand, others };
}

type Products = ReturnType<typeof indexProducts>;

const listBrands = (products: readonly DrugProduct[]): string[] => [
  ...new Set(products.flatMap(({ brand }) => (brand === '' ? [] : brand))),
];

/** True if the brands share strengths: those that share none are for different uses (Viagra and Revatio). */
function shareStrengths(products: readonly DrugProduct[]): boolean {
  const bases = listBrands(products).map((name) =>
    products.filter(({ brand }) => brand === name).map(({ base }) => base),
  );
  const [largest = []] = [...bases].sort((a, b) => b.length - a.length);
  return bases.every((own) => own.some((base) => largest.includes(base)));
}

/** Collects which leaflets a code has, and in which order. Call `rows` once all labels were added. */
export class LeafletCodes {
  readonly #labels = new Map<string, Candidate>();
  readonly #tables: DrugTables;

  constructor(tables: DrugTables) {
    this.#tables = tables;
  }

  /** @param today ISO 8601 day on which products must be sold */
  add(label: Label, today: string): void {
    const { setId, version, effectiveOn, maker, isCopy, sections } = label;
    const sold = label.products.filter((product) => isSold(product, today));
    const candidate: Candidate = {
      setId,
      version,
      effectiveOn,
      maker,
      isCopy,
      isOriginal: label.products.some(({ approval }) => /^(?:NDA|BLA)$/i.test(approval)),
      hasLeaflet: sections.length > 0,
      isMarketed: sold.length > 0,
      products: (sold.length > 0 ? sold : label.products).map(({ ndcs, moieties, form }) => ({ ndcs, moieties, form })),
    };
    // A copy: a part of a text keeps the whole label in memory.
    const copy = structuredClone(candidate);
    this.#labels.set(copy.setId, copy);
  }

  /** The version of a label that was added. */
  findVersion(setId: string): number | undefined {
    return this.#labels.get(setId)?.version;
  }

  /** True if a leaflet is shown for any of its codes. */
  isShown(setId: string): boolean {
    const label = this.#labels.get(setId);
    return label !== undefined && label.hasLeaflet && label.isMarketed;
  }

  *rows(): Generator<LeafletCode> {
    yield* this.#packageRows();
    const all = indexProducts(this.#tables);
    const labels = this.#labelsByDrug(all);
    const seen = new Set<string>();
    for (const product of all.products.values())
      yield* this.#write(product.rxcui, this.#findForDrug(product, all, labels), seen);
    for (const [rxcui, name] of all.others) yield* this.#write(rxcui, findForName(name, all, labels), seen);
  }

  /** Rows of packages: each has the leaflet of its own label. */
  *#packageRows(): Generator<LeafletCode> {
    const byNdc = new Map<string, Candidate[]>();
    for (const label of this.#labels.values())
      for (const { ndcs } of label.products)
        for (const ndc of ndcs) getOrAdd(byNdc, ndc, () => [] as Candidate[]).push(label);
    for (const [code, found] of byNdc) {
      const [label] = [...found].sort((a, b) => Number(b.isMarketed) - Number(a.isMarketed) || compare(a, b));
      if (!label) continue;
      const reason: NoLeafletReason | undefined = !label.isMarketed
        ? 'not-marketed'
        : label.hasLeaflet
          ? undefined
          : 'no-patient-section';
      const setId = reason === undefined ? label.setId : undefined;
      yield { system: 'ndc', code, rank: 1, setId, maker: label.maker, reason };
    }
  }

  /** Labels of each drug, by RxCUI: those with a package of it. */
  #labelsByDrug({ products }: Products): LabelsByCode {
    const labels: LabelsByCode = new Map();
    for (const label of this.#labels.values()) {
      if (!label.isMarketed) continue;
      for (const product of label.products) {
        for (const ndc of product.ndcs) {
          const found = this.#tables.findPackage(ndc);
          const drug = found && !found.isMixed ? products.get(found.rxcui) : undefined;
          if (drug && isSameDrug(drug, product)) getOrAdd(labels, drug.rxcui, () => new Set<Candidate>()).add(label);
        }
      }
    }
    return labels;
  }

  /** The leaflets of a drug: its brand's, else those of the same ingredients, strengths and form. */
  #findForDrug(product: DrugProduct, all: Products, labels: LabelsByCode): Found {
    const found = this.#findSameDrugs(product, all, labels);
    if (found.candidates.length > 0 || found.reason) return found;
    return { ...found, reason: findNearMiss(product, all, labels) };
  }

  #findSameDrugs(product: DrugProduct, { byBase }: Products, labels: LabelsByCode): Found {
    const same = byBase.get(product.base) ?? [];
    const of = (products: readonly DrugProduct[]): Candidate[] =>
      products.flatMap(({ rxcui }) => [...(labels.get(rxcui) ?? [])]);
    const generics = of(same.filter(({ brand }) => brand === ''));
    const brands = listBrands(same);
    const branded = of(same.filter(({ brand }) => brand !== ''));
    const others = [...generics, ...branded];
    if (product.brand !== '') {
      const own = of(same.filter(({ brand }) => brand === product.brand));
      // Another brand of the same drug may be for another use, and a generic may be that brand's.
      if (brands.length > 1 || isOwnProduct(product))
        return { candidates: join([own]), reason: others.length > own.length ? 'several-products' : undefined };
      return { candidates: join([own, generics]), reason: undefined };
    }
    // Devices of two makers are used in two ways.
    if (DEVICE.test(product.formGroup) && new Set(others.map(({ maker }) => maker)).size > 1) return AMBIGUOUS;
    if (brands.length === 1 && !(isOwnProduct(product) && generics.length > 0))
      return { candidates: join([branded, generics]), reason: undefined };
    return { candidates: join([generics]), reason: branded.length > 0 ? 'several-products' : undefined };
  }

  *#write(code: string, { candidates, reason }: Found, seen: Set<string>): Generator<LeafletCode> {
    if (seen.has(code)) return;
    const shown = candidates.filter(({ hasLeaflet }) => hasLeaflet);
    if (candidates.length === 0 && !reason) return;
    seen.add(code);
    if (shown.length === 0) {
      const why = candidates.length > 0 ? 'no-patient-section' : reason;
      yield { system: 'rxnorm', code, rank: 1, setId: undefined, maker: '', reason: why };
    }
    for (const [at, { setId, maker }] of shown.entries())
      yield { system: 'rxnorm', code, rank: at + 1, setId, maker, reason: undefined };
  }
}

interface Found {
  readonly candidates: readonly Candidate[];
  /** Why there is none, although labels of the drug are there. */
  readonly reason: NoLeafletReason | undefined;
}

const NONE: Found = { candidates: [], reason: undefined };
/** There are leaflets, but of products that must not be mixed up. */
const AMBIGUOUS: Found = { candidates: [], reason: 'several-products' };
/** Forms that a patient uses by the instructions of their maker alone. */
const DEVICE = /injector|inhal|metered dose|dry powder|prefilled|cartridge|system/;

/** True if a brand of the form is another product than its generics: a device, or an injection, whose solvents differ. */
const isOwnProduct = ({ formGroup }: DrugProduct): boolean => DEVICE.test(formGroup) || /inject/.test(formGroup);

/** Finds how the leaflets of the same ingredients differ from a drug; undefined if there are none. */
function findNearMiss(
  { plain, formGroup, salted }: DrugProduct,
  { byPlain }: Products,
  labels: LabelsByCode,
): NoLeafletReason | undefined {
  const others = (byPlain.get(plain) ?? []).filter(({ rxcui }) =>
    [...(labels.get(rxcui) ?? [])].some(({ hasLeaflet }) => hasLeaflet),
  );
  if (others.length === 0) return undefined;
  const ofForm = others.filter((other) => other.formGroup === formGroup);
  if (ofForm.length === 0) return 'other-form';
  return ofForm.some((other) => other.salted === salted) ? 'other-strength' : 'other-salt';
}

/** Leaflets of an ingredient, with or without its salt, or of a brand: those of all its forms, if there is no other salt or use. */
function findForName(name: string, { byPlain, byBrand }: Products, labels: LabelsByCode): Found {
  const brand = byBrand.get(name.toLowerCase());
  const sorted = sortIngredients(name);
  const ofPlain = byPlain.get(normalizeIngredients(name)) ?? [];
  const ofSalt = ofPlain.filter(({ salted }) => salted === sorted);
  const isPlain = ofPlain.some(({ plain }) => plain === sorted);
  const group = brand ?? (isPlain ? ofPlain : ofSalt);
  const found = group.filter(({ rxcui }) => labels.has(rxcui));
  if (found.length === 0) return NONE;
  if (new Set(group.map(({ salted }) => salted)).size > 1 || !shareStrengths(group)) return AMBIGUOUS;
  if (brand === undefined && group.some(({ formGroup }) => DEVICE.test(formGroup))) return AMBIGUOUS;
  const formGroups = new Set(group.map(({ formGroup }) => formGroup));
  const covered = new Map<Candidate, Set<string>>();
  for (const { rxcui, formGroup } of found)
    for (const label of labels.get(rxcui) ?? []) getOrAdd(covered, label, () => new Set<string>()).add(formGroup);
  const whole = [...covered].flatMap(([label, groups]) => (groups.size === formGroups.size ? label : []));
  const originals = whole.filter(({ isOriginal }) => isOriginal);
  const others = whole.filter(({ isOriginal }) => !isOriginal);
  const candidates = listBrands(group).length > 1 && brand === undefined ? join([others]) : join([originals, others]);
  return { candidates, reason: candidates.length === 0 ? 'several-products' : undefined };
}
