import { ConfigError } from '../../config/config.js';
import { RequestError } from '../../core/errors.js';
import { LibraryFileError, isMachineError } from '../../library/open.js';
import { describeRejection } from '../../store/postgres/failures.js';
import { UnreadableReleaseError } from '../../store/release-content.js';
import { ReleaseLostError } from '../../store/release-store.js';

/** Errors whose message is shown unchanged. */
const SHOWN_UNCHANGED = [ConfigError, LibraryFileError, ReleaseLostError, UnreadableReleaseError];

/** One line on why a command failed, if the cause is not a fault of the program; else undefined. */
export function describeFailure(error: unknown): string | undefined {
  if (SHOWN_UNCHANGED.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof RequestError) {
    const { code, cause } = error;
    return cause instanceof Error ? `${code}: ${describeRejection(cause) ?? cause.message}` : code;
  }
  return describeRejection(error) ?? (isMachineError(error) ? error.message : undefined);
}
