import type { DrugFacts } from './drug-facts.js';
import type { DrugLine } from './drug-line.js';
import { readDrugLine } from './drug-line.js';
import { drugNameCandidates, findWholeNames, isCutOff } from './drug-name.js';
import type { StrengthRoutes } from './strength-routes.js';

/**
 * The line with the route that its strengths tell, where it tells neither route nor form itself: ketorolac 10 mg is a tablet,
 * brimonidine 0.2 % an eye drop. Without candidates where they only tell that the page of the drug's name is for another route;
 * undefined where they tell none.
 */
export function routeByStrength(line: DrugLine, strengthRoutes: StrengthRoutes): DrugLine | undefined {
  const { ingredients, brand, route, forms, doses } = line;
  if (route.route !== undefined || route.isByMouth || forms.length > 0) return undefined;
  const name = ingredients.join(' / ');
  const strengthRoute = strengthRoutes.find(name, doses);
  if (strengthRoute === undefined) return undefined;
  const names = brand === undefined ? [name] : [brand, name];
  return {
    ...line,
    candidates: strengthRoute === '' ? [] : names.map((one) => `${one} ${strengthRoute}`),
    names: [],
    route: { route: strengthRoute, isByMouth: strengthRoute === 'oral' },
  };
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
 * The names under which to look up a drug by the display that was sent with its code, the most specific first: the whole display,
 * so that a site's row for it wins, then those that the same text has as a typed line. A drug that no table has is looked up by what is left
 * without form and strength: a site may have rows for it.
 */
export function nameDrug(display: string, facts: DrugFacts | undefined): string[] {
  const read = facts && !isCutOff(display) ? readDrugLine(display, facts.names) : undefined;
  if (!facts || !read) return drugNameCandidates(display);
  const line = routeByStrength(read, facts.strengthRoutes) ?? read;
  return [...new Set([...findWholeNames(display), ...line.candidates, ...bindOnlyRoute(line, facts)])];
}
