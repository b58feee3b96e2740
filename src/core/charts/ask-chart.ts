import { answerRequest } from '../answer.js';
import type { SubjectKind } from '../code-systems.js';
import type { Elsewhere } from '../elsewhere.js';
import type { GiveWay, Steps } from '../give-way.js';
import { mapSteps, takeSteps } from '../give-way.js';
import type { KnowledgeRequest, SearchCriterion } from '../knowledge-request.js';
import type { KnowledgeResponse, Match } from '../knowledge-response.js';
import type { Library } from '../library.js';
import type { ChartKind, ChartQuestion } from './chart-question.js';
import type { ChartMiss } from './chart-response.js';

/** A question with what was found for it. */
export interface Answered extends ChartMiss {
  /** Best first. */
  readonly matches: readonly Match[];
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

const buildKey = ({ codings, kind }: ChartQuestion): string =>
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
function* toCriteria(questions: readonly ChartQuestion[]): Steps<{ criteria: SearchCriterion[]; places: number[] }> {
  const known = new Map<string, number>();
  const criteria: SearchCriterion[] = [];
  const places: number[] = [];
  for (const question of questions) {
    yield;
    const key = buildKey(question);
    const place = known.get(key) ?? criteria.length;
    places.push(place);
    if (place < criteria.length) continue;
    known.set(key, place);
    const subject = SUBJECT_OF_KIND[question.kind];
    criteria.push({ codings: question.codings.map((coding) => ({ ...coding, subject })) });
  }
  return { criteria, places };
}

/** Asks the core once for the whole chart; a code that the chart holds many times is one criterion. */
export async function askChart(
  questions: readonly ChartQuestion[],
  { context, maxArticles }: Pick<KnowledgeRequest, 'context' | 'maxArticles'>,
  library: Library,
  elsewhere: Elsewhere | undefined,
  giveWay: GiveWay,
): Promise<{ answered: Answered[]; response: KnowledgeResponse }> {
  const { criteria, places } = await takeSteps(toCriteria(questions), giveWay);
  const request = { criteria, context, maxArticles, answersApart: true };
  const response = await answerRequest(request, library, elsewhere, giveWay);
  let next = 0;
  const steps = mapSteps(questions, (question): Answered => {
    const answer = response.answers[places[next++] ?? -1];
    if (!answer) throw new RangeError('a criterion without an answer');
    return { question, answer, matches: answer.matches };
  });
  const answered = await takeSteps(steps, giveWay);
  return { answered, response };
}
