import type { Logger } from 'pino';
import type { Library } from '../core/model/library.js';
import type { HeaderKind, Route } from '../protocols/route.js';
import type { RouteTable } from '../protocols/route-table.js';
import type { Admission } from './admission/admission.js';
import type { AnswerCache } from './answers/answer-cache.js';
import type { BaseUrl } from './base-url.js';
import type { Ledger } from './observe/ledger.js';
import type { MemoryBudget } from './memory-budget.js';
import type { RateLimit } from './admission/rate-limit.js';
import type { Traced } from './observe/trace-context.js';

/** What the edge is put together from. */
export interface EdgeOptions {
  readonly routes: RouteTable<Route>;
  /** Answers errors outside every route. */
  readonly elsewhere: Route;
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
  /** True once the server is stopping: connections are closed behind their answer. */
  readonly isStopping: () => boolean;
  /** Runs a handler so that its calls to other servers carry the request's ids; undefined: no other server is called. */
  readonly traced?: Traced | undefined;
}
