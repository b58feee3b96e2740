import { ConfigError } from '../../config/config.js';
import { RequestError } from '../../core/errors.js';
import { LibraryFileError, VERIFY } from '../../library/open.js';
import { isMachineError } from '../../library/machine-error.js';
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
