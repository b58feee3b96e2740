import type { Logger } from 'pino';
import type { HandedOverConfig } from '../config/site-settings.js';
import type { HandedOverRecord } from '../core/handing-over/record.js';
import { retentionEnd } from '../core/handing-over/retention.js';

/**
 * Deletes entries of the record that have outlived their retention, now and then.
 * @param recordKeeping undefined: nothing is recorded
 * @returns what ends it
 */
export function purgeByRetention(
  record: HandedOverRecord | undefined,
  recordKeeping: HandedOverConfig | undefined,
  everyMs: number,
  log: Pick<Logger, 'info' | 'warn'>,
): () => void {
  if (!record || !recordKeeping) return () => undefined;
  const purge = (): void => {
    record.purge(retentionEnd(recordKeeping.retentionDays, new Date())).then(
      (entries) => {
        if (entries > 0) log.info({ entries }, 'entries of the record have outlived their retention');
      },
      // The database is away: the next time will do.
      (error: unknown) => {
        log.warn({ reason: (error as Error).message }, 'retention could not be enforced now');
      },
    );
  };
  purge();
  const timer = setInterval(purge, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
