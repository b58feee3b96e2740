import type { CodeSystemId } from './code-systems.js';

export interface Coding {
  readonly system: CodeSystemId;
  readonly code: string;
}

/** A coding as one string, for use as a key in a Map or Set. */
export const codingKey = ({ system, code }: Coding): string => `${system}|${code}`;

/** The coding of a key that `codingKey` made. */
export function readCodingKey(key: string): Coding {
  const end = key.indexOf('|');
  return { system: key.slice(0, end) as CodeSystemId, code: key.slice(end + 1) };
}

/** A code as described by the highest layer that holds it. */
export interface Concept extends Coding {
  readonly title: string;
  /** The code above it; undefined at the top, or if the release does not state it. */
  readonly parent: string | undefined;
  /** Whether it is billable or a heading; undefined if its system does not distinguish them. */
  readonly billable: boolean | undefined;
  /** False for a code that its system has retired. */
  readonly active: boolean;
  readonly names: readonly string[];
  /** Name of the release that describes it. */
  readonly release: string;
}

/** All names of a concept, its title first. */
export const listConceptNames = ({ title, names }: Concept): string[] => [title, ...names];
