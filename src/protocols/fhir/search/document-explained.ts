import { groupBy } from '../../../core/group-by.js';
import type { Match } from '../../../core/answer/knowledge-response.js';
import type { Explanation } from '../documents/explain.js';

/** What the core found for `explains`. */
export interface Explained {
  /** By article: its best match for each code that it explains, in the order in which they were asked. */
  readonly matches: ReadonlyMap<string, readonly Match[]>;
  /** Why there are none, to be read by a person. */
  readonly reason: string | undefined;
  /** A server that was to be asked did not answer in time. */
  readonly isProvisional: boolean;
}

const reasonsOf = (parts: readonly Pick<Explained, 'reason'>[]): string =>
  [...new Set(parts.flatMap(({ reason }) => reason ?? []))].join(', ');

/** What explains one code or another: the tokens between commas. */
export function explainsAny(explanations: readonly Explanation[]): Explained {
  const all = explanations.flatMap((explanation) => explanation.matches);
  const matches = groupBy(all, ({ article }) => article.id);
  return {
    matches,
    reason: matches.size > 0 ? undefined : reasonsOf(explanations),
    isProvisional: explanations.some(({ isProvisional }) => isProvisional),
  };
}

/** What explains one code of each: repetitions of the parameter. Undefined where it was not sent. */
export function explainsAll(all: readonly Explained[]): Explained | undefined {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return first;
  const matches = new Map<string, readonly Match[]>();
  for (const [article, ofFirst] of first.matches) {
    const others = rest.map((one) => one.matches.get(article));
    if (others.every((found) => found !== undefined)) matches.set(article, [...ofFirst, ...others.flat()]);
  }
  const reason = reasonsOf(all) || 'each code is explained by other articles';
  return {
    matches,
    reason: matches.size > 0 ? undefined : reason,
    isProvisional: all.some(({ isProvisional }) => isProvisional),
  };
}

/** The score of an article that explains several codes: that of its best match. */
export const bestScore = (matches: readonly Match[]): number => Math.max(0, ...matches.map(({ score }) => score));
