import { findTitle, withRoute, type RequestCoding } from '../answer/knowledge-request.js';
import type { Miss, MissReason } from '../answer/knowledge-response.js';
import { readDrugLine } from '../drugs/drug-line.js';
import { tellsForm } from '../drugs/other-drug.js';
import { nameDrug } from '../drugs/read-drug.js';
import type { Coding, Library } from '../model/library.js';
import { codeSystem } from './code-systems.js';

/** The library lookups for one coding: of its code, or of a drug's names. */
export interface Lookup {
  readonly coding: RequestCoding;
  /** The normalised code; undefined if missing or impossible. */
  readonly code: string | undefined;
  /** The most telling first. */
  readonly codings: readonly Coding[];
}

/**
 * The lookups of a drug's names; none for another coding. A drug's name sent in place of its code is looked up as a name. Names have the route
 * that a chart tells; what is swallowed is looked up by its name alone as well.
 * @param own the drug's name in its system, where it is looked up by that
 */
export function buildNameLookup({ coding, code }: Lookup, library: Library, own = ''): Lookup {
  const { system, route } = coding;
  const isDrug = system !== undefined && system !== 'drug-name' && codeSystem(system).kind === 'drug';
  const texts = isDrug ? [findTitle(coding), code === undefined ? coding.code : '', own] : [];
  const routed = texts.map((text) => withRoute(text, route));
  const read = [...new Set(route === 'oral' ? [...routed, ...texts] : routed)].filter((text) => text !== '');
  const names = read.flatMap((text) => nameDrug(text, library.status().drugFacts));
  return { coding, code, codings: names.map((name) => ({ system: 'drug-name', code: name })) };
}

/** RxNorm's name of a drug of which a chart tells the route, where neither that nor the title tells a form; undefined for any other. */
export function findOpenName({ coding, code }: Lookup, library: Library): string | undefined {
  const { system, route } = coding;
  if (route === undefined || system !== 'rxnorm' || code === undefined || tellsForm(findTitle(coding)))
    return undefined;
  const [concept] = library.findConcepts([{ system, code }]);
  return concept && !tellsForm(concept.title) ? concept.title : undefined;
}

/** Reason for no match of a drug's name alone: the drug is known and has no page, or none of its form; or the name is not known. */
export function findReasonOfName(coding: RequestCoding, library: Library): MissReason {
  const names = library.status().drugFacts?.names;
  const { ingredients = [], candidates = [] } = (names && readDrugLine(findTitle(coding), names)) ?? {};
  const isKnown = ingredients.length > 0 && ingredients.every((name) => names?.find(name) !== undefined);
  return isKnown && candidates.length > 0 ? 'drug-without-page' : 'drug-name-not-known';
}

/** Reason for no match of a drug by the route that a chart tells. */
export const OTHER_ROUTE: Miss = {
  reason: 'no-page-on-purpose',
  hint: undefined,
  note: 'the page of this drug is about another way of taking it than the chart tells',
};
