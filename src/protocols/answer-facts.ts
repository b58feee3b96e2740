import { answerKind, type KnowledgeResponse } from '../core/answer/knowledge-response.js';
import type { ArticleTitles } from '../core/handing-over/given-before.js';
import type { Article, ArticleText } from '../core/model/article.js';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { ArticleHit, SearchHit } from '../core/search/search-hit.js';
import { NO_STORE, type AnswerFacts, type AuditFacts, type GivenArticle } from './route.js';

/**
 * Facts of a response for the log and the counters: how each answer was found, never for which code.
 * @param byWords articles that are shown beside answers without a match, found by words: the trail records them, and
 * the answer is as empty as without
 */
export function describeAnswers(
  { answers }: KnowledgeResponse,
  byWords: readonly Pick<ArticleHit, 'article' | 'text'>[] = [],
): AnswerFacts {
  const codings = answers.flatMap(({ coding, siblings }) => [coding, ...siblings]);
  const shown = [...answers.flatMap(({ matches }) => matches), ...byWords].map(
    ({ article: { id }, text: { language } }): GivenArticle => ({ id, language }),
  );
  const answered = answers.some(({ matches }) => matches.length > 0);
  return {
    outcome: answered ? 'answered' : 'empty',
    matchKinds: [...new Set(answers.map(answerKind))].sort().join(' '),
    audit: { systems: [...new Set(codings.flatMap(({ system }) => system ?? []))], articles: shown },
    unanswered: answers.flatMap(({ coding: { system }, code, miss }) =>
      miss?.reason === 'code-not-mapped' && system && code !== undefined ? [{ system, code }] : [],
    ),
  };
}

/** An article in the language in which it is returned, for the audit trail. */
export const toShownArticle = (
  { id }: Pick<Article, 'id'>,
  { language }: Pick<ArticleText, 'language'>,
): GivenArticle => ({
  id,
  language,
});

/** The system of the code that the query is, or begins; undefined for what words found: they ask about no system. */
function systemAsked(hit: SearchHit): CodeSystemId | undefined {
  if (hit.matched !== 'code') return undefined;
  return hit.kind === 'article' ? hit.system : hit.concept.system;
}

/** Facts of the hits of a text search, for the audit trail. */
export const factsOfHits = (hits: readonly SearchHit[]): AuditFacts => ({
  systems: [...new Set(hits.flatMap((hit) => systemAsked(hit) ?? []))],
  articles: hits.flatMap((hit) => (hit.kind === 'article' ? [toShownArticle(hit.article, hit.text)] : [])),
});

/** Headers of an answer that a server did not contribute to in time: no cache stores it, neither ours nor one on the way. */
export function provisionalHeaders({ isProvisional }: Pick<KnowledgeResponse, 'isProvisional'>): {
  'Cache-Control'?: string;
} {
  return isProvisional ? { 'Cache-Control': NO_STORE } : {};
}

/**
 * The value of `X-Answer`: for each answer how it was found (`own`, `ancestor`, `crosswalk`, `name`, `title`,
 * `elsewhere`) or why it was not, with the system that the code seems to belong to; `title-conflict` beside the first
 * if title and code contradict each other and both readings are returned. So a client of any dialect can tell an empty
 * answer from a mistake.
 */
export function answerHeader({ answers }: KnowledgeResponse): string {
  const ways = answers.map((answer) => {
    const { miss, conflict } = answer;
    const remark = miss?.hint ? `; hint=${miss.hint}` : !miss && conflict ? '; title-conflict' : '';
    return `${answerKind(answer)}${remark}`;
  });
  return ways.join(', ');
}

/** An article by its titles in each language, as a chart's own resources name it. */
export const toTitled = ({ id, texts }: Article): ArticleTitles => ({
  id,
  titles: Object.values(texts).map(({ title }) => title),
});
