import { answerRequest } from '../answer/answer.js';
import type { KnowledgeRequest, RequestCoding } from '../answer/knowledge-request.js';
import type { KnowledgeResponse, MissReason } from '../answer/knowledge-response.js';
import type { TerminologySource } from '../answer/terminology-source.js';
import type { Library } from '../model/library.js';
import type { Answered } from './chart-response.js';
import { CHART_KINDS, SUBJECT_OF_KIND } from './chart-question.js';

/** Reasons for no match that another coding of the fact may remedy; a code that a curator left without a page stays without one. */
const REMEDIABLE: ReadonlySet<MissReason> = new Set<MissReason>([
  'no-code',
  'code-not-mapped',
  'system-not-mapped',
  'system-not-shipped',
  'unknown-code-system',
  'impossible-code',
  'no-code-system',
  'drug-name-not-known',
  'drug-without-page',
]);

/** Fallbacks of one fact that are queried at most. */
const MOST_FALLBACKS = 5;

/** Fallbacks that are queried of one chart, those of problems and drugs before all others: reading titles takes time. */
const MOST_QUERIES = 150;

/** Circumstances in which the library is queried. */
interface Querying {
  readonly request: Pick<KnowledgeRequest, 'context' | 'maxArticles'>;
  readonly library: Library;
  readonly terminologySource: TerminologySource | undefined;
}

const rankKind = ({ question: { kind } }: Answered): number => CHART_KINDS.indexOf(kind);

/** A fact with the answer to one of its fallbacks; a code that the chart does not have stands for the fact's subject. */
function withAnswer(fact: Answered, fallback: RequestCoding, answer: Answered['answer']): Answered {
  const { codings } = fact.question;
  const isOwn =
    fallback.code === '' || codings.some(({ system, code }) => system === fallback.system && code === fallback.code);
  const question = isOwn ? fact.question : { ...fact.question, isSubject: true };
  return { ...fact, question, answer, matches: answer.matches };
}

/**
 * Queries the library for the facts without a match by their fallbacks, one of each fact at a time: the first that leads to an article
 * counts.
 */
export async function askFallbacks(
  first: { readonly answered: readonly Answered[]; readonly response: KnowledgeResponse },
  { request, library, terminologySource }: Querying,
): Promise<{ answered: Answered[]; response: KnowledgeResponse }> {
  const answered = [...first.answered];
  let { response } = first;
  let left = MOST_QUERIES;
  for (let round = 0; round < MOST_FALLBACKS; round += 1) {
    const open = [...answered.entries()].flatMap(([at, fact]) => {
      const fallback = fact.question.fallbacks?.[round];
      return fallback && fact.answer.miss && REMEDIABLE.has(fact.answer.miss.reason) ? [{ at, fact, fallback }] : [];
    });
    if (open.length === 0 || left === 0) continue;
    open.sort((a, b) => rankKind(a.fact) - rankKind(b.fact));
    open.splice(left);
    left -= open.length;
    const criteria = open.map(({ fact: { question }, fallback }) => ({
      codings: [{ ...fallback, subject: SUBJECT_OF_KIND[question.kind] }],
    }));
    const query = { ...request, criteria, answersApart: true };
    const found = await answerRequest(query, library, terminologySource);
    for (const [index, { at, fact, fallback }] of open.entries()) {
      const answer = found.answers[index];
      if (answer && !answer.miss) answered[at] = withAnswer(fact, fallback, answer);
    }
    const answers = [...response.answers, ...found.answers.filter(({ miss }) => !miss)];
    response = { ...response, answers, related: new Map([...response.related, ...found.related]) };
  }
  return { answered, response };
}
