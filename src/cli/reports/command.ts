import { ConfigError } from '../../config/config.js';
import { RequestError } from '../../core/errors.js';
import { LibraryFileError, VERIFY } from '../../library/open.js';
import { isMachineError } from '../../library/damage.js';
import { DamagedFileError } from '../../store/fetch-release.js';
import { describeRejection } from '../../store/postgres/failures.js';
import { UnreadableReleaseError } from '../../store/release-content.js';
import { ReleaseLostError } from '../../store/release-store.js';
import { isSqliteFailure } from '../../store/sqlite/failures.js';
import { DamagedLogError } from '../../store/written-log.js';

/** Errors whose message is shown unchanged. */
const SHOWN_UNCHANGED = [
  ConfigError,
  DamagedFileError,
  DamagedLogError,
  LibraryFileError,
  ReleaseLostError,
  UnreadableReleaseError,
];

/** The line of an error of the machine; a damaged file is found by another command. */
function describeMachine(error: Error): string {
  const isDamage = isSqliteFailure(error, 'corrupt', 'notADatabase');
  return isDamage ? `${error.message}; ${VERIFY}` : error.message;
}

/** One line on why a command failed, if the cause is not a fault of the program; else undefined. */
export function describeFailure(error: unknown): string | undefined {
  if (SHOWN_UNCHANGED.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof RequestError) {
    const { code, cause } = error;
    return cause instanceof Error ? `${code}: ${describeRejection(cause) ?? describeMachine(cause)}` : code;
  }
  return describeRejection(error) ?? (isMachineError(error) ? describeMachine(error) : undefined);
}

/** Where a command writes: a stream of the process or a stand-in. */
export interface Out {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** A command's streams: its result, and messages. */
export interface Streams {
  readonly stdout: Out;
  readonly stderr: Out;
}

/** Ends a command with a line on stderr and an exit code. */
export class CommandEnd extends Error {
  readonly exitCode: number;

  constructor(line: string, exitCode = 1) {
    super(line);
    this.exitCode = exitCode;
  }
}

/**
 * Makes a command of its work: what ends the work is written to stderr. @returns exit code
 * @param toLine the line for an error that is no CommandEnd, with exit code 1; undefined: a fault of the program
 */
export const command =
  <Sent extends readonly unknown[]>(
    work: (...sent: [...Sent, Streams]) => Promise<number>,
    toLine: (error: unknown) => string | undefined = () => undefined,
  ) =>
  async (...sent: [...Sent, Streams]): Promise<number> => {
    try {
      return await work(...sent);
    } catch (error) {
      const line = error instanceof CommandEnd ? error.message : toLine(error);
      if (line === undefined) throw error;
      (sent.at(-1) as Streams).stderr.write(`${line}\n`);
      return error instanceof CommandEnd ? error.exitCode : 1;
    }
  };
