import { answerRequest } from '../../../core/answer/answer.js';
import { findCodeSystem } from '../../../core/codes/code-systems.js';
import type { TerminologySource } from '../../../core/answer/terminology-source.js';
import { ANYONE, type RequestCoding } from '../../../core/answer/knowledge-request.js';
import type { Answer, Match } from '../../../core/answer/knowledge-response.js';
import type { Library } from '../../../core/model/library.js';
import type { Translate } from '../../../texts.js';
import { missText } from '../../chart-texts.js';
import { findCodings, findSpellingHint, type SearchToken } from '../documents/token.js';
import { groupBy } from '../../../core/group-by.js';

/** Articles that the core found for `explains`. */
export interface Explained {
  /** By article: its best match for each code that it explains, in the order of the request. */
  readonly matches: ReadonlyMap<string, readonly Match[]>;
  /** Why there are none, to be read by a person. */
  readonly reason: string | undefined;
  /** A terminology server did not answer in time. */
  readonly isProvisional: boolean;
}

/** The codings to ask about: where the token leaves the system open, one of each system whose codes can look so. */
function listCodings(token: SearchToken): RequestCoding[] {
  const rest = { display: '', userSelected: false };
  if (token.system === undefined) {
    return findCodings(token).map(({ system, code }) => ({ system, systemSent: '', code, ...rest }));
  }
  const { system, code } = token;
  return [{ system: findCodeSystem(system)?.id, systemSent: system, code, ...rest }];
}

/** Merges the matches of several answers, each article once, by the path that scores best. */
function mergeMatches(answers: readonly Answer[]): Match[] {
  const best = new Map<string, Match>();
  for (const match of answers.flatMap(({ matches }) => matches)) {
    if (match.score > (best.get(match.article.id)?.score ?? 0)) best.set(match.article.id, match);
  }
  return [...best.values()];
}

/** Asks the core what explains a code: its answer, ancestors and crosswalks included, uncapped. */
export async function explain(
  token: SearchToken,
  library: Library,
  translate: Translate,
  terminologySource?: TerminologySource,
): Promise<Explained> {
  const criteria = listCodings(token).map((coding) => ({ codings: [coding] }));
  // Held articles carry their security label.
  const context = { ...ANYONE, listsHeld: true };
  const request = { criteria, context, maxArticles: Infinity, omitsRelated: true };
  const { answers, isProvisional } = await answerRequest(request, library, terminologySource);
  const matches = groupBy(mergeMatches(answers), ({ article }) => article.id);
  const hint = findSpellingHint(token);
  const reasons = new Set([
    ...answers.flatMap(({ miss, coding }) => (miss ? missText({ ...miss, note: '' }, coding.system, translate) : [])),
    ...(hint === undefined ? [] : [hint]),
  ]);
  return { matches, reason: matches.size > 0 ? undefined : [...reasons].join(', '), isProvisional };
}

/** @param otherwise why there are no matches if each part has some */
function join(parts: readonly Explained[], matches: Explained['matches'], otherwise = ''): Explained {
  const reasons = [...new Set(parts.flatMap(({ reason }) => reason ?? []))].join(', ');
  return {
    matches,
    reason: matches.size > 0 ? undefined : reasons || otherwise,
    isProvisional: parts.some(({ isProvisional }) => isProvisional),
  };
}

/** Joins the articles that explain one code or another: the tokens between commas. */
export function joinAlternatives(all: readonly Explained[]): Explained {
  const found = all.flatMap(({ matches }) => [...matches.values()].flat());
  return join(
    all,
    groupBy(found, ({ article }) => article.id),
  );
}

/** Joins the articles that explain one code of each: repetitions of the parameter. Undefined where it was not sent. */
export function joinRepetitions(all: readonly Explained[]): Explained | undefined {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return first;
  const matches = new Map<string, readonly Match[]>();
  for (const [article, ofFirst] of first.matches) {
    const others = rest.map((one) => one.matches.get(article));
    if (others.every((found) => found !== undefined)) matches.set(article, [...ofFirst, ...others.flat()]);
  }
  return join(all, matches, 'each code is explained by other articles');
}

/** The score of an article that explains several codes: that of its best match. */
export const findBestScore = (matches: readonly Match[]): number => Math.max(0, ...matches.map(({ score }) => score));
