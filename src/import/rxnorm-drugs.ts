import type { DrugRoute } from '../core/drugs/drug-name.js';
import { bindNames, drugNameCandidates, normalizeIngredients, findDrugRoute } from '../core/drugs/drug-name.js';
import type { Relationship } from '../core/answer/knowledge-response.js';
import type { Coding } from '../core/model/library.js';
import { getOrAdd } from '../core/remember.js';
import type { CrosswalkFacts } from '../build/source.js';

/**
 * The term types of drugs, each made of some of those before it: ingredients, then components, then drugs with a form,
 * generic and branded. A relationship between two of them leads from the later to the earlier.
 * @see https://www.nlm.nih.gov/research/umls/rxnorm/docs/appendix5.html
 */
const TERM_TYPES = [
  'IN',
  'PIN',
  'MIN',
  'SCDC',
  'SCDG',
  'SCDGP',
  'SCDF',
  'SCDFP',
  'SCD',
  'GPCK',
  'BN',
  'SBDC',
  'SBDG',
  'SBDFP',
  'SBDF',
  'SBD',
  'BPCK',
] as const;
export type TermType = (typeof TERM_TYPES)[number];

export const isTermType = (text: string): text is TermType => TERM_TYPES.some((known) => known === text);

/** The generic term type of a branded one. */
const GENERIC: Partial<Readonly<Record<TermType, TermType>>> = {
  SBDG: 'SCDG',
  SBDFP: 'SCDFP',
  SBDF: 'SCDF',
  SBD: 'SCD',
  BPCK: 'GPCK',
};
/** Whether a term type has a form in its name, which states its route. */
const isFormed = (type: TermType): boolean => /^S[CB]D(?!C)/.test(type);
/** Packs contain inert tablets. */
const INERT = /^inert ingredients?$/i;

/** A drug of RxNorm. */
export interface Drug {
  readonly code: string;
  readonly type: TermType;
  readonly title: string;
  readonly names: readonly string[];
}

/** A drug's ingredients or components, the drugs that it is a brand of, and the drugs with a form made of it. */
interface Relations {
  readonly parts: Set<Drug>;
  readonly products: Set<Drug>;
}

const findRank = ({ type }: Drug): number => TERM_TYPES.indexOf(type);
const toDrug = ({ code }: Drug): Coding => ({ system: 'rxnorm', code });
const toDrugs = (drug: Drug | undefined): Coding[] => (drug ? [toDrug(drug)] : []);
const toNames = (name: string | undefined): Coding[] =>
  name === undefined ? [] : [{ system: 'drug-name', code: name }];
const findOwnName = ({ title }: Drug): string | undefined => drugNameCandidates(title)[0];
const findRoute = ({ title }: Drug): DrugRoute => findDrugRoute(title.replace(/\[[^[\]]*\]/g, ' '));

/** RxNorm's drugs and their relationships; decides where to look for a drug's page if it has none itself. */
export class RxNormDrugs {
  readonly #drugs = new Map<string, Drug>();
  readonly #relations = new Map<Drug, Relations>();
  readonly #ingredients = new Map<Drug, readonly string[]>();
  readonly #boundNames = new Map<Drug, readonly string[]>();
  #combinations: ReadonlyMap<string, Drug> | undefined;
  #otherRoutes: ReadonlySet<string> | undefined;

  add(drug: Drug): void {
    this.#drugs.set(drug.code, drug);
  }

  get(code: string): Drug | undefined {
    return this.#drugs.get(code);
  }

  all(): Iterable<Drug> {
    return this.#drugs.values();
  }

  #findRelations(drug: Drug): Relations {
    return getOrAdd(this.#relations, drug, () => ({ parts: new Set(), products: new Set() }));
  }

