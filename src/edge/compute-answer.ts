import type { Handler, Route, RouteRequest } from '../protocols/route.js';
import { NO_STORE } from '../protocols/route.js';
import type { AnswerBuilder } from './answers/answer-builder.js';
import type { CachedAnswer } from './answers/answer-cache.js';
import type { Encoding } from './answers/encoding.js';
import { encodeLarge } from './answers/send.js';

/** An answer as bytes, and the release that it is of. */
export interface ComputedAnswer {
  readonly answer: CachedAnswer;
  readonly release: string;
  /** False if the answer shows words that a person typed, or lacks what came too late: it is not cached. */
  readonly mayBeStored: boolean;
}

/** A request with all that computes its answer. */
export interface Computation {
  readonly route: Route;
  readonly handler: Handler;
  readonly request: RouteRequest;
  readonly encoding: Encoding;
  /** Reads the name of the release that is served, when the handler is done. */
  readonly readRelease: () => string;
}

/** Runs a handler and renders what it returns, in whichever thread it is called. @throws RequestError */
export async function computeAnswer(
  { route, handler, request, encoding, readRelease }: Computation,
  builder: AnswerBuilder,
): Promise<ComputedAnswer> {
  const response = await handler(request);
  const release = readRelease();
  const encoded = await encodeLarge(response.body, encoding);
  const answer = builder.build(response, route, { encoding, release }, encoded);
  return { answer, release, mayBeStored: response.headers?.['Cache-Control'] !== NO_STORE };
}
