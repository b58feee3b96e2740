import { answerRequest } from '../answer/answer.js';
import { splitBatches } from '../answer/answer-each.js';
import { ageGroupsOfMonths } from '../answer/age-group.js';
import type { RequestedCode } from '../evaluation/requested-codes.js';
import type { CodeSystemId } from '../codes/code-systems.js';
import { ANYONE, type RequestContext } from '../answer/knowledge-request.js';
import type { Answer, MissReason, RejectionReason } from '../answer/knowledge-response.js';
import type { Language } from '../model/language.js';
import type { Library } from '../model/library.js';
import type { Treatment } from './site-policy.js';

const createReader = (years: number): Pick<RequestContext, 'ageGroups' | 'leastAgeMonths'> => ({
  ageGroups: ageGroupsOfMonths(years * 12),
  leastAgeMonths: years * 12,
});

/** Readers whose answers are compared, keyed by their name in reports. */
export const POLICY_TEST_READERS = {
  patient: {},
  'patient of 40': createReader(40),
  'patient of 15': createReader(15),
  'patient of 8': createReader(8),
  portal: { performer: 'PAT' },
  clinician: { recipient: 'PROV', performer: 'PROV' },
  'clinician for a patient': { performer: 'PROV' },
} as const satisfies Readonly<Record<string, Partial<RequestContext>>>;
export type PolicyTestReader = keyof typeof POLICY_TEST_READERS;

/** An article as shown to a reader. */
export interface TreatedArticle {
  readonly id: string;
  readonly title: string;
  readonly treatment: Treatment;
}

/** A reader's answer for a code: articles in order; if there are none, why. */
export interface Given {
  readonly articles: readonly TreatedArticle[];
  readonly miss: MissReason | undefined;
}

/** A policy's effect on a code and a reader. */
export interface PolicyChange {
  readonly system: CodeSystemId;
  /** Normalised. */
  readonly code: string;
  readonly name: string;
  /** Number of requests of the code. */
  readonly count: number;
  readonly reader: PolicyTestReader;
  readonly before: Given;
  readonly after: Given;
  /** Why each article is no longer shown. */
  readonly reasons: readonly { readonly article: string; readonly reason: RejectionReason }[];
}

const collectShown = ({ matches, miss }: Answer): Given => ({
  articles: matches.map(({ article, text, treatment }) => ({ id: article.id, title: text.title, treatment })),
  miss: miss?.reason,
});

async function answerAll(
  codes: readonly RequestedCode[],
  context: RequestContext,
  library: Library,
  maxArticles: number,
): Promise<readonly Answer[]> {
  const criteria = codes.map(({ coding }) => ({ codings: [coding] }));
  return (await answerRequest({ criteria, context, maxArticles, answersApart: true }, library)).answers;
}

/**
 * Finds the codes whose answers a policy changes, for each kind of reader; unchanged ones are left out. The most
 * requested come first.
 * @param libraries the same library without and with the policy
 */
export async function comparePolicies(
  codes: readonly RequestedCode[],
  language: Language,
  libraries: { readonly before: Library; readonly after: Library },
  maxArticles: number,
): Promise<PolicyChange[]> {
  const changes: PolicyChange[] = [];
  for (const batch of splitBatches(codes)) {
    for (const [name, facts] of Object.entries(POLICY_TEST_READERS)) {
      const context = { ...ANYONE, ...facts, language };
      const old = await answerAll(batch, context, libraries.before, maxArticles);
      const now = await answerAll(batch, context, libraries.after, maxArticles);
      for (const [index, requested] of batch.entries()) {
        const [was, is] = [old[index], now[index]];
        if (!was || !is) continue;
        const [before, after] = [collectShown(was), collectShown(is)];
        if (JSON.stringify(before) === JSON.stringify(after)) continue;
        const { coding, count } = requested;
        const gone = is.rejections.filter(({ article }) => before.articles.some(({ id }) => id === article));
        const about = { system: coding.system, code: is.code ?? '', name: requested.name, count };
        changes.push({ ...about, reader: name as PolicyTestReader, before, after, reasons: gone });
      }
    }
  }
  return changes.sort((a, b) => b.count - a.count);
}