  /** Relates two drugs. RxNorm has every relationship in both directions: the term types decide which end is which. */
  relate(one: string, other: string): void {
    const [a, b] = [this.#drugs.get(one), this.#drugs.get(other)];
    if (!a || !b || a.type === b.type) return;
    const [part, whole] = findRank(a) < findRank(b) ? [a, b] : [b, a];
    this.#findRelations(whole).parts.add(part);
    if (isFormed(whole.type)) this.#findRelations(part).products.add(whole);
  }

  #findParts(drug: Drug, ...types: readonly TermType[]): Drug[] {
    return [...this.#findRelations(drug).parts].filter(({ type }) => types.includes(type));
  }

  /** The codes of all of a drug's ingredients, sorted. A brand of several drugs does not have their ingredients. */
  #findIngredients(drug: Drug): readonly string[] {
    return getOrAdd(this.#ingredients, drug, () => {
      const parts = [...this.#findRelations(drug).parts].filter(({ type }) => type !== 'BN');
      const own = drug.type === 'IN' && !INERT.test(drug.title) ? [drug.code] : [];
      return [...new Set([...own, ...parts.flatMap((part) => this.#findIngredients(part))])].sort();
    });
  }

  #buildKey(drug: Drug): string {
    return this.#findIngredients(drug).join(' ');
  }

  /**
   * The whole ingredient set as one drug: the ingredient, or RxNorm's combination of exactly these; never one of
   * several.
   */
  #findWhole(drug: Drug): Drug | undefined {
    const [direct] = this.#findParts(drug, 'MIN');
    const ingredients = this.#findIngredients(drug);
    if (direct) {
      const parts = this.#findIngredients(direct).length;
      if (parts === 0 || parts === ingredients.length) return direct;
    }
    const [only = '', ...others] = ingredients;
    if (others.length === 0) return this.#drugs.get(only);
    this.#combinations ??= new Map(
      [...this.all()].filter(({ type }) => type === 'MIN').map((one) => [this.#buildKey(one), one]),
    );
    return this.#combinations.get(this.#buildKey(drug));
  }

  /** The drugs in a pack, without inert ones. */
  #findContents(drug: Drug): Drug[] {
    if (drug.type !== 'GPCK' && drug.type !== 'BPCK') return [];
    return this.#findParts(drug, 'SCD', 'SBD').filter((part) => this.#findIngredients(part).length > 0);
  }

  /** The generic drug of a branded one, or the only drug in a pack; undefined if there is none, or more than one. */
  #findGeneric(drug: Drug): Drug | undefined {
    const counterpart = GENERIC[drug.type];
    const [generic, ...others] = counterpart ? this.#findParts(drug, counterpart) : [];
    if (generic && others.length === 0) return generic;
    const [content, ...more] = this.#findContents(drug);
    return more.length === 0 ? content : undefined;
  }

  /**
   * The names under which a drug with a form is looked up: with its route, and the bare name if it is oral. None for a salt or a pack, whose
   * own name states no form.
   */
  #findBoundNames(drug: Drug): readonly string[] {
    if (!isFormed(drug.type)) return [];
    return getOrAdd(this.#boundNames, drug, () => bindNames(normalizeIngredients(drug.title), findRoute(drug)));
  }

  readonly #isByMouth = (drug: Drug): boolean => this.#findBoundNames(drug).length > 1;

  /** Whether drugs of the same ingredients also have non-oral forms: the bare name may mean one of these. */
  #hasOtherRoute(drug: Drug): boolean {
    this.#otherRoutes ??= new Set(
      [...this.all()].filter((one) => isFormed(one.type) && !this.#isByMouth(one)).map((one) => this.#buildKey(one)),
    );
    return this.#otherRoutes.has(this.#buildKey(drug));
  }

