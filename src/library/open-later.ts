import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import type { TerminologyIndex } from '../core/codes/terminology-index.js';
import { RequestError } from '../core/errors.js';
import type { FeedbackQueue } from '../core/evaluation/feedback.js';
import type { HandedOverRecord } from '../core/handing-over/record.js';
import type { ManagedLibrary, LibraryStatus } from '../core/model/library.js';
import type { SearchIndex } from '../core/search/search-index.js';
import type { WrittenStore } from '../core/model/written-store.js';
import { LibraryFileError, type OpenedLibrary } from './open.js';

/** The pauses between two tries grow from the one to the other, each a little other than those of other instances. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 3000;

const NOTHING: LibraryStatus = {
  release: '',
  releases: [],
  date: '',
  articles: 0,
  mappings: 0,
  systems: [],
  concepts: new Map(),
  crosswalks: [],
  texts: [],
  completeSystems: new Map(),
};

/**
 * Stands in for an object that does not exist yet: its methods throw `library-unavailable`, except those in `meanwhile`. Once the
 * object exists, calls go to it.
 */
function standIn<T extends object>(current: () => T | undefined, meanwhile: Partial<T>): T {
  const unavailable = (): never => {
    throw new RequestError('library-unavailable');
  };
  return new Proxy({} as T, {
    get: (_nothing, name) => {
      // It must not look like a Promise, though every name is answered.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      const there = current();
      const value: unknown = Reflect.get(there ?? meanwhile, name);
      if (typeof value === 'function') return value.bind(there ?? meanwhile) as unknown;
      return value ?? (there ? undefined : unavailable);
    },
  });
}

/** Whether an error may pass by itself; unforeseen errors do not. */
const isPassing = (error: Error): boolean => error instanceof LibraryFileError && error.isPassing;

/**
 * Tries until it succeeds, as long as the failure may be temporary.
 * @param onFailure called for each try that failed and is followed by another
 */
export function tryUntilPossible<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onFailure: (error: unknown) => void = () => undefined,
): Promise<T> {
  const policy = retry(handleWhen(isPassing), {
    maxAttempts: Number.MAX_SAFE_INTEGER,
    backoff: new ExponentialBackoff({ initialDelay: FIRST_PAUSE_MS, maxDelay: LONGEST_PAUSE_MS }),
  });
  policy.onFailure(({ handled, reason }) => {
    if (handled && 'error' in reason) onFailure(reason.error);
  });
  return policy.execute(work, signal);
}

/**
 * Tries to open a library until it succeeds, for as long as the obstacle may pass. Until then its release is empty, and calls throw
 * `library-unavailable`.
 * @param open opens it, or rejects
 * @param onOpened called when it is open
 * @param onFailure called for each failure that is followed by another try
 */
export function openLater(
  open: () => Promise<OpenedLibrary>,
  onOpened: (opened: OpenedLibrary) => void,
  onFailure: (error: unknown) => void,
) {
  let there: OpenedLibrary | undefined;
  const end = new AbortController();
  let refuse: (error: unknown) => void = () => undefined;
  const refused = new Promise<unknown>((resolve) => (refuse = resolve));
  const opening = tryUntilPossible(open, end.signal, onFailure).then(
    async (opened) => {
      if (end.signal.aborted) {
        await opened.written.close();
        await opened.library.close();
        return;
      }
      there = opened;
      onOpened(opened);
    },
    (error: unknown) => {
      // Otherwise the caller has stopped trying.
      if (!end.signal.aborted) refuse(error);
    },
  );
  void opening;
  const close = async (): Promise<void> => undefined;
  return {
    library: standIn<ManagedLibrary>(() => there?.library, {
      search: standIn<SearchIndex>(() => there?.library.search, { indexes: [] }),
      terminology: standIn<TerminologyIndex>(() => there?.library.terminology, {}),
      status: () => NOTHING,
      connections: () => undefined,
      storeLag: () => undefined,
      ready: async () => false,
      close,
    }),
    written: standIn<WrittenStore>(() => there?.written, { close }),
    feedback: standIn<FeedbackQueue>(() => there?.feedback, { close }),
    handedOver: standIn<HandedOverRecord>(() => there?.handedOver, { close }),
    /** Tries no longer to open it. */
    giveUp: (): void => {
      end.abort();
    },
    /** Resolves with the reason if the library cannot be opened until an administrator changes something: then it is not tried again. */
    refused,
  };
}
