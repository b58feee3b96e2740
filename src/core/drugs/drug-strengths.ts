import { normalizeStrength } from './normalize-strength.js';

/** A dose of tablets may be half of one, or two. */
const TABLETS = [1, 0.5, 2];
const LIQUID = / \/ ml$/;
const SOLID = / mg$/;

/** The strengths in which drugs are sold, by the set of their ingredients. */
export class DrugStrengths {
  readonly #lists: ReadonlyMap<string, string>;

  /** @param lists strengths as `normalizeStrength` writes them, between bars; empty: none is known */
  constructor(lists: ReadonlyMap<string, string>) {
    this.#lists = lists;
  }

  /**
   * Whether one of some drugs is sold in one of some strengths; also where no strength can be compared.
   * @param isSolid the strength is a tablet's, and no amount of a liquid
   */
  fits(drugs: readonly string[], strengths: readonly string[], isSolid = false): boolean {
    return this.#isSome(
      drugs,
      strengths,
      (strength, known) => isSold(strength, known) || (!isSolid && isPoured(strength, known)),
    );
  }

  /**
   * The same of a misspelt brand, which only the very mass of a tablet confirms, or what one syringe or spoon of a liquid holds.
   * @param isSolid the line has a form of a solid
   */
  fitsBrand(drugs: readonly string[], strengths: readonly string[], isSolid: boolean): boolean {
    return this.#isSome(drugs, strengths, (strength, known) => {
      const isLiquid = !isSolid && !known.some((one) => SOLID.test(one));
      const isMass = SOLID.test(strength);
      if (isLiquid) return isMass ? isOneDose(strength, known) : isPoured(strength, known);
      return isMass && known.includes(strength);
    });
  }

  #isSome(
    drugs: readonly string[],
    strengths: readonly string[],
    isKnown: (strength: string, known: readonly string[]) => boolean,
  ): boolean {
    const stated = strengths.flatMap((one) => normalizeStrength(one) ?? []);
    if (this.#lists.size === 0 || stated.length === 0) return true;
    const lists = drugs.map((drug) => this.#lists.get(drug)?.split('|') ?? []);
    return lists.some((known) => stated.some((strength) => isKnown(strength, known)));
  }

  /** Whether a drug is known to be sold in one of some strengths, as one tablet, two or a half: an amount of a liquid is none. */
  isSoldIn(drug: string, strengths: readonly string[]): boolean {
    const known = this.#lists.get(drug)?.split('|') ?? [];
    return strengths.flatMap((one) => normalizeStrength(one) ?? []).some((strength) => isSold(strength, known));
  }
}

/** Whether a strength is one, two or half a one of the known. */
const isSold = (strength: string, known: readonly string[]): boolean => {
  const [number = '', ...unit] = strength.split(' ');
  return TABLETS.some((tablets) => known.includes([String(Number(number) / tablets), ...unit].join(' ')));
};

/** Millilitres of a liquid that are ordered at most by mass. */
const MOST_POURED = 30;

/** Whether a strength may be an amount of a liquid: any may be ordered, of a mass so much. */
function isPoured(strength: string, known: readonly string[]): boolean {
  const [number, ...unit] = strength.split(' ');
  const isWithin = (one: string): boolean =>
    !SOLID.test(strength) || !one.endsWith(' mg / ml') || Number(number) <= MOST_POURED * Number.parseFloat(one);
  return unit.length === 1 && unit[0] !== '%' && known.some((one) => LIQUID.test(one) && isWithin(one));
}

/** Millilitres of one dose of a liquid, at least and at most. */
const [LEAST_VOLUME, MOST_VOLUME] = [0.1, 20];

/** Whether a mass is that of a syringe or a spoon of a liquid. */
const isOneDose = (strength: string, known: readonly string[]): boolean =>
  known.some((one) => {
    const volume = Number.parseFloat(strength) / (one.endsWith(' mg / ml') ? Number.parseFloat(one) : NaN);
    return volume >= LEAST_VOLUME && volume <= MOST_VOLUME;
  });

/** Knows no strength. */
export const NO_STRENGTHS = new DrugStrengths(new Map());
