import { drugNameKey } from './drug-names.js';

/** One strength of a drug that only one route has. */
export interface StrengthRouteRow {
  /** As `drug-name` rows write it. */
  readonly name: string;
  /** As `normalizeStrength` writes it. */
  readonly strength: string;
  /** In the words of `drug-terms.ts`; empty where several have it, and the page of the drug's name is for none of them. */
  readonly route: string;
}

/** Milligrams in a unit of mass. */
const MILLIGRAMS: Readonly<Record<string, number>> = {
  mg: 1,
  mgs: 1,
  mcg: 0.001,
  mcgs: 0.001,
  ug: 0.001,
  g: 1000,
  gm: 1000,
};
const STRENGTH = /^(\d*\.?\d+) ?(mgs?|mcgs?|ug|gm?|%)(?: ?\/ ?(\d*\.?\d+)? ?([a-z]+))?$/;
/** What a strength is measured by, as it is compared, of the words for it; a mass in a mass is in per cent. */
const DIVISORS: Readonly<Record<string, string>> = {
  ml: ' mg / ml',
  mls: ' mg / ml',
  mg: ' %',
  g: ' %',
  gm: ' %',
  gram: ' %',
  h: ' mg / hr',
  hr: ' mg / hr',
  hour: ' mg / hr',
  hora: ' mg / hr',
  act: ' mg / actuat',
  actuat: ' mg / actuat',
  actuation: ' mg / actuat',
  spray: ' mg / actuat',
  puff: ' mg / actuat',
};
/** Per cent of one milligram in a milligram. */
const PER_CENT = 100;

/** Digits that tell two strengths apart. */
const DIGITS = 6;
/** RxNorm rounds what a patch gives in an hour. */
const DIGITS_OF_RATE = 3;

/**
 * A strength as strengths are compared: `10 mg`, `2 mg / ml` (of `10 mg / 5 ml`), `0.2 %` (of `2 mg / g` as well), `0.00208 mg / hr` (of
 * `0.05 mg / 24 hr`), `0.05 mg / actuat`; mass in milligrams. Undefined where it is measured otherwise.
 */
export function normalizeStrength(text: string): string | undefined {
  const [, amount = '', unit = '', per = '1', divisor] = STRENGTH.exec(text.toLowerCase().trim()) ?? [];
  const measure = unit === '%' ? ' %' : ' mg';
  const divided = divisor === undefined ? measure : DIVISORS[divisor];
  if (amount === '' || divided === undefined || (unit === '%' && divisor !== undefined)) return undefined;
  const value = (Number(amount) * (MILLIGRAMS[unit] ?? 1)) / (Number(per) * (MILLIGRAMS[divisor ?? ''] ?? 1));
  const isMassInMass = divisor !== undefined && divided === ' %';
  const digits = divided.endsWith('hr') ? DIGITS_OF_RATE : DIGITS;
  if (!Number.isFinite(value)) return undefined;
  return `${Number((isMassInMass ? value * PER_CENT : value).toPrecision(digits))}${divided}`;
}

/** Which route a drug's strength tells, where RxNorm has that strength of it for one route alone. Built once, read only. */
export class StrengthRoutes {
  readonly #routes = new Map<string, string>();

  constructor(rows: Iterable<StrengthRouteRow>) {
    for (const { name, strength, route } of rows) this.#routes.set(`${drugNameKey(name)}|${strength}`, route);
  }

  /** The route that all of a line's strengths tell; undefined where one tells none, or they tell different ones. */
  find(name: string, strengths: readonly string[]): string | undefined {
    const stated = new Set(
      strengths.map((text) => this.#routes.get(`${drugNameKey(name)}|${normalizeStrength(text) ?? ''}`)),
    );
    const [route] = stated;
    return stated.size === 1 ? route : undefined;
  }
}
