import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';

/** What a request is rejected with whose answer would be larger than answers may be. */
export const answerTooLarge = (): RequestError =>
  new RequestError('answer-too-large', { most: LIMITS.maxAnswerBytes / 1024 ** 2 });
