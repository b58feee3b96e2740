import { DrugNames } from './drug-names.js';
import { StrengthRoutes } from './strength-routes.js';

/** Facts on drugs beside the library: names, and the routes of strengths. */
export interface DrugFacts {
  readonly names: DrugNames;
  readonly strengthRoutes: StrengthRoutes;
  /** Ingredients of names that lead to no page, by `drugNameKey`: only to compare a title with its code. */
  readonly sameDrugs: ReadonlyMap<string, string>;
}

/** Knows no drug. */
export const NO_DRUG_FACTS: DrugFacts = {
  names: new DrugNames([]),
  strengthRoutes: new StrengthRoutes([]),
  sameDrugs: new Map(),
};
