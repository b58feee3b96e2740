import { drugNameKey } from './drug-names.js';
import { normalizeStrength } from './normalize-strength.js';

/** A strength of a drug for which the page of the drug's name is no safe answer. */
export interface StrengthRouteRow {
  /** As `drug-name` rows write it. */
  readonly name: string;
  /** As `normalizeStrength` writes it; without a number for all others of its measure. */
  readonly strength: string;
  /** The routes that have it, in the words of `drug-terms.ts`, the most usual first. */
  readonly routes: readonly string[];
}

/** Amount of a liquid, which describes nothing of the drug. */
const VOLUME = /^[\d.,]+ (?:mls?|l|cc)$/;

/** Which routes a drug's strength tells, where the page of its name alone is no safe answer. Built once, read only. */
export class StrengthRoutes {
  readonly #routes = new Map<string, readonly string[]>();

  constructor(rows: Iterable<StrengthRouteRow>) {
    for (const { name, strength, routes } of rows) this.#routes.set(`${drugNameKey(name)}|${strength}`, routes);
  }

  /** The routes of a strength: its own, else those of its measure (`mg / ml`). */
  #findOne(key: string, text: string): readonly string[] | undefined {
    const strength = normalizeStrength(text) ?? '';
    const [number = ''] = strength.split(' ');
    return this.#routes.get(`${key}|${strength}`) ?? this.#routes.get(`${key}|${strength.slice(number.length + 1)}`);
  }

  /** The routes that all of a line's strengths tell; undefined where one tells none, or they tell different ones. */
  find(name: string, strengths: readonly string[]): readonly string[] | undefined {
    const key = drugNameKey(name);
    const measured = strengths.filter((text) => !VOLUME.test(text));
    const [first, ...others] = measured.map((text) => this.#findOne(key, text));
    if (first === undefined) return undefined;
    return others.every((routes) => routes?.join() === first.join()) ? first : undefined;
  }
}
