import { LRUCache } from 'lru-cache';
import type { CircuitBreakerPolicy } from 'cockatiel';
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  bulkhead,
  circuitBreaker,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import { codingKey } from '../core/codes/concept.js';
import type {
  TerminologySource,
  TerminologyQuestion,
  TerminologyTarget,
  TerminologyAnswer,
} from '../core/answer/terminology-source.js';
import type { FailureKind, TerminologyClientOptions } from './terminology-client.js';
import { TerminologyClient, UpstreamFailure } from './terminology-client.js';
import { LIMITS } from '../limits.js';
import type { TraceHeaders } from '../edge/observe/trace-context.js';

export interface TerminologyServerOptions extends Omit<TerminologyClientOptions, 'callTimeoutMs'> {
  /** Maximum time that one of our answers waits for all its calls, including the retry. */
  readonly timeoutMs: number;
  /** Called with `false` when the breaker opens, and with `true` when calls succeed again. */
  readonly onAvailable: (isAvailable: boolean) => void;
  /** The trace headers of the request being answered: a shared call carries those of the first request. */
  readonly traceHeaders: () => TraceHeaders;
}

/** Outcomes of calls: `kept` from the cache, `not-asked` if the breaker is open, the queue full or the time over. */
export type CallOutcome = 'found' | 'nothing' | 'kept' | 'not-asked' | FailureKind;
export type UpstreamOperation = 'translate' | 'lookup';

export interface CallCount {
  readonly operation: UpstreamOperation;
  readonly outcome: CallOutcome;
  readonly calls: number;
  /** Total duration of the calls that were sent, including waiting and the retry. */
  readonly seconds: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Result of one call: targets or a display. Undefined: it failed. */
type Found = Pick<TerminologyAnswer, 'targets' | 'display'>;

interface Call {
  readonly key: string;
  readonly operation: UpstreamOperation;
  readonly run: () => Promise<Found>;
}

/** The answer's maximum waiting time is over. */
class Expired extends Error {}

const isNothing = ({ targets, display }: Found): boolean => targets.length === 0 && display === undefined;

function findOutcome(thrown: unknown): CallOutcome {
  if (thrown instanceof UpstreamFailure) return thrown.kind;
  const isOurs = [BrokenCircuitError, BulkheadRejectedError, Expired].some((kind) => thrown instanceof kind);
  return isOurs ? 'not-asked' : 'unreachable';
}

/**
 * A FHIR terminology server, queried for codes that the library does not know: concurrent equal calls are shared;
 * responses are cached for a while, also negative ones; after repeated failures calls pause.
 */
export class TerminologyServer implements TerminologySource {
  readonly #options: TerminologyServerOptions;
  readonly #client: TerminologyClient;
  readonly #cache: LRUCache<string, Found>;
  readonly #underWay = new Map<string, Promise<Found | undefined>>();
  readonly #counts = new Map<string, CallCount>();
  readonly #breaker: CircuitBreakerPolicy;
  readonly #guarded: { execute: <T>(run: () => Promise<T>) => Promise<T> };

