import type { Article } from './article.js';
import type { ChartArticle, ChartQuestion, ChartReason } from './chart-question.js';
import { CHART_KINDS } from './chart-question.js';
import { contextFit } from './context-fit.js';
import type { Steps } from './give-way.js';
import type { RequestCoding, RequestContext } from './knowledge-request.js';
import type { Match } from './knowledge-response.js';
import { RELATIONSHIP_ORDER } from './knowledge-response.js';
import { strictest } from './site-policy.js';

/** A question of a chart with the articles that it is given. */
export interface QuestionMatches {
  readonly question: ChartQuestion;
  /** That of the question's codings which found them. */
  readonly answer: { readonly coding: RequestCoding };
  readonly matches: readonly Match[];
}

const distanceOf = ({ path }: Match): number => path.filter(({ kind }) => kind !== 'asked').length;

/** Written for the reader's age, for any, or (where the age is unknown) for one of which nobody knows whether it is theirs. */
function ageFit({ ageGroups }: Article, context: RequestContext): number {
  if (ageGroups.length === 0) return 1;
  return ageGroups.some((group) => context.ageGroups.includes(group)) ? 0 : 1;
}

/**
 * What articles of a chart are compared by: sub-topic, task and setting over the whole chart; the kind of question; within
 * a kind the fit to the age and recipient, the most specific first, then the most recent.
 */
function keyOf({ question, match }: ChartReason, context: RequestContext): readonly number[] {
  const { article, relationship } = match;
  const [subTopic = 1, task = 1, setting = 1, recipient = 1] = contextFit(article.kind, context);
  const kind = CHART_KINDS.indexOf(question.kind);
  const recency = -(question.notedAt ?? 0);
  const specificity = [RELATIONSHIP_ORDER[relationship], distanceOf(match), -match.score];
  return [subTopic, task, setting, kind, ageFit(article, context), recipient, ...specificity, recency, question.input];
}

function compareKeys(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < left.length; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

interface Gathered {
  readonly key: readonly number[];
  readonly reasons: readonly ChartReason[];
}

/** Every article once, with what it explains; the best reason says where it stands. */
function* gather(answered: readonly QuestionMatches[], context: RequestContext): Steps<Gathered[]> {
  const byArticle = new Map<string, { key: readonly number[]; reason: ChartReason }[]>();
  for (const { question, answer, matches } of answered) {
    yield;
    for (const match of matches) {
      const reason = { question, coding: answer.coding, match };
      const reasons = byArticle.get(match.article.id) ?? [];
      reasons.push({ key: keyOf(reason, context), reason });
      byArticle.set(match.article.id, reasons);
    }
  }
  const gathered: Gathered[] = [];
  for (const found of byArticle.values()) {
    yield;
    found.sort((a, b) => compareKeys(a.key, b.key));
    const ofInputs = new Map<number, ChartReason>();
    for (const { reason } of found) {
      const { input } = reason.question;
      if (!ofInputs.has(input)) ofInputs.set(input, reason);
    }
    gathered.push({ key: found[0]?.key ?? [], reasons: [...ofInputs.values()] });
  }
  return gathered;
}

/** The articles in their order, with scores that never rise along it. */
export function* rankChart(answered: readonly QuestionMatches[], context: RequestContext): Steps<ChartArticle[]> {
  const gathered = yield* gather(answered, context);
  yield;
  const idOf = ({ reasons }: Gathered): string => reasons[0]?.match.article.id ?? '';
  gathered.sort((a, b) => compareKeys(a.key, b.key) || (idOf(a) < idOf(b) ? -1 : 1));
  let ceiling = 1;
  return gathered.flatMap(({ reasons }) => {
    const [first] = reasons;
    if (!first) return [];
    ceiling = Math.min(ceiling, first.match.score);
    const sensitivities = [...new Set(reasons.flatMap(({ match }) => match.sensitivity ?? []))];
    const { article, text } = first.match;
    const treatment = strictest(reasons.map(({ match }) => match.treatment));
    return [{ article, text, sensitivities, treatment, score: ceiling, reasons }];
  });
}
