import type { Relationship } from './knowledge-response.js';

/** What the target is to the source, by R4's concept-map-equivalence; those that lead nowhere are left out. */
export const RELATIONSHIP_OF_EQUIVALENCE: ReadonlyMap<string, Relationship> = new Map([
  ['equal', 'equivalent'],
  ['equivalent', 'equivalent'],
  ['wider', 'broader'],
  ['subsumes', 'broader'],
  ['narrower', 'narrower'],
  ['specializes', 'narrower'],
  ['inexact', 'related'],
  ['relatedto', 'related'],
]);