  constructor(options: TerminologyServerOptions) {
    const { timeoutMs, onAvailable } = options;
    this.#options = options;
    this.#client = new TerminologyClient({
      ...options,
      // Leaves time for the retry.
      callTimeoutMs: Math.max(1, Math.floor((timeoutMs - LIMITS.upstreamRetryAfterMs) / 2)),
    });
    this.#cache = new LRUCache({ max: LIMITS.upstreamKept });
    const isFailure = (error: Error): boolean => error instanceof UpstreamFailure;
    this.#breaker = circuitBreaker(handleWhen(isFailure), {
      halfOpenAfter: LIMITS.upstreamPauseMs,
      breaker: new ConsecutiveBreaker(LIMITS.upstreamFailures),
    });
    this.#breaker.onBreak(() => {
      onAvailable(false);
    });
    this.#breaker.onReset(() => {
      onAvailable(true);
    });
    const mayRetry = (error: Error): boolean => error instanceof UpstreamFailure && error.mayRetry;
    this.#guarded = wrap(
      bulkhead(LIMITS.upstreamCalls, LIMITS.upstreamQueue),
      retry(handleWhen(mayRetry), { maxAttempts: 1, backoff: new ConstantBackoff(LIMITS.upstreamRetryAfterMs) }),
      this.#breaker,
    );
  }

  async ask(questions: readonly TerminologyQuestion[]): Promise<TerminologyAnswer[]> {
    const { timeoutMs } = this.#options;
    const endsAt = performance.now() + timeoutMs;
    let timer: NodeJS.Timeout | undefined;
    const timeIsOver = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        resolve(undefined);
      }, timeoutMs);
    });
    try {
      return await Promise.all(questions.map((question) => this.#askOne(question, endsAt, timeIsOver)));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Number of calls of each operation by outcome since the start. */
  counts(): CallCount[] {
    return [...this.#counts.values()];
  }

  breakerState(): BreakerState {
    const { state } = this.#breaker;
    if (state === CircuitState.Closed) return 'closed';
    return state === CircuitState.HalfOpen ? 'half-open' : 'open';
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #askOne(
    question: TerminologyQuestion,
    endsAt: number,
    timeIsOver: Promise<undefined>,
  ): Promise<TerminologyAnswer> {
    const calls = this.#createCalls(question).map((call) => Promise.race([this.#find(call, endsAt), timeIsOver]));
    const found = await Promise.all(calls);
    const targets = found.flatMap((one): readonly TerminologyTarget[] => one?.targets ?? []);
    const display = found.find((one) => one?.display !== undefined)?.display;
    return { targets, display, isWhole: found.every((one) => one !== undefined) };
  }

  #createCalls({ coding, targetSystems, wantsDisplay }: TerminologyQuestion): Call[] {
    // Read now: a waiting call is started from the context of another request.
    const trace = this.#options.traceHeaders();
    const calls = targetSystems.map((target): Call => {
      const run = async (): Promise<Found> => ({
        targets: await this.#client.translate(coding, target, trace),
        display: undefined,
      });
      return { key: `translate ${codingKey(coding)} ${target}`, operation: 'translate', run };
    });
    if (!wantsDisplay) return calls;
    const run = async (): Promise<Found> => ({ targets: [], display: await this.#client.lookup(coding, trace) });
    return [...calls, { key: `lookup ${codingKey(coding)}`, operation: 'lookup', run }];
  }

  /** Returns the cached result, else that of the pending call, else of a new one. Never rejects. */
  #find(call: Call, endsAt: number): Promise<Found | undefined> {
    const cached = this.#cache.get(call.key);
    if (cached) {
      this.#count(call.operation, 'kept');
      return Promise.resolve(cached);
    }
    const known = this.#underWay.get(call.key);
    if (known) return known;
    const started = this.#start(call, endsAt).finally(() => this.#underWay.delete(call.key));
    this.#underWay.set(call.key, started);
    return started;
  }

  async #start({ key, operation, run }: Call, endsAt: number): Promise<Found | undefined> {
    const { upstreamKeepFoundMs, upstreamKeepNothingMs } = LIMITS;
    const started = performance.now();
    try {
      const found = await this.#guarded.execute(async () => {
        // Its request has timed out: the call would only delay others.
        if (performance.now() > endsAt) throw new Expired();
        return run();
      });
      const ttl = isNothing(found) ? upstreamKeepNothingMs : upstreamKeepFoundMs;
      this.#cache.set(key, found, { ttl });
      this.#count(operation, isNothing(found) ? 'nothing' : 'found', started);
      return found;
    } catch (thrown) {
      this.#count(operation, findOutcome(thrown), started);
      return undefined;
    }
  }

  #count(operation: UpstreamOperation, outcome: CallOutcome, started = performance.now()): void {
    const key = `${operation} ${outcome}`;
    const { calls, seconds } = this.#counts.get(key) ?? { calls: 0, seconds: 0 };
    const took = (performance.now() - started) / 1000;
    this.#counts.set(key, { operation, outcome, calls: calls + 1, seconds: seconds + took });
  }
}
