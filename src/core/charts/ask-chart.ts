import { answerRequest } from '../answer/answer.js';
import type { TerminologySource } from '../answer/terminology-source.js';
import {
  buildCodingsKey,
  type KnowledgeRequest,
  type RequestContext,
  type SearchCriterion,
} from '../answer/knowledge-request.js';
import type { KnowledgeResponse, Match } from '../answer/knowledge-response.js';
import type { Library } from '../model/library.js';
import type { ArticleHit } from '../search/search-hit.js';
import { NO_POLICY, findRefusal, findTreatment, type SitePolicy } from '../policy/site-policy.js';
import { askFallbacks } from './ask-fallbacks.js';
import { SUBJECT_OF_KIND, type ChartQuestion } from './chart-question.js';
import type { Answered } from './chart-response.js';

const buildKey = ({ codings, kind }: ChartQuestion): string => SUBJECT_OF_KIND[kind] + buildCodingsKey(codings);

/** The criteria of a chart, each once, and at which place among them each question's is; -1 for one that brings its pages. */
function toCriteria(questions: readonly ChartQuestion[]): { criteria: SearchCriterion[]; places: number[] } {
  const known = new Map<string, number>();
  const criteria: SearchCriterion[] = [];
  const places: number[] = [];
  for (const question of questions) {
    if (question.pages) {
      places.push(-1);
      continue;
    }
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

/** Answer by the words of a question: an exact page first, by the site's policy for this reader. */
function answerByWords(
  question: ChartQuestion,
  pages: readonly ArticleHit[],
  context: RequestContext,
  policy: SitePolicy,
): Answered {
  const shown = pages.filter((hit) => findRefusal(hit, context, policy) === undefined);
  const permitted = question.areParts && shown.length < pages.length ? [] : shown;
  const matches = permitted.map(({ article, text, sensitivity, score }, index): Match => ({
    article,
    text,
    otherLanguage: text.language !== context.language,
    relationship: question.areParts ? 'narrower' : index === 0 ? 'equivalent' : 'related',
    sensitivity,
    treatment: findTreatment({ article, sensitivity }, context, policy),
    path: [],
    score,
    note: '',
    origin: 'words',
  }));
  const coding = { system: undefined, systemSent: '', code: '', display: '', userSelected: false };
  const miss = matches.length > 0 ? undefined : ({ reason: 'held', hint: undefined, note: '' } as const);
  const answer = { coding, code: undefined, siblings: [], matches, rejections: [], miss };
  return { question, answer, matches };
}

/**
 * Asks the core once for the whole chart, a code that the chart holds many times as one criterion; then by the fallbacks of what is left.
 */
export async function askChart(
  questions: readonly ChartQuestion[],
  { context, maxArticles }: Pick<KnowledgeRequest, 'context' | 'maxArticles'>,
  library: Library,
  terminologySource: TerminologySource | undefined,
): Promise<{ answered: Answered[]; response: KnowledgeResponse }> {
  const { criteria, places } = toCriteria(questions);
  const request = { criteria, context, maxArticles, answersApart: true };
  const response = await answerRequest(request, library, terminologySource);
  const { policy = NO_POLICY } = library.status();
  let next = 0;
  const answered = questions.map((question): Answered => {
    const place = places[next++] ?? -1;
    if (question.pages) return answerByWords(question, question.pages, context, policy);
    const answer = response.answers[place];
    if (!answer) throw new RangeError('a criterion without an answer');
    return { question, answer, matches: answer.matches };
  });
  const querying = { request: { context, maxArticles }, library, terminologySource };
  return askFallbacks({ answered, response }, querying);
}
