import type { CodeSystemId } from './code-systems.js';

export interface Coding {
  readonly system: CodeSystemId;
  readonly code: string;
}

/** A coding as one text, to tell codings apart in a map or a set. */
export const codingKey = ({ system, code }: Coding): string => `${system}|${code}`;

/** A code as the highest layer that holds it describes it. */
export interface Concept extends Coding {
  readonly title: string;
  /** The code above it; undefined at the top, or where the release does not say. */
  readonly parent: string | undefined;
  /** Whether it may stand on a bill, or is a heading; undefined where its system does not tell them apart. */
  readonly billable: boolean | undefined;
  /** False for a code that its system has retired. */
  readonly active: boolean;
  readonly names: readonly string[];
  /** Name of the release that describes it. */
  readonly release: string;
}
