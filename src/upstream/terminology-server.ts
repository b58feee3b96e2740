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
import type { Proxies } from '../config/proxies.js';
import { codingKey } from '../core/concept.js';
import type { Elsewhere, ElsewhereQuestion, ElsewhereTarget, ElsewhereWord } from '../core/elsewhere.js';
import type { FailureKind, TraceHeaders } from './terminology-client.js';
import { TerminologyClient, UpstreamFailure } from './terminology-client.js';

export interface TerminologyServerOptions {
  readonly server: string;
  readonly token: string | undefined;
  readonly proxies: Proxies | undefined;
  /** How long one answer of ours waits, whatever it asks, the retry included. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly limits: UpstreamLimits;
  /** Told when the breaker opens (`false`) and when calls go through again. */
  readonly onAvailable: (isAvailable: boolean) => void;
  /** The trace headers of the request that is being answered: a call that several wait for carries those of the first. */
  readonly traceOf: () => TraceHeaders;
}

export interface UpstreamLimits {
  readonly upstreamAnswerBytes: number;
  /** Calls at once; further ones wait, so many at most. */
  readonly upstreamCalls: number;
  readonly upstreamQueue: number;
  /** So many failures on end, and nothing is asked for a while. */
  readonly upstreamFailures: number;
  readonly upstreamPauseMs: number;
  readonly upstreamRetryAfterMs: number;
  readonly upstreamKept: number;
  readonly upstreamKeepFoundMs: number;
  readonly upstreamKeepNothingMs: number;
}

/** How calls end: `kept` without asking, `not-asked` where the breaker is open, the queue full or the time over. */
export type CallOutcome = 'found' | 'nothing' | 'kept' | 'not-asked' | FailureKind;
export type UpstreamOperation = 'translate' | 'lookup';

export interface CallCount {
  readonly operation: UpstreamOperation;
  readonly outcome: CallOutcome;
  readonly calls: number;
  /** How long those that asked took altogether, waiting for their turn and the retry included. */
  readonly seconds: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** What one call finds: targets or a display. Undefined: it failed. */
type Found = Pick<ElsewhereWord, 'targets' | 'display'>;

interface Call {
  readonly key: string;
  readonly operation: UpstreamOperation;
  readonly run: () => Promise<Found>;
}

/** The time that an answer waits for is over. */
class Expired extends Error {}

const isNothing = ({ targets, display }: Found): boolean => targets.length === 0 && display === undefined;

function outcomeOf(thrown: unknown): CallOutcome {
  if (thrown instanceof UpstreamFailure) return thrown.kind;
  const isOurs = [BrokenCircuitError, BulkheadRejectedError, Expired].some((kind) => thrown instanceof kind);
  return isOurs ? 'not-asked' : 'unreachable';
}

/**
 * A FHIR terminology server, asked for what the library does not know: each question once, however many wait for it; what
 * it said is kept for a while, also that it knows nothing; a server that fails is left alone for a while.
 */
export class TerminologyServer implements Elsewhere {
  readonly #options: TerminologyServerOptions;
  readonly #client: TerminologyClient;
  readonly #kept: LRUCache<string, Found>;
  readonly #underWay = new Map<string, Promise<Found | undefined>>();
  readonly #counts = new Map<string, CallCount>();
  readonly #breaker: CircuitBreakerPolicy;
  readonly #guarded: { execute: <T>(run: () => Promise<T>) => Promise<T> };

  constructor(options: TerminologyServerOptions) {
    const { server, token, proxies, timeoutMs, userAgent, limits, onAvailable } = options;
    this.#options = options;
    this.#client = new TerminologyClient({
      server,
      token,
      proxies,
      userAgent,
      // So that the retry has time too.
      callTimeoutMs: Math.max(1, Math.floor((timeoutMs - limits.upstreamRetryAfterMs) / 2)),
      maxAnswerBytes: limits.upstreamAnswerBytes,
      maxConnections: limits.upstreamCalls,
    });
    this.#kept = new LRUCache({ max: limits.upstreamKept });
    const isFailure = (error: Error): boolean => error instanceof UpstreamFailure;
    this.#breaker = circuitBreaker(handleWhen(isFailure), {
      halfOpenAfter: limits.upstreamPauseMs,
      breaker: new ConsecutiveBreaker(limits.upstreamFailures),
    });
    this.#breaker.onBreak(() => {
      onAvailable(false);
    });
    this.#breaker.onReset(() => {
      onAvailable(true);
    });
    const mayRetry = (error: Error): boolean => error instanceof UpstreamFailure && error.mayRetry;
    this.#guarded = wrap(
      bulkhead(limits.upstreamCalls, limits.upstreamQueue),
      retry(handleWhen(mayRetry), { maxAttempts: 1, backoff: new ConstantBackoff(limits.upstreamRetryAfterMs) }),
      this.#breaker,
    );
  }

  async ask(questions: readonly ElsewhereQuestion[]): Promise<ElsewhereWord[]> {
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

  /** How many calls of each operation ended in each way since the start. */
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

  async #askOne(question: ElsewhereQuestion, endsAt: number, timeIsOver: Promise<undefined>): Promise<ElsewhereWord> {
    const calls = this.#callsOf(question).map((call) => Promise.race([this.#find(call, endsAt), timeIsOver]));
    const found = await Promise.all(calls);
    const targets = found.flatMap((one): readonly ElsewhereTarget[] => one?.targets ?? []);
    const display = found.find((one) => one?.display !== undefined)?.display;
    return { targets, display, isWhole: found.every((one) => one !== undefined) };
  }

  #callsOf({ coding, targetSystems, wantsDisplay }: ElsewhereQuestion): Call[] {
    // Taken now: a call that waits for its turn is started by whichever request ends before it.
    const trace = this.#options.traceOf();
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

  /** What is kept, else what comes of the call that is under way, else of a new one. Never rejects. */
  #find(call: Call, endsAt: number): Promise<Found | undefined> {
    const kept = this.#kept.get(call.key);
    if (kept) {
      this.#count(call.operation, 'kept');
      return Promise.resolve(kept);
    }
    const known = this.#underWay.get(call.key);
    if (known) return known;
    const started = this.#start(call, endsAt).finally(() => this.#underWay.delete(call.key));
    this.#underWay.set(call.key, started);
    return started;
  }

  async #start({ key, operation, run }: Call, endsAt: number): Promise<Found | undefined> {
    const { upstreamKeepFoundMs, upstreamKeepNothingMs } = this.#options.limits;
    const started = performance.now();
    try {
      const found = await this.#guarded.execute(async () => {
        // Nobody waits any more: what has stood in the queue so long would only hold up others.
        if (performance.now() > endsAt) throw new Expired();
        return run();
      });
      const ttl = isNothing(found) ? upstreamKeepNothingMs : upstreamKeepFoundMs;
      this.#kept.set(key, found, { ttl });
      this.#count(operation, isNothing(found) ? 'nothing' : 'found', started);
      return found;
    } catch (thrown) {
      this.#count(operation, outcomeOf(thrown), started);
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
