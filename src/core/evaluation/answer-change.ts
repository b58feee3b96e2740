import { answerEach, splitBatches } from '../answer/answer-each.js';
import type { RequestedCode } from './requested-codes.js';
import type { CodeSystemId } from '../codes/code-systems.js';
import type { Answer } from '../answer/knowledge-response.js';
import type { Language } from '../model/language.js';
import type { Library } from '../model/library.js';

/** An article as an answer offers it. */
export interface OfferedArticle {
  readonly id: string;
  readonly title: string;
  readonly url: string;
}

/** Difference of a code's answers between two libraries, for readers of a language. */
export interface AnswerChange {
  readonly system: CodeSystemId;
  /** Normalised. */
  readonly code: string;
  /** Number of requests of the code. */
  readonly count: number;
  readonly language: Language;
  readonly kind: 'added' | 'changed' | 'lost';
  /** The articles in order, before and after; empty if there is no answer. */
  readonly before: readonly OfferedArticle[];
  readonly after: readonly OfferedArticle[];
}

/** The articles of an answer, in order. */
export const toOffered = (answer: Answer | undefined): OfferedArticle[] =>
  (answer?.matches ?? []).map(({ article, text }) => ({ id: article.id, title: text.title, url: text.url }));

/**
 * Finds the codes that two libraries answer differently: with other articles, in another order, under another title or
 * address. The most requested come first.
 */
export async function compareLibraries(
  codes: readonly RequestedCode[],
  languages: readonly Language[],
  libraries: { readonly before: Library; readonly after: Library },
  maxArticles: number,
): Promise<AnswerChange[]> {
  const changes: AnswerChange[] = [];
  for (const language of languages) {
    for (const batch of splitBatches(codes)) {
      const codings = batch.map(({ coding }) => coding);
      const old = await answerEach(codings, language, libraries.before, maxArticles);
      const now = await answerEach(codings, language, libraries.after, maxArticles);
      for (const [index, { coding, count }] of batch.entries()) {
        const [before, after] = [toOffered(old[index]), toOffered(now[index])];
        if (JSON.stringify(before) === JSON.stringify(after)) continue;
        const kind = before.length === 0 ? 'added' : after.length === 0 ? 'lost' : 'changed';
        changes.push({ system: coding.system, code: now[index]?.code ?? '', count, language, kind, before, after });
      }
    }
  }
  return changes.sort((a, b) => b.count - a.count);
}
