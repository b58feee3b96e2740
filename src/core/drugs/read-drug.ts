import type { DrugFacts } from './drug-facts.js';
import type { DrugLine } from './drug-line.js';
import { bindRoute } from './drug-candidates.js';
import { readDrugLine } from './drug-line.js';
import { MASS } from './drug-line-route.js';
import { isFrequency } from './drug-line-words.js';
import { toWordSet } from '../read-data-file.js';
import type { DrugNames } from './drug-names.js';
import { drugNameCandidates, findWholeNames, isCutOff } from './drug-name.js';

/** Reading of the strengths of a line: its route. */
export interface StrengthReading {
  /** The line with the one route that they tell; where they tell several, with the candidates alone that name the strength. */
  readonly line: DrugLine;
  readonly routes: readonly string[];
}

/** The candidates of a line with its strength: norethindrone 0.35 mg is for another use than 5 mg. */
const listOfStrength = ({ candidates, ingredients }: DrugLine, names: DrugNames): string[] => {
  const strengths = names.find(ingredients.join(' / '))?.strengths ?? [];
  return candidates.filter((candidate) => strengths.some((one) => candidate.endsWith(` ${one}`)));
};

const SYSTEMIC = ['oral', 'injection'];

/**
 * Of the routes of a strength those of the line's brand: Ozempic is injected, whatever other brand of semaglutide is swallowed. Of a mass
 * the most usual one, where the page of the brand's name is for it: Dilaudid 2 mg is a tablet.
 */
function narrowByBrand(routes: readonly string[], { brand, doses }: DrugLine, names: DrugNames): readonly string[] {
  const named = brand === undefined ? undefined : names.find(brand);
  const [usual] = routes;
  const isMass = doses.every((dose) => MASS.test(dose));
  if (usual !== undefined && isMass && named?.page?.includes(usual)) return [usual];
  const own = named?.routes ?? named?.page;
  const ofBrand = routes.filter((route) => own?.includes(route));
  // Qvar is inhaled, whatever else has its strength; of a brand that is swallowed or injected the tables may lack a form.
  const isElsewhere = own?.length === 1 && ofBrand.length === 0 && !SYSTEMIC.some((route) => routes.includes(route));
  return ofBrand.length > 0 ? ofBrand : isElsewhere ? own : routes;
}

/** A volume, and words for a liquid that is swallowed at home: `soln 100 mg/ml 2.5 ml bid`; what is injected states so. */
const VOLUME = /^[\d.]+ (?:mls?|cc)$/;
const LIQUIDS = toWordSet('soln sol solution solucion susp suspension liq liquid elixir conc concentrate');

/** Whether a line measures out a liquid several times a day. */
const isPouredOut = ({ strengths, rest }: DrugLine): boolean =>
  strengths.some((strength) => VOLUME.test(strength)) &&
  rest.some((word) => LIQUIDS.has(word)) &&
  rest.some((word) => isFrequency(word) || word === 'daily');

/**
 * The routes that a line's strengths tell, where it tells neither route nor form itself: ketorolac 10 mg is a tablet, brimonidine 0.2 % an
 * eye drop, furosemide 10 mg / ml is swallowed or injected. Undefined where they tell none.
 */
export function routeByStrength(line: DrugLine, { names, strengthRoutes }: DrugFacts): StrengthReading | undefined {
  const { ingredients, brand, route, forms, doses } = line;
  if (route.route !== undefined || route.isByMouth || forms.length > 0) return undefined;
  const name = ingredients.join(' / ');
  const possible = strengthRoutes.find(name, doses);
  if (possible === undefined) return undefined;
  const narrowed = narrowByBrand(possible, line, names);
  const routes = narrowed.includes('oral') && isPouredOut(line) ? ['oral'] : narrowed;
  const [only, ...others] = routes;
  const own = listOfStrength(line, names);
  if (only === undefined || others.length > 0) return { line: { ...line, candidates: own, names: [] }, routes };
  const stated = { route: only, isByMouth: only === 'oral' };
  const candidates = [...own, ...(brand === undefined ? [] : [brand]), name].flatMap((one) =>
    own.includes(one) ? [`${one} ${only}`, one] : bindRoute(one, stated, names),
  );
  return { line: { ...line, candidates, names: [], route: stated }, routes };
}

/** The names of a drug that has one route alone, with that route: its pages may all be under them. */
function bindOnlyRoute({ candidates, route, forms }: DrugLine, { names }: DrugFacts): string[] {
  if (route.route !== undefined || forms.length > 0) return [];
  return candidates.flatMap((name) => {
    const [only, ...others] = names.find(name)?.routes ?? [];
    return only === undefined || others.length > 0 ? [] : [`${name} ${only}`];
  });
}

/**
 * Whether a title without rows is nothing but an ingredient and a route that its page does not cover: vaginal progesterone; of an ingredient
 * without a page of its name alone, one of several routes.
 */
export function isForOtherRoute(title: string, { names }: DrugFacts): boolean {
  const line = readDrugLine(title, names);
  const route = line?.route.route;
  const { page, routes = [] } = names.find(line?.ingredients.join(' / ') ?? '') ?? {};
  return route !== undefined && (page ? !page.includes(route) : routes.length > 1);
}

/**
 * The names under which to look up a drug by the display that was sent with its code, the most specific first: the whole display,
 * so that a site's row for it wins, then those that the same text has as a typed line. A drug that no table has is looked up by what is left
 * without form and strength: a site may have rows for it.
 */
export function nameDrug(display: string, facts: DrugFacts | undefined): string[] {
  const read = facts && !isCutOff(display) ? readDrugLine(display, facts.names) : undefined;
  if (!facts || !read) return drugNameCandidates(display);
  const line = routeByStrength(read, facts)?.line ?? read;
  return [...new Set([...findWholeNames(display), ...line.candidates, ...bindOnlyRoute(line, facts)])];
}
