import type { Piece } from './drug-line-tokens.js';
import { FORM_WORDS, INJECTED_SALTS, SALT_WORDS, SWALLOWING } from './drug-line-words.js';
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
  actuation: ['nasal', 'inhalation', 'topical', 'spray'],
  system: ['transdermal', 'vaginal', 'intrauterine'],
  cream: ['vaginal', 'rectal', 'ophthalmic', 'otic', 'nasal', 'dental'],
};
/** Routes of products that are applied, and so not measured by the mass of a dose: `Voltaren 75 mg` is a tablet. */
const APPLIED = ['topical', 'ophthalmic', 'otic', 'dental'];

/** A strength in per cent; a mass in a mass is one as well: `7.5 mg / g`. */
export const PER_CENT = /%|\/ (?:mg|g|gm|gram)$/;
/** Whether a line measures in per cent: then it is no tablet. */
export const isPerCent = (pieces: readonly Piece[]): boolean =>
  pieces.some(({ kind, text }) => kind === 'strength' && PER_CENT.test(text));

/** Whether a page covers what is measured in per cent. */
export const coversPerCent = (page: readonly string[] | undefined): boolean =>
  page !== undefined &&
  (!page.includes('oral') || page.some((route) => [...OPEN_FORMS.percent, 'dental'].includes(route)));

/** Rate at which a drug runs: `5 mg / hr`, `20 mcg / kg / min`. */
const RATE = /\/ (?:h|hr|hour|hora|min|minute|minuto)$/;
/** A dose by the surface or weight of the body is swallowed or injected. */
const BY_BODY = /\/ (?:m2|kg)(?: \/ (?:dose|dosis|day|dia))?$/;
/** Units of one puff, and of a day of a patch or a ring. */
const BY_ACTUATION = /\/ (?:actuat|actuation|act|spray|puff)$/;
const BY_DAY = /\/ 24 (?:h|hr|hour|hora)$/;
const INJECTED: DrugRoute = { route: 'injection', isByMouth: false };
const SWALLOWED: DrugRoute = { route: 'oral', isByMouth: true };
const UNDER_TONGUE: DrugRoute = { route: 'sublingual', isByMouth: true };

/** Whether a line names a salt of the drug that is only injected: haloperidol decanoate. */
function isInjectedSalt(pieces: readonly Piece[]): boolean {
  const salts = pieces.flatMap(({ kind, text }) =>
    kind === 'salt' || kind === 'name' ? (SALT_WORDS.get(text) ?? text) : [],
  );
  return INJECTED_SALTS.some((salt) => ` ${salts.join(' ')} `.includes(` ${salt} `));
}

/** The route that follows from how a drug is measured or administered; undefined where none does. */
function readManner(pieces: readonly Piece[], routes: readonly string[]): DrugRoute | undefined {
  const isMeasured = (by: RegExp): boolean => pieces.some(({ kind, text }) => kind === 'strength' && by.test(text));
  // A patch has a rate as well.
  if (isMeasured(RATE)) {
    if (!routes.includes('transdermal')) return routes.includes('injection') ? INJECTED : undefined;
    return routes.includes('injection') ? undefined : findOnly(routes, OPEN_FORMS.system);
  }
  if (isMeasured(BY_DAY)) return findOnly(routes, OPEN_FORMS.system);
  if (isMeasured(BY_ACTUATION)) return findOnly(routes, OPEN_FORMS.actuation);
  if (isMeasured(BY_BODY)) return findOnly(routes, ['injection', 'oral']);
  if (routes.includes('injection') && isInjectedSalt(pieces)) return INJECTED;
  if (routes.includes('sublingual') && pieces.some(({ text }) => /^(?:tongue|lengua)$/.test(text))) return UNDER_TONGUE;
  const isSwallowed = pieces.some(({ kind, text }) => kind === 'sig' && SWALLOWING.has(text));
  return isSwallowed && routes.includes('oral') ? SWALLOWED : undefined;
}

const CARTRIDGE = /^cartridges?$/;

/** A mass by itself: `250 mg` may be a tablet's, `1 %` and `10 mg / ml` are not. */
export const MASS = /^[\d.,]+ (?:mg|mcg|ug|g|gm)$/;

/**
 * The one route by which a brand without a page of its own is sold, where its ingredient has pages for others: Cayston is inhaled, the
 * page of aztreonam is on the injection. Undefined where there is none.
 */
function findBrandRoute(pieces: readonly Piece[], [brand, ...drugs]: readonly NamedDrug[]): DrugRoute | undefined {
  const [route, ...others] = brand?.kind === 'brand' && brand.page === undefined ? (brand.routes ?? []) : [];
  if (route === undefined || others.length > 0) return undefined;
  const isMass = pieces.some(({ kind, text }) => kind === 'strength' && MASS.test(text));
  if (isMass && APPLIED.includes(route)) return undefined;
  const isElsewhere = drugs.some(({ page, routes = [] }) => (page ? !page.includes(route) : routes.length > 1));
  return isElsewhere ? { route, isByMouth: route === 'oral' } : undefined;
}

/**
 * The route of a line's form; per cent, drops and sprays without a site take the drug's own route.
 * @param known the brand and the ingredients, as far as they are known
 */
export function readRoute(pieces: readonly Piece[], known: readonly NamedDrug[]): DrugRoute {
  const [drug] = known;
  // Of a brand that is sold no longer only its page is known.
  const sold = drug?.routes ?? (drug?.kind === 'brand' ? drug.page : undefined);
  // Of a brand that is inhaled alone a cartridge is no syringe's: Afrezza.
  const isInjected = !(drug?.routes?.includes('inhalation') && !drug.routes.includes('injection'));
  const words = pieces.flatMap(({ kind, text }) => {
    const isForm = (kind === 'form' || kind === 'release') && (isInjected || !CARTRIDGE.test(text));
    return isForm ? (FORM_WORDS.get(text) ?? text) : [];
  });
  const stated = findDrugRoute(words.join(' '));
  if (stated.route === 'drops') {
    const among = OPEN_FORMS[words.includes('spray') ? 'spray' : 'drops'];
    const isDrunk = sold?.includes('oral') === true && !sold.some((route) => among.includes(route));
    return isDrunk ? SWALLOWED : (findOnly(sold, among) ?? stated);
  }
  // A cream without a site may be for another one than the skin.
  const isOpenCream = stated.route === 'topical' && words.every((word) => word === 'cream');
  if (isOpenCream && sold?.includes('topical') === false) return findOnly(sold, OPEN_FORMS.cream) ?? stated;
  if (stated.route !== undefined) return stated;
  // Slow or delayed release means oral, unless a form indicates another route.
  const isSwallowed = pieces.some(({ kind }) => kind === 'release') && drug?.routes?.includes('oral') === true;
  if (isSwallowed) return SWALLOWED;
  if (isPerCent(pieces)) return findOnly(sold, OPEN_FORMS.percent) ?? stated;
  const routes = known.find((one) => one.routes !== undefined)?.routes;
  return readManner(pieces, routes ?? []) ?? findBrandRoute(pieces, known) ?? stated;
}
