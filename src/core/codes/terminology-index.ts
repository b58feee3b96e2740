import type { Sensitivity } from '../model/article.js';
import type { CodeSystemId } from './code-systems.js';
import type { Coding, Concept } from './concept.js';
import type { Relationship } from '../answer/knowledge-response.js';

/** A mapping row as its file states it. */
export interface StatedMapping extends Coding {
  /** Undefined in a `none` row. */
  readonly article: string | undefined;
  readonly relationship: Relationship | 'none';
  readonly rank: number;
  readonly sensitivity: Sensitivity | undefined;
  readonly origin: string;
  readonly note: string;
}

/** The most articles of a code, over all its rows. */
export const MOST_ARTICLES_OF_CODE = 6;

/** A link from a code to the same concept in another code system, or to another code of its own. */
export interface Crosswalk {
  readonly from: Coding;
  readonly to: Coding;
  /** The target's relationship to the code. */
  readonly relationship: Relationship;
}

/** Two code systems linked by crosswalks. */
export interface CrosswalkPair {
  readonly from: CodeSystemId;
  readonly to: CodeSystemId;
}

/** Complete code systems and mapping files, for terminology operations. */
export interface TerminologyIndex {
  /** The concepts of a system in the order of their codes: those after a code, up to a maximum. */
  listConcepts(system: CodeSystemId, after: string, most: number): Concept[];
  /** The concepts directly below a code, in the order of their codes. */
  findChildren(coding: Coding): Concept[];
  /** The children of each coding, then codes that begin with it, in order, up to a maximum for each; each code once. */
  findConceptsBelow(codings: readonly Coding[], most: number): Concept[];
  /**
   * The mapping rows of a system, of each code's top layer, by code, rank and article: those of the codes after one, up
   * to a maximum of codes.
   */
  listMappings(system: CodeSystemId, after: string, mostCodes: number): StatedMapping[];
  /**
   * The crosswalks of a pair of systems, by code and target: those of the codes after one, up to a maximum of codes.
   */
  listCrosswalks(pair: CrosswalkPair, after: string, mostCodes: number): Crosswalk[];
  /** The crosswalks that start at a code (`from`) or lead to it (`to`). */
  findCrosswalks(coding: Coding, end: 'from' | 'to'): Crosswalk[];
}
