import type { Logger } from 'pino';

/** The cause of a request that could not be answered is logged again after so long. */
const SAME_AGAIN_MS = 60_000;
/** Kinds of failure that are remembered; a handful is usual. */
const MOST_KINDS = 100;

interface Trace {
  readonly error: string;
  /** Code of the system or the database: ENOSPC, 42501. */
  readonly code?: string;
  /** Names of ours that the database may not read, or lacks. */
  readonly reason?: string;
  readonly trace: readonly string[];
}

/** Insufficient privilege, undefined table, undefined column: PostgreSQL's message names these alone. */
const NAMES_OURS: ReadonlySet<string> = new Set(['42501', '42P01', '42703']);

/** An error's name and where it was thrown, without its message: that may quote the request. */
function toTrace(error: unknown): Trace {
  if (!(error instanceof Error)) return { error: typeof error, trace: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const { code } = error as { readonly code?: unknown };
  const isCode = typeof code === 'string' && /^\w{1,40}$/.test(code);
  return {
    error: error.name,
    ...(isCode ? { code } : {}),
    ...(isCode && NAMES_OURS.has(code) ? { reason: error.message } : {}),
    trace: frames.map((line) => line.trim()),
  };
}

/** A machine's error has a code, the same wherever it occurs. */
const buildKind = ({ error, code, trace }: Trace): string => `${error} ${code ?? trace.join(' ')}`;

/** @param isForeseen whether the client got its own error code, and not that of a fault of the program */
export type LogFailure = (
  failure: unknown,
  request: { readonly requestId: string; readonly route: string },
  isForeseen: boolean,
) => void;

/**
 * Creates what logs failures on our side. A fault of the program is logged with each request; a fault of the machine (a database
 * that is away, a disk) would be the same line for every request, and is logged once a minute.
 */
export function createFailureLog(log: Logger, clock: () => Date): LogFailure {
  const loggedAt = new Map<string, number>();
  const isNews = (kind: string): boolean => {
    const now = clock().getTime();
    const last = loggedAt.get(kind);
    // A time to come is from before the clock was set back.
    if (last !== undefined && now >= last && now - last < SAME_AGAIN_MS) return false;
    if (loggedAt.size >= MOST_KINDS) loggedAt.clear();
    loggedAt.set(kind, now);
    return true;
  };
  return (failure, request, isForeseen) => {
    const trace = toTrace(failure);
    if (isForeseen && !isNews(buildKind(trace))) return;
    log.error({ ...request, ...trace }, 'request failed');
  };
}
