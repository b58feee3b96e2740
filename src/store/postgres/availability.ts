import { RequestError } from '../../core/errors.js';

/** While the server is away, a query waits for a check of it no longer than this. */
const WAIT_MS = 250;
/** Pause between two checks by queries; a poller checks as often as it runs. */
const PAUSE_MS = 50;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** Called when the server is found to be away, with the reason, and when it answers again. */
export type OnAvailable = (isAvailable: boolean, reason?: unknown) => void;

/**
 * Whether the server answers, as last found. While it does not, the only query is whether it is back: one check at a time, shared by
 * all callers, so that they neither pile up behind it nor wait for long.
 * @param look sends the server a cheap query, and calls `found` or `missed`
 */
export function createAvailability(look: () => Promise<unknown>, onAvailable: OnAvailable) {
  let awaySince: Date | undefined;
  let looking: Promise<boolean> | undefined;
  const lookAgain = async (): Promise<boolean> => {
    await pause(PAUSE_MS);
    await look().catch(() => undefined);
    looking = undefined;
    return !awaySince;
  };
  return {
    /** When the server was found to be away; undefined while it answers. */
    awaySince: (): Date | undefined => awaySince,
    /** Something was answered. */
    found: (): void => {
      if (!awaySince) return;
      awaySince = undefined;
      onAvailable(true);
    },
    /** Something was not. */
    missed: (reason: unknown): void => {
      if (awaySince) return;
      awaySince = new Date();
      onAvailable(false, reason);
    },
    /** Lets a question pass where the server answers. @throws RequestError `library-unavailable` */
    pass: async (): Promise<void> => {
      if (!awaySince) return;
      looking ??= lookAgain();
      const isBack = await Promise.race([looking, pause(WAIT_MS).then(() => false)]);
      // Without a cause: the log has it once, and not with every question.
      if (!isBack) throw new RequestError('library-unavailable');
    },
  };
}
