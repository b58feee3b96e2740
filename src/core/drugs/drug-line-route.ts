import type { Piece } from './drug-line-tokens.js';
import { FORM_WORDS, SWALLOWING } from './drug-line-words.js';
import type { DrugRoute } from './drug-name.js';
import { findDrugRoute } from './drug-name.js';
import type { NamedDrug } from './drug-names.js';

/** The only route outside the mouth by which a drug is sold, among some. */
function findOnly(routes: readonly string[] | undefined, among: readonly string[]): DrugRoute | undefined {
  const found = (routes ?? []).filter((route) => among.includes(route));
  return found.length === 1 ? { route: found[0], isByMouth: false } : undefined;
}

/** Possible routes of a form that leaves the route open: used if the drug is sold for exactly one of them. */
const OPEN_FORMS = {
  spray: ['nasal', 'spray'],
  drops: ['ophthalmic', 'otic', 'nasal'],
  percent: ['ophthalmic', 'otic', 'nasal', 'topical', 'vaginal', 'rectal'],
};

/** Whether a line measures in per cent: then it is no tablet. */
export const isPerCent = (pieces: readonly Piece[]): boolean =>
  pieces.some(({ kind, text }) => kind === 'strength' && text.includes('%'));

/** Whether a page covers what is measured in per cent. */
export const coversPerCent = (page: readonly string[] | undefined): boolean =>
  page !== undefined &&
  (!page.includes('oral') || page.some((route) => [...OPEN_FORMS.percent, 'dental'].includes(route)));

/** How fast a drug runs: `5 mg / hr`, `20 mcg / kg / min`. */
const RATE = /\/ (?:h|hr|hour|hora|min|minute|minuto)$/;
/** A dose by the surface of the body is swallowed or injected. */
const BY_SURFACE = /\/ m2$/;
const INJECTED: DrugRoute = { route: 'injection', isByMouth: false };
const SWALLOWED: DrugRoute = { route: 'oral', isByMouth: true };

/** The route that follows from how a drug is measured or administered; undefined where none does. */
function readManner(pieces: readonly Piece[], routes: readonly string[]): DrugRoute | undefined {
  const isRunning = pieces.some(({ kind, text }) => kind === 'strength' && RATE.test(text));
  // A patch has a rate as well.
  if (isRunning) return routes.includes('injection') && !routes.includes('transdermal') ? INJECTED : undefined;
  if (pieces.some(({ kind, text }) => kind === 'strength' && BY_SURFACE.test(text)))
    return findOnly(routes, ['injection', 'oral']);
  const isSwallowed = pieces.some(({ kind, text }) => kind === 'sig' && SWALLOWING.has(text));
  return isSwallowed && routes.includes('oral') ? SWALLOWED : undefined;
}

/** The route of a line's form; per cent, drops and sprays without a site take the drug's own route. */
export function readRoute(pieces: readonly Piece[], drug: NamedDrug | undefined): DrugRoute {
  const words = pieces.flatMap(({ kind, text }) =>
    kind === 'form' || kind === 'release' ? (FORM_WORDS.get(text) ?? text) : [],
  );
  const stated = findDrugRoute(words.join(' '));
  if (stated.route === 'drops') {
    const among = OPEN_FORMS[words.includes('spray') ? 'spray' : 'drops'];
    const isDrunk = drug?.routes?.includes('oral') === true && !drug.routes.some((route) => among.includes(route));
    return isDrunk ? SWALLOWED : (findOnly(drug?.routes, among) ?? stated);
  }
  if (stated.route !== undefined) return stated;
  // Slow or delayed release means oral, unless a form indicates another route.
  const isSwallowed = pieces.some(({ kind }) => kind === 'release') && drug?.routes?.includes('oral') === true;
  if (isSwallowed) return SWALLOWED;
  if (isPerCent(pieces)) return findOnly(drug?.routes, OPEN_FORMS.percent) ?? stated;
  return readManner(pieces, drug?.routes ?? []) ?? stated;
}
