import type { Sensitivity } from './article.js';
import type { CodeSystemId } from './code-systems.js';
import type { Coding, Concept } from './concept.js';
import type { Relationship } from './knowledge-response.js';

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

/** A way from a code to the same thing in another code system, or another code of its own. */
export interface Crosswalk {
  readonly from: Coding;
  readonly to: Coding;
  /** What the target is to the code. */
  readonly relationship: Relationship;
}

/** Two code systems between which crosswalks lead. */
export interface CrosswalkPair {
  readonly from: CodeSystemId;
  readonly to: CodeSystemId;
}

/** Whole code systems and mapping files, for a terminology server. */
export interface TerminologyIndex {
  /** How many codes are described, of each code system of which any is. */
  countConcepts(): ReadonlyMap<CodeSystemId, number>;
  /** The concepts of a system in the order of their codes: those after a code, at most so many. */
  listConcepts(system: CodeSystemId, after: string, most: number): Concept[];
  /** The concepts right below a code, in the order of their codes. */
  findChildren(coding: Coding): Concept[];
  /** The mapping rows of a system, of each code's top layer, by code, rank and article: of the codes after one, at most so many. */
  listMappings(system: CodeSystemId, after: string, mostCodes: number): StatedMapping[];
  /** The pairs of code systems that have crosswalks. */
  listCrosswalkPairs(): CrosswalkPair[];
  /** The crosswalks of a pair of systems, by code and target: of the codes after one, at most so many. */
  listCrosswalks(pair: CrosswalkPair, after: string, mostCodes: number): Crosswalk[];
  /** The crosswalks that start at a code (`from`), or that lead to it (`to`). */
  findCrosswalks(coding: Coding, end: 'from' | 'to'): Crosswalk[];
}
