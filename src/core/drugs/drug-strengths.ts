import { normalizeStrength } from './normalize-strength.js';

/** A dose of tablets may be half of one, or two. */
const TABLETS = [1, 0.5, 2];
const LIQUID = / \/ ml$/;

/** The strengths in which drugs are sold, by the set of their ingredients. */
export class DrugStrengths {
  readonly #lists: ReadonlyMap<string, string>;

  /** @param lists strengths as `normalizeStrength` writes them, between bars; empty: none is known */
  constructor(lists: ReadonlyMap<string, string>) {
    this.#lists = lists;
  }

  /** Whether one of some drugs is sold in one of some strengths; also where no strength can be compared. */
  fits(drugs: readonly string[], strengths: readonly string[]): boolean {
    const stated = strengths.flatMap((one) => normalizeStrength(one) ?? []);
    if (this.#lists.size === 0 || stated.length === 0) return true;
    return drugs.some((drug) => {
      const known = this.#lists.get(drug)?.split('|') ?? [];
      return stated.some((strength) => isOneOf(strength, known));
    });
  }
}

function isOneOf(strength: string, known: readonly string[]): boolean {
  const [number = '', ...unit] = strength.split(' ');
  // Any amount of a liquid may be ordered.
  if (unit.length === 1 && unit[0] !== '%' && known.some((one) => LIQUID.test(one))) return true;
  return TABLETS.some((tablets) => known.includes([String(Number(number) / tablets), ...unit].join(' ')));
}

/** Knows no strength. */
export const NO_STRENGTHS = new DrugStrengths(new Map());
