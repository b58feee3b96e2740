import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { OpenOptions, OpenedLibrary } from '../library/open.js';
import { LibraryFileError, openLibrary } from '../library/open.js';
import { openLater } from '../library/open-later.js';
import { followPolicy } from './follow-policy.js';

const SERVER_NEWS = {
  lost: 'the database does not answer: what is in memory is served',
  back: 'the database answers again',
};
const FILE_NEWS = {
  lost: 'the library file is no longer what it was: nothing is served of it',
  back: 'the library file can be read again',
};

/** Opens the library that a configuration names, built anew where its files have changed. */
export function openConfigured(config: Config, onAvailable?: OpenOptions['onAvailable']): Promise<OpenedLibrary> {
  return openLibrary({ ...config, readOnly: config.libraryReadOnly, onAvailable });
}

/** Tells the log what was built, and what of it is not as it should be. */
function tellOpened(log: Logger, { reports, outOfDate }: OpenedLibrary): void {
  for (const { complaints, ...report } of reports) {
    log.info(report, 'library built');
    for (const complaint of complaints) log.warn({ layer: report.layer, ...complaint }, 'row left out');
  }
  if (outOfDate) log.warn('the read-only library was built from other files than those beside it');
}

/** What is served, and what ends the looking after it: for its coming, and for changes of the site's policy. */
export interface ServedLibrary extends Pick<OpenedLibrary, 'library' | 'written' | 'feedback'> {
  readonly stopLooking: () => void;
  /** Resolves with the reason where it was waited for and cannot be opened until somebody sets up something otherwise. */
  readonly refused?: Promise<unknown>;
}

/**
 * Opens the library. Where what it lacks may come by itself (a database that does not answer, a lock, a full disk), it is
 * served as unavailable until then.
 * @throws LibraryFileError where somebody has to set up something otherwise
 */
export async function openServed(config: Config, log: Logger): Promise<ServedLibrary> {
  const open = (): Promise<OpenedLibrary> =>
    openConfigured(config, (isAvailable, reason) => {
      const { back, lost } = config.database ? SERVER_NEWS : FILE_NEWS;
      if (isAvailable) log.info(back);
      else log.warn({ reason: (reason as Error).message }, lost);
    });
  let stopFollowing: (() => void) | undefined;
  const look = (opened: OpenedLibrary): void => {
    tellOpened(log, opened);
    const { policy, whole } = opened;
    stopFollowing = policy && followPolicy(policy, whole, log);
  };
  const cannotOpen = (reason: string): void => {
    log.warn({ reason }, 'the library cannot be opened yet');
  };
  try {
    const opened = await open();
    look(opened);
    return { ...opened, stopLooking: () => stopFollowing?.() };
  } catch (error) {
    if (!(error instanceof LibraryFileError) || !error.isPassing) throw error;
    let told = error.message;
    cannotOpen(told);
    const later = openLater(
      open,
      (opened) => {
        log.info({ release: opened.library.status().release }, 'the library is open');
        look(opened);
      },
      (reason) => {
        const { message } = reason as Error;
        // The same again and again is told once.
        if (message !== told) cannotOpen(message);
        told = message;
      },
    );
    const stopLooking = (): void => {
      later.giveUp();
      stopFollowing?.();
    };
    return { ...later, feedback: config.libraryReadOnly ? undefined : later.feedback, stopLooking };
  }
}
