import { answerRequest } from './answer.js';
import type { KnownCoding } from './asked-codes.js';
import { ANYONE } from './knowledge-request.js';
import type { Answer } from './knowledge-response.js';
import type { Language } from './language.js';
import type { Library } from './library.js';

/** Codes asked of the library at once. */
const BATCH_CODES = 100;

/**
 * Answers each coding by itself, as if a request asked for nothing else: what criteria of one request have in common does
 * not join them. The reader is one of whom no more than the language is known.
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
  const answers: Answer[] = [];
  for (let start = 0; start < codings.length; start += BATCH_CODES) {
    answers.push(...(await Promise.all(codings.slice(start, start + BATCH_CODES).map(answerOne))));
  }
  return answers;
}
