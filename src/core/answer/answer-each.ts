import { answerRequest } from './answer.js';
import type { KnownCoding } from '../evaluation/requested-codes.js';
import { ANYONE } from './knowledge-request.js';
import type { Answer } from './knowledge-response.js';
import type { Language } from '../model/language.js';
import type { Library } from '../model/library.js';

/** Codes per request to the library. */
const BATCH_CODES = 100;

/**
 * Splits codes into batches. A caller with very many codes keeps only the part it needs of each batch's answers: an
 * answer holds whole articles.
 */
export function* splitBatches<T>(codes: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < codes.length; start += BATCH_CODES) yield codes.slice(start, start + BATCH_CODES);
}

/**
 * Answers each coding of a batch independently, as if it were the only one in its request: criteria are not merged.
 * Only the reader's language is known.
 */
export async function answerEach(
  codings: readonly KnownCoding[],
  language: Language,
  library: Library,
  maxArticles: number,
): Promise<Answer[]> {
  const context = { ...ANYONE, language };
  const answerOne = async (coding: KnownCoding): Promise<Answer> => {
    const { answers } = await answerRequest({ criteria: [{ codings: [coding] }], context, maxArticles }, library);
    const [answer] = answers;
    if (!answer) throw new RangeError('a criterion without an answer');
    return answer;
  };
  // Lets the event loop run between batches.
  await new Promise((resolve) => setImmediate(resolve));
  return Promise.all(codings.map(answerOne));
}
