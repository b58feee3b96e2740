import { answerRequest } from './answer.js';
import type { ArticleKind } from './article.js';
import type { ChartArticle, ChartKind, ChartQuestion } from './chart-question.js';
import type { SubjectKind } from './code-systems.js';
import type { Elsewhere } from './elsewhere.js';
import type { GiveWay, Steps } from './give-way.js';
import { NEVER_GIVES_WAY, takeSteps } from './give-way.js';
import type { RequestCoding, RequestContext } from './knowledge-request.js';
import type { Answer, KnowledgeResponse, Match } from './knowledge-response.js';
import type { Library } from './library.js';
import { isForExpecting, isOfLoss } from './pregnancy-loss.js';
import { rankChart } from './rank-chart.js';

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

/** Each question with the answer to its criterion. */
function* matchAnswers(
  questions: readonly ChartQuestion[],
  places: readonly number[],
  { answers }: KnowledgeResponse,
): Steps<Answered[]> {
  const answered: Answered[] = [];
  for (const [index, question] of questions.entries()) {
    yield;
    const answer = answers[places[index] ?? -1];
    if (!answer) throw new RangeError('a criterion without an answer');
    answered.push({ question, answer, matches: matchesFor(question, answer.matches) });
  }
  return answered;
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

/** The criteria of a chart, each once, and at which place among them each question's is. */
function* criteriaOf(
  questions: readonly ChartQuestion[],
): Steps<{ criteria: { codings: readonly RequestCoding[] }[]; places: number[] }> {
  const known = new Map<string, number>();
  const criteria: { codings: readonly RequestCoding[] }[] = [];
  const places: number[] = [];
  for (const question of questions) {
    yield;
    const key = criterionKey(question);
    const place = known.get(key) ?? criteria.length;
    places.push(place);
    if (place < criteria.length) continue;
    known.set(key, place);
    const subject = SUBJECT_OF_KIND[question.kind];
    criteria.push({ codings: question.codings.map((coding) => ({ ...coding, subject })) });
  }
  return { criteria, places };
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
  giveWay: GiveWay = NEVER_GIVES_WAY,
): Promise<ChartResponse> {
  const { criteria, places } = await takeSteps(criteriaOf(questions), giveWay);
  const request = { criteria, context, maxArticles: perQuestion, answersApart: true };
  const response = await answerRequest(request, library, elsewhere, giveWay);
  const answered = withWall(await takeSteps(matchAnswers(questions, places, response), giveWay));
  const ranked = await takeSteps(rankChart(answered, context), giveWay);
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
