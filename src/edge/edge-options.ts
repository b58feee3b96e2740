import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Library } from '../core/library.js';
import type { HeaderKind, Route } from '../protocols/route.js';
import type { Admission } from './admission.js';
import type { AnswerCache } from './answer-cache.js';
import type { BaseUrl } from './base-url.js';
import type { Ledger } from './ledger.js';
import type { MemoryBudget } from './memory-budget.js';
import type { RateLimit } from './rate-limit.js';
import type { Traced } from './trace-context.js';

/** What the edge is put together from. */
export interface EdgeOptions {
  /** Routes with an exact path; those with parameters come back through `serveRoute`. */
  readonly routes: readonly Route[];
  /** Answers errors outside every route. */
  readonly elsewhere: Route;
  /** Takes what has no exact path: parameters in the path, files. */
  readonly fallback: (request: IncomingMessage, response: ServerResponse) => void;
  readonly headers: Readonly<Record<HeaderKind, Readonly<Record<string, string>>>>;
  readonly library: Library;
  readonly cache: AnswerCache;
  readonly ledger: Ledger;
  readonly memory: MemoryBudget;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly baseUrl: BaseUrl;
  /** Who comes in. */
  readonly admission: Admission;
  /** Makes a limit for the forms of one route. */
  readonly limitPosts: (perMinute: number) => RateLimit | undefined;
  /** True once the server has been told to stop: connections are closed behind their answer. */
  readonly isStopping: () => boolean;
  /** Runs a handler so that what it asks of other servers is sent with the request's ids; undefined: nobody is asked. */
  readonly traced?: Traced | undefined;
}