  /**
   * The targets of a brand or component, which has no form of its own: the name shared by all its drugs, and their
   * ingredients if these have no page for another form. The bare name means tablets: it stands for a brand only if one
   * of its drugs is oral, or none is known.
   */
  #findBehind(drug: Drug): { readonly name: string | undefined; readonly ingredients: Drug | undefined } {
    const products = [...this.#findRelations(drug).products];
    const byMouth = products.filter(this.#isByMouth);
    const whole = this.#findWhole(drug);
    if (products.length === 0 || (byMouth.length > 0 && byMouth.length < products.length)) {
      return { name: whole && findOwnName(whole), ingredients: whole };
    }
    const [name, ...others] = new Set(products.map((product) => this.#findBoundNames(product)[0]));
    const isClear = byMouth.length > 0 && !this.#hasOtherRoute(drug);
    return { name: others.length === 0 ? name : undefined, ingredients: isClear ? whole : undefined };
  }

  /**
   * The brand's name with a branded drug's route. A brand may have a page, or none on purpose, where its ingredient has
   * another (Hemangeol, Kesimpta). Empty if the brand also has drugs with other ingredients.
   */
  #findBrandName(drug: Drug): Coding[] {
    const contents = this.#findContents(drug);
    const holders = contents.length > 0 ? contents : [drug];
    const [brand, ...others] = new Set(holders.flatMap((holder) => this.#findParts(holder, 'BN')));
    const isItsOwn = brand && this.#buildKey(brand) === this.#buildKey(drug);
    const name = isItsOwn && others.length === 0 ? findOwnName(brand) : undefined;
    if (!brand || name === undefined) return [];
    const isAllByMouth = [...this.#findRelations(brand).products].every(this.#isByMouth);
    return toNames(isAllByMouth ? name : bindNames(name, findRoute(holders[0] ?? drug))[0]);
  }

  /** The next lookups for a drug with a form, or a pack of such drugs. */
  #findTargets(drug: Drug): Coding[] {
    const contents = this.#findContents(drug);
    const isByMouth = isFormed(drug.type) ? this.#isByMouth(drug) : contents.every(this.#isByMouth);
    const ingredients = isByMouth ? toDrugs(this.#findWhole(drug)) : [];
    const generic = this.#findGeneric(drug);
    if (!generic) return [...toNames(this.#findBoundNames(drug)[0]), ...ingredients];
    // So that a package, one crosswalk further away, still reaches the ingredients' name.
    const isNear = contents.length > 0 || !this.#hasOtherRoute(drug);
    return [...this.#findBrandName(drug), toDrug(generic), ...(isNear ? ingredients : [])];
  }

  /**
   * The next lookups for a drug. A non-oral drug leads only to the name with its route. An oral drug leads to the name
   * with its route, for drugs whose bare name means another form (`albuterol oral`), and to its ingredients; those lead
   * to their own name. A branded drug leads to its brand's name and its generic drug.
   */
  buildCrosswalks(drug: Drug): CrosswalkFacts[] {
    const lead = (from: Coding, to: readonly Coding[], relationship: Relationship = 'broader'): CrosswalkFacts[] =>
      to
        .filter(({ system, code }) => system !== from.system || code !== from.code)
        .map((target) => ({ from, to: target, relationship }));
    const from = toDrug(drug);
    const own = toNames(findOwnName(drug));
    switch (drug.type) {
      case 'IN':
      case 'MIN':
        return lead(from, own, 'equivalent');
      case 'BN': {
        const { name, ingredients } = this.#findBehind(drug);
        const behind = own.flatMap((brand) => lead(brand, toNames(name)));
        return [...lead(from, own, 'equivalent'), ...lead(from, toDrugs(ingredients)), ...behind];
      }
      case 'SCDC':
      case 'SBDC': {
        const { name, ingredients } = this.#findBehind(drug);
        return lead(from, ingredients ? toDrugs(ingredients) : toNames(name));
      }
      default: {
        const [name, bareName] = this.#findBoundNames(drug);
        const behind = toNames(name).flatMap((bound) => lead(bound, toNames(bareName)));
        return [...lead(from, this.#findTargets(drug)), ...behind];
      }
    }
  }
}
