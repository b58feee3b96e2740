import { answerRequest } from '../../../core/answer/answer.js';
import { findCodeSystem } from '../../../core/codes/code-systems.js';
import type { Elsewhere } from '../../../core/answer/elsewhere.js';
import type { RequestCoding } from '../../../core/answer/knowledge-request.js';
import { ANYONE } from '../../../core/answer/knowledge-request.js';
import type { Answer, Match } from '../../../core/answer/knowledge-response.js';
import type { Library } from '../../../core/model/library.js';
import type { Translate } from '../../../texts.js';
import { missText } from '../../miss-text.js';
import type { Token } from './token.js';
import { codingsOf, spellingHint } from './token.js';

/** The core's answer to one token. */
export interface Explanation {
  readonly matches: readonly Match[];
  /** Why there are no matches, to be read by a person; undefined where there are some. */
  readonly reason: string | undefined;
  /** A server that was to be asked did not answer in time. */
  readonly isProvisional: boolean;
}

/** The codings to ask about: where the token leaves the system open, one of each system whose codes can look so. */
function codingsToAsk(token: Token): RequestCoding[] {
  const rest = { display: '', userSelected: false };
  if (token.system === undefined) {
    return codingsOf(token).map(({ system, code }) => ({ system, systemSent: '', code, ...rest }));
  }
  const { system, code } = token;
  return [{ system: findCodeSystem(system)?.id, systemSent: system, code, ...rest }];
}

/** What several answers found, each article once, by the way that scores best. */
function mergeMatches(answers: readonly Answer[]): Match[] {
  const best = new Map<string, Match>();
  for (const match of answers.flatMap(({ matches }) => matches)) {
    if (match.score > (best.get(match.article.id)?.score ?? 0)) best.set(match.article.id, match);
  }
  return [...best.values()];
}

/** Asks the core what explains a code: its answer, ancestors and crosswalks included, uncapped. */
export async function explain(
  token: Token,
  library: Library,
  translate: Translate,
  elsewhere?: Elsewhere,
): Promise<Explanation> {
  const criteria = codingsToAsk(token).map((coding) => ({ codings: [coding] }));
  // What is held carries its security label.
  const request = { criteria, context: { ...ANYONE, listsHeld: true }, maxArticles: Infinity };
  const { answers, isProvisional } = await answerRequest(request, library, elsewhere);
  const matches = mergeMatches(answers);
  const hint = spellingHint(token);
  const reasons = new Set([
    ...answers.flatMap(({ miss, coding }) => (miss ? missText({ ...miss, note: '' }, coding.system, translate) : [])),
    ...(hint === undefined ? [] : [hint]),
  ]);
  return { matches, reason: matches.length > 0 ? undefined : [...reasons].join(', '), isProvisional };
}
