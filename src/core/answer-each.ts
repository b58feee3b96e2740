import { answerRequest } from './answer.js';
import type { KnownCoding } from './asked-codes.js';
import { ANYONE } from './knowledge-request.js';
import type { Answer } from './knowledge-response.js';
import type { Language } from './language.js';
import type { Library } from './library.js';

/** Codes asked of the library at once. */
const BATCH_CODES = 100;

/**
 * Codes in portions that may be asked at once. Whoever asks about very many keeps of each portion's answers what is
 * wanted, and lets them go: an answer holds whole articles.
 */
export function* batchesOf<T>(codes: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < codes.length; start += BATCH_CODES) yield codes.slice(start, start + BATCH_CODES);
}

/**
 * Answers each coding of a portion by itself, as if a request asked for nothing else: what criteria of one request have in
 * common does not join them. The reader is one of whom no more than the language is known.
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
  // Whoever asks portion after portion lets the process do else in between.
  await new Promise((resolve) => setImmediate(resolve));
  return Promise.all(codings.map(answerOne));
}
