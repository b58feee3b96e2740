import { drugNameKey } from '../drugs/drug-names.js';

/** One strength of a drug that only one route has. */
export interface StrengthRouteRow {
  /** As `drug-name` rows write it. */
  readonly name: string;
  /** As `normalizeStrength` writes it. */
  readonly strength: string;
  /** In the words of `drug-terms.ts`. */
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
const STRENGTH = /^(\d*\.?\d+) ?(mgs?|mcgs?|ug|gm?|%)(?: ?\/ ?(\d*\.?\d+)? ?mls?)?$/;

/** Digits that tell two strengths apart. */
const DIGITS = 6;

/**
 * A strength as strengths are compared: `10 mg`, `2 mg / ml` (of `10 mg / 5 ml`), `0.2 %`; mass in milligrams. Undefined where it is
 * measured otherwise.
 */
export function normalizeStrength(text: string): string | undefined {
  const [, amount = '', unit = '', volume] = STRENGTH.exec(text.toLowerCase().trim()) ?? [];
  if (amount === '') return undefined;
  const isPerMl = text.includes('/');
  const rounded = (value: number): string => String(Number(value.toPrecision(DIGITS)));
  if (unit === '%') return isPerMl ? undefined : `${rounded(Number(amount))} %`;
  const milligrams = (Number(amount) * (MILLIGRAMS[unit] ?? 1)) / (isPerMl ? Number(volume ?? 1) : 1);
  return Number.isFinite(milligrams) ? `${rounded(milligrams)} mg${isPerMl ? ' / ml' : ''}` : undefined;
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
