import { findOwn } from '../find-own.js';

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
const STRENGTH =
  /^(\d+(?:\.\d+)?|\.\d+) ?(mgs?|mcgs?|ug|gm?|meq|unt|units?|iu|u|%)(?: ?\/ ?(\d+(?:\.\d+)?|\.\d+)? ?([a-z][a-z0-9]*))?$/;
/** Units that are counted as they are, and how they are compared. */
const COUNTED: Readonly<Record<string, string>> = {
  meq: 'meq',
  unt: 'unt',
  unit: 'unt',
  units: 'unt',
  iu: 'unt',
  u: 'unt',
};
/** Unit of a mass as it is compared, by the words for it; a mass in a mass is in per cent. */
const DIVISORS: Readonly<Record<string, string>> = {
  ml: ' / ml',
  mls: ' / ml',
  l: ' / ml',
  mg: ' %',
  g: ' %',
  gm: ' %',
  gram: ' %',
  h: ' / hr',
  hr: ' / hr',
  hour: ' / hr',
  hora: ' / hr',
  act: ' / actuat',
  actuat: ' / actuat',
  actuation: ' / actuat',
  spray: ' / actuat',
  puff: ' / actuat',
};
/** Milligrams and millilitres in what a strength is measured by. */
const PARTS: Readonly<Record<string, number>> = { g: 1000, gm: 1000, gram: 1000, l: 1000 };
/** Per cent of one milligram in a milligram. */
const PER_CENT = 100;

/** Digits that tell two strengths apart. */
const DIGITS = 6;
/** RxNorm rounds what a patch gives in an hour. */
const DIGITS_OF_RATE = 3;

/**
 * A strength as strengths are compared: `10 mg`, `2 mg / ml` (of `10 mg / 5 ml`), `0.2 %` (of `2 mg / g` as well), `0.00208 mg / hr` (of
 * `0.05 mg / 24 hr`), `0.05 mg / actuat`, `0.1 meq / ml`, `100 unt / ml`; mass in milligrams. Undefined where it is measured otherwise.
 */
export function normalizeStrength(text: string): string | undefined {
  const [, amount = '', unit = '', per = '1', divisor] = STRENGTH.exec(text.toLowerCase().trim()) ?? [];
  const divided = divisor === undefined ? '' : findOwn(DIVISORS, divisor);
  const counted = findOwn(COUNTED, unit);
  if (amount === '' || divided === undefined || (unit === '%' && divisor !== undefined)) return undefined;
  if (unit === '%') return `${round(Number(amount), DIGITS)} %`;
  const value =
    (Number(amount) * (findOwn(MILLIGRAMS, unit) ?? 1)) / (Number(per) * (findOwn(PARTS, divisor ?? '') ?? 1));
  if (!Number.isFinite(value)) return undefined;
  if (divided === ' %') return counted === undefined ? `${round(value * PER_CENT, DIGITS)} %` : undefined;
  return `${round(value, divided === ' / hr' ? DIGITS_OF_RATE : DIGITS)} ${counted ?? 'mg'}${divided}`;
}

const round = (value: number, digits: number): number => Number(value.toPrecision(digits));
