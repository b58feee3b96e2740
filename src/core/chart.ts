import { answerRequest } from './answer.js';
import type { Article, ArticleKind, ArticleText, Sensitivity } from './article.js';
import type { SubjectKind } from './code-systems.js';
import { contextFit } from './context-fit.js';
import type { Elsewhere } from './elsewhere.js';
import type { RequestCoding, RequestContext } from './knowledge-request.js';
import type { Answer, KnowledgeResponse, Match } from './knowledge-response.js';
import { RELATIONSHIP_ORDER } from './knowledge-response.js';
import type { Library } from './library.js';
import { isForExpecting, isOfLoss } from './pregnancy-loss.js';
import type { Treatment } from './site-policy.js';
import { strictest } from './site-policy.js';

/** What a fact of a chart asks about, in the order in which a chart's articles come. */
const CHART_KINDS = ['problem', 'allergy', 'medication', 'procedure', 'test', 'immunization'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** What a code that was sent by itself asks about: its code system says so. */
export const KIND_OF_SUBJECT: Readonly<Record<SubjectKind, ChartKind>> = {
  diagnosis: 'problem',
  drug: 'medication',
  test: 'test',
  procedure: 'procedure',
  vaccine: 'immunization',
  subject: 'problem',
};

/** One question that a chart puts. An input (a resource, a coding) may put several. */
export interface ChartQuestion {
  /** Which input asks: its place among the caller's. */
  readonly input: number;
  readonly kind: ChartKind;
  /** Several codings of one question are the same thing in several systems; none: a miss. */
  readonly codings: readonly RequestCoding[];
  /** When it was noted, milliseconds since 1970; undefined where the chart does not say. */
  readonly notedAt: number | undefined;
  /** The codings are not the chart's own: they name the subject that its code is a case of (an allergy to a drug). */
  readonly isSubject?: boolean;
}

/** Why an article is given: the question that it answers, and how it was found. */
export interface ChartReason {
  readonly question: ChartQuestion;
  /** That of the question's codings which found it. */
  readonly coding: RequestCoding;
  readonly match: Match;
}

/** An article that explains something in the chart, given once. */
export interface ChartArticle {
  readonly article: Article;
  readonly text: ArticleText;
  readonly sensitivities: readonly Sensitivity[];
  /** The strictest of its reasons'. */
  readonly treatment: Treatment;
  /** 0 to 1, never rising along the list. */
  readonly score: number;
  /** Everything it explains, the weightiest first; one reason an input. */
  readonly reasons: readonly ChartReason[];
}

/** A question that found nothing, or of whose articles some are held back from this reader. */
export interface ChartMiss {
  readonly question: ChartQuestion;
  readonly answer: Answer;
  /** Articles are held back because the chart tells of a pregnancy that was lost. */
  readonly isWalled?: boolean;
}

export interface ChartResponse {
  readonly articles: readonly ChartArticle[];
  /** Articles left out because no more were asked for. */
  readonly beyondCount: number;
  /** One for each input that nothing explains. */
  readonly misses: readonly ChartMiss[];
  /**
   * One for each input with an article that is held back beside others that are given, or for a loss; and for each whose title
   * contradicts its code, where the reader is given both readings.
   */
  readonly held: readonly ChartMiss[];
  readonly response: KnowledgeResponse;
}

export interface ChartLimits {
  /** The most articles a question may be answered with. */
  readonly perQuestion: number;
  /** The most articles of the whole answer. */
  readonly inAll: number;
}

/** An allergy to a drug is not answered with the page that says how to take it. */
const NEVER_FOR: Partial<Record<ChartKind, readonly ArticleKind[]>> = { allergy: ['drug', 'herb'] };

/**
 * The articles of one question of a chart. A vaccine's official statement (CDC's VIS) says it all: another publisher's copy
 * of it, or a page on the vaccine, would be handed over beside it as the same thing twice. In a language without it they stay.
 */
function matchesFor({ kind }: ChartQuestion, matches: readonly Match[]): readonly Match[] {
  const never = NEVER_FOR[kind] ?? [];
  const allowed = matches.filter(({ article }) => !never.includes(article.kind));
  const isStatement = ({ article, otherLanguage }: Match): boolean => article.kind === 'vis' && !otherLanguage;
  return kind === 'immunization' && allowed.some(isStatement) ? allowed.filter(isStatement) : allowed;
}

interface Answered extends ChartMiss {
  readonly matches: readonly Match[];
}

/**
 * Pregnancy loss is a wall over the whole chart too: pages for those who expect a child, or have one, are held back where
 * another fact tells of a loss; not where they are asked by what was noted later.
 */
function withWall(answered: readonly Answered[]): readonly Answered[] {
  const losses = answered.filter(({ matches: [first] }) => first && isOfLoss(first.article));
  if (losses.length === 0) return answered;
  const noted = losses.map(({ question }) => question.notedAt);
  const lastLoss = Math.max(...noted.map((time) => time ?? Infinity));
  return answered.map((one) => {
    if ((one.question.notedAt ?? -Infinity) > lastLoss) return one;
    const matches = one.matches.filter(({ article }) => !isForExpecting(article));
    return matches.length === one.matches.length ? one : { ...one, matches, isWalled: true };
  });
}

/** The other way round; an allergy is asked as a problem. */
const SUBJECT_OF_KIND: Readonly<Record<ChartKind, SubjectKind>> = {
  problem: 'diagnosis',
  allergy: 'diagnosis',
  medication: 'drug',
  procedure: 'procedure',
  test: 'test',
  immunization: 'vaccine',
};

const criterionKey = ({ codings, kind }: ChartQuestion): string =>
  JSON.stringify(
    codings.map(({ system, systemSent, code, display, originalText, userSelected }) => [
      SUBJECT_OF_KIND[kind],
      system ?? systemSent,
      code.trim(),
      display,
      originalText,
      userSelected,
    ]),
  );

/** Asks the core once for the whole chart; a code that the chart holds many times is one criterion. */
async function askOnce(
  questions: readonly ChartQuestion[],
  context: RequestContext,
  perQuestion: number,
  library: Library,
  elsewhere: Elsewhere | undefined,
): Promise<{ answered: Answered[]; response: KnowledgeResponse }> {
  const places = new Map<string, number>();
  const criteria: { codings: readonly RequestCoding[] }[] = [];
  const placeOf = (question: ChartQuestion): number => {
    const key = criterionKey(question);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, criteria.length);
    const subject = SUBJECT_OF_KIND[question.kind];
    return criteria.push({ codings: question.codings.map((coding) => ({ ...coding, subject })) }) - 1;
  };
  const asked = questions.map((question) => ({ question, place: placeOf(question) }));
  const request = { criteria, context, maxArticles: perQuestion, answersApart: true };
  const response = await answerRequest(request, library, elsewhere);
  const answered = asked.map(({ question, place }): Answered => {
    const answer = response.answers[place];
    if (!answer) throw new RangeError('a criterion without an answer');
    return { question, answer, matches: matchesFor(question, answer.matches) };
  });
  return { answered, response };
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
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

interface Gathered {
  readonly key: readonly number[];
  readonly reasons: readonly ChartReason[];
}

/** Every article once, with what it explains; the best reason says where it stands. */
function gather(answered: readonly Answered[], context: RequestContext): Gathered[] {
  const byArticle = new Map<string, { key: readonly number[]; reason: ChartReason }[]>();
  for (const { question, answer, matches } of answered) {
    for (const match of matches) {
      const reason = { question, coding: answer.coding, match };
      const reasons = byArticle.get(match.article.id) ?? [];
      reasons.push({ key: keyOf(reason, context), reason });
      byArticle.set(match.article.id, reasons);
    }
  }
  return [...byArticle.values()].map((found) => {
    found.sort((a, b) => compareKeys(a.key, b.key));
    const seen = new Set<number>();
    const reasons = found.flatMap(({ reason }) => {
      const { input } = reason.question;
      if (seen.has(input)) return [];
      seen.add(input);
      return [reason];
    });
    return { key: found[0]?.key ?? [], reasons };
  });
}

/** The articles in their order, with scores that never rise along it. */
function rankChart(answered: readonly Answered[], context: RequestContext): ChartArticle[] {
  const gathered = gather(answered, context);
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

/** One of each input that fits: the first of its questions. */
function firstOfEach(answered: readonly Answered[], fits: (one: Answered) => boolean): ChartMiss[] {
  const found = new Map<number, ChartMiss>();
  for (const one of answered) {
    const { question, answer, isWalled = false } = one;
    if (fits(one) && !found.has(question.input)) found.set(question.input, { question, answer, isWalled });
  }
  return [...found.values()];
}

/**
 * Answers a whole chart: each article once, with every input that it explains, ranked over the chart (problems, allergies,
 * medications, procedures, tests, immunizations; a task, setting or sub-topic goes before that); for each input without an
 * article the reason. Rejects only with the library's own errors.
 */
export async function answerChart(
  questions: readonly ChartQuestion[],
  context: RequestContext,
  { perQuestion, inAll }: ChartLimits,
  library: Library,
  elsewhere?: Elsewhere,
): Promise<ChartResponse> {
  const { answered: found, response } = await askOnce(questions, context, perQuestion, library, elsewhere);
  const answered = withWall(found);
  const ranked = rankChart(answered, context);
  const explained = new Set(answered.flatMap(({ question, matches }) => (matches.length > 0 ? [question.input] : [])));
  const isHeld = ({ question, answer, isWalled }: Answered): boolean =>
    isWalled === true ||
    (explained.has(question.input) && answer.conflict !== undefined) ||
    (explained.has(question.input) && answer.rejections.some(({ reason }) => reason === 'held'));
  return {
    articles: ranked.slice(0, inAll),
    beyondCount: Math.max(0, ranked.length - inAll),
    misses: firstOfEach(answered, ({ question, isWalled }) => !isWalled && !explained.has(question.input)),
    held: firstOfEach(answered, isHeld),
    response,
  };
}
