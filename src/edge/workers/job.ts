import type { ErrorCode } from '../../core/errors.js';
import type { TerminologySource } from '../../core/answer/terminology-source.js';
import type { SitePolicy } from '../../core/policy/site-policy.js';
import type { Config } from '../../config/config.js';
import type { CardState } from '../../protocols/cds-hooks/answer-hook.js';
import type { RouteRequest } from '../../protocols/route.js';
import type { CachedAnswer, Encoding } from '../answers/answer-cache.js';
import type { ComputedAnswer } from '../answers/answer-builder.js';

/** A body as it was received. */
export interface ReceivedBody {
  readonly contentType: string;
  readonly isForm: boolean;
  readonly bytes: Buffer;
}

/** The configuration as a worker receives it: without functions and keys. */
export type WorkerConfig = Omit<Config, 'writer' | 'ehrs' | 'launchKey' | 'signIn'>;

/** Facts that a worker is started with. */
export interface WorkerStart {
  readonly config: WorkerConfig;
  /** Parts of the server that only the main process has; the pages state whether they are there. */
  readonly has: Readonly<Record<'written' | 'feedback' | 'handedOver' | 'upstream' | 'launches', boolean>>;
}

/** A request that a worker answers. */
export interface Job {
  /** Path of its row in the route table. */
  readonly row: string;
  readonly request: Omit<RouteRequest, 'parameters' | 'body' | 'inFlight' | 'compute'>;
  readonly body: ReceivedBody | undefined;
  /** Data of the row's computation, which is the whole job then; undefined: the request is answered. */
  readonly supplied?: unknown;
  readonly client: string;
  readonly encoding: Encoding;
}

/** An answer without its row, which each process has itself. */
export type SentAnswer = Omit<CachedAnswer, 'row'>;

/** An underlying error on our side, for the log only: a copy of an Error would lack its code. */
export interface SentCause {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: unknown;
}

/** An error on its way between processes. */
export interface SentError {
  readonly code: ErrorCode;
  readonly values: Readonly<Record<string, string | number>>;
  readonly cause: SentCause | undefined;
}

/** Functions of the main process that workers call: its connections, and what it remembers. */
export type MainParts = Pick<TerminologySource, 'ask'> & CardState;

/** Messages from the main process to a worker. */
export type ToWorker =
  | { readonly kind: 'start'; readonly start: WorkerStart }
  /** A policy that is undefined is unchanged. */
  | { readonly kind: 'job'; readonly job: Job; readonly policy: SitePolicy | undefined }
  /** The client of the current job has gone. */
  | { readonly kind: 'abandon' }
  | { readonly kind: 'returned'; readonly id: number; readonly value: unknown };

/** Messages from a worker to the main process. */
export type FromWorker =
  | ({ readonly kind: 'answer'; readonly answer: SentAnswer } & Omit<ComputedAnswer, 'answer'>)
  | { readonly kind: 'error'; readonly error: SentError; readonly answer: SentAnswer }
  | { readonly kind: 'computed'; readonly value: unknown }
  /** The request writes, or reads from an EHR: only the main process does that. */
  | { readonly kind: 'for-main' }
  | { readonly kind: 'call'; readonly id: number; readonly name: keyof MainParts; readonly values: readonly unknown[] };
