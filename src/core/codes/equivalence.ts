import type { Relationship } from '../answer/knowledge-response.js';

/**
 * R4's concept-map-equivalence as the target's relationship to the source; values that yield no relationship are left
 * out.
 */
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
