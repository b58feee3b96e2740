import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Library, ManagedLibrary } from '../core/model/library.js';
import type { OpenOptions, OpenedLibrary } from '../library/open.js';
import { LibraryFileError, buildLibraryFile, openLibrary } from '../library/open.js';
import { openLater, tryUntilPossible } from '../library/open-later.js';
import { LIMITS } from '../limits.js';
import { findUnknownArticles, type PolicyFile, type PolicyNews } from '../build/policy-file.js';
import type { PolicyReading } from '../build/read-policy.js';

/** Maximum faults of a version that are logged individually. */
const MAX_LOGGED_FAULTS = 20;

/** Logs the policy in force, and its lines that name articles missing in the library. */
function logReading(reading: PolicyReading, file: PolicyFile, library: Library, log: Logger): void {
  const { rules, policy } = reading;
  log.info({ file: file.path, rules, version: policy.version }, 'site policy in force');
  try {
    for (const { article, lines } of findUnknownArticles(reading, library)) {
      log.warn({ file: file.path, lines, article }, 'the site policy names an article that the library lacks');
    }
  } catch {
    // The library does not answer now: unknown articles are checked again with the next version.
  }
}

/**
 * Logs the site's policy and takes a new version of its file while the server runs. A faulty one ends nothing: it is named
 * line by line, and the last good one holds.
 * @returns ends it
 */
function followPolicy(file: PolicyFile, library: Library, log: Logger): () => void {
  if (file.reading.rules > 0) logReading(file.reading, file, library, log);
  const logNews = (news: PolicyNews): void => {
    if (news.kind === 'taken') {
      logReading(news.reading, file, library, log);
      return;
    }
    for (const fault of news.lines.slice(0, MAX_LOGGED_FAULTS)) {
      log.error({ file: file.path, fault }, 'the site policy has a fault: the last valid one stays in force');
    }
    const more = news.lines.length - MAX_LOGGED_FAULTS;
    if (more > 0) log.error({ file: file.path, more }, 'the site policy has more faults: policy check lists all');
  };
  return file.watch(LIMITS.policyEveryMs, logNews);
}

const SERVER_NEWS = {
  lost: 'the database does not answer: serving the copy on this machine',
  back: 'the database answers again',
};
const COPY_NEWS = {
  lost: 'the copy of the library cannot be updated: serving its current content',
  back: 'the copy of the library is up to date again',
};
const RELEASE_NEWS = {
  lost: 'a file of the library is damaged: what it cannot answer is 503, and so is /readyz',
  back: 'the files of the library are whole again',
};
const FILE_NEWS = {
  lost: 'the library file was damaged or replaced: it is not served',
  back: 'the library file can be read again',
};

/** Opens the configured library and rebuilds it if its files have changed. */
export function openConfigured(
  config: Config,
  news: Pick<OpenOptions, 'onAvailable' | 'onCopied' | 'onFiles'> = {},
): Promise<OpenedLibrary> {
  return openLibrary({ ...config, readOnly: config.libraryReadOnly, ...news });
}

/** Runs work over the configured library, and closes it. */
export async function onConfigured<T>(
  config: Config,
  work: (library: OpenedLibrary['library']) => T | Promise<T>,
): Promise<T> {
  const { library } = await openConfigured(config);
  try {
    return await work(library);
  } finally {
    await library.close();
  }
}

/** Logs what was built, and which rows were left out. */
function logBuilt(log: Logger, reports: OpenedLibrary['reports']): void {
  for (const { complaints, ...report } of reports) {
    log.info(report, 'library built');
    for (const complaint of complaints) log.warn({ layer: report.layer, ...complaint }, 'row left out');
  }
}

/**
 * Brings the library up to date with its source files as soon as that is possible.
 * @param readsAll replaces damaged files of releases
 */
function buildBehind(config: Config, log: Logger, signal: AbortSignal, readsAll: boolean): void {
  const build = (): Promise<OpenedLibrary['reports']> =>
    buildLibraryFile({ ...config, readOnly: false }, false, undefined, { readsAll });
  tryUntilPossible(build, signal).then(
    (reports) => {
      logBuilt(log, reports);
    },
    (error: unknown) => {
      if (!signal.aborted) log.error({ reason: (error as Error).message }, 'the library cannot be updated');
    },
  );
}

/** The served library, with functions that stop waiting for it and watching the site's policy. */
export interface LibraryService extends Pick<OpenedLibrary, 'written' | 'feedback' | 'handedOver'> {
  readonly library: ManagedLibrary;
  readonly stopLooking: () => void;
  /** Resolves with the reason if the awaited library cannot be opened without a change by an administrator. */
  readonly refused?: Promise<unknown>;
}

/**
 * Opens the library. If the cause may pass by itself (a database that does not answer, a lock, a full disk), it is
 * served as unavailable until then.
 * @throws LibraryFileError if an administrator has to change something
 */
export async function openServed(config: Config, log: Logger): Promise<LibraryService> {
  const logChange =
    ({ back, lost }: typeof SERVER_NEWS) =>
    (isWell: boolean, reason?: unknown): void => {
      if (isWell) log.info(back);
      else log.warn({ reason: (reason as Error).message }, lost);
    };
  const onAvailable = logChange(config.database ? SERVER_NEWS : FILE_NEWS);
  const logFiles = logChange(RELEASE_NEWS);
  const end = new AbortController();
  const onFiles = (areWhole: boolean, reason?: unknown): void => {
    logFiles(areWhole, reason);
    if (!areWhole && !config.libraryReadOnly) buildBehind(config, log, end.signal, true);
  };
  const open = (): Promise<OpenedLibrary> =>
    openConfigured(config, { onAvailable, onFiles, onCopied: logChange(COPY_NEWS) });
  let stopFollowing: (() => void) | undefined;
  const look = (opened: OpenedLibrary): void => {
    const { policy, library, reports, isBuildDue, outOfDate } = opened;
    logBuilt(log, reports);
    if (isBuildDue) buildBehind(config, log, end.signal, false);
    else if (outOfDate) log.warn('the read-only library was built from other files than those beside it');
    stopFollowing = policy && followPolicy(policy, library, log);
  };
  const stopLooking = (): void => {
    end.abort();
    stopFollowing?.();
  };
  const cannotOpen = (reason: string): void => {
    log.warn({ reason }, 'the library cannot be opened yet');
  };
  try {
    const opened = await open();
    look(opened);
    return { ...opened, stopLooking };
  } catch (error) {
    if (!(error instanceof LibraryFileError) || !error.isPassing) throw error;
    let lastMessage = error.message;
    cannotOpen(lastMessage);
    const later = openLater(
      open,
      (opened) => {
        log.info({ release: opened.library.status().release }, 'the library is open');
        look(opened);
      },
      (reason) => {
        const { message } = reason as Error;
        // Repeated messages are logged once.
        if (message !== lastMessage) cannotOpen(message);
        lastMessage = message;
      },
    );
    const stopWaiting = (): void => {
      later.giveUp();
      stopLooking();
    };
    const isReadOnly = config.libraryReadOnly;
    const feedback = isReadOnly ? undefined : later.feedback;
    const handedOver = isReadOnly ? undefined : later.handedOver;
    return { ...later, feedback, handedOver, stopLooking: stopWaiting };
  }
}
