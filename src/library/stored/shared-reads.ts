import DataLoader from 'dataloader';

/** A question of more keys than this is a chart's or a list's: it has a statement of its own, and no other waits for it. */
const MOST_SHARED_KEYS = 20;
/** Questions that share one statement. */
const MOST_QUESTIONS = 50;

/** Answers keys by their text, each as if it were asked alone; it may leave out those without an answer. */
export type Read<Key, Answer> = (keys: readonly Key[]) => Promise<ReadonlyMap<string, readonly Answer[]>>;

/**
 * Reads for many requests at once: what all requests that arrived in one turn of the event loop ask of one statement is asked
 * in one. A database that is busy is asked less often, not later.
 */
export class SharedReads<Key, Answer> {
  readonly #read: Read<Key, Answer>;
  readonly #questions: DataLoader<readonly Key[], ReadonlyMap<string, readonly Answer[]>>;

  /** @param keyOf the text that tells keys apart */
  constructor(keyOf: (key: Key) => string, read: Read<Key, Answer>) {
    this.#read = read;
    this.#questions = new DataLoader(
      async (questions) => {
        const keys = new Map(questions.flat().map((key) => [keyOf(key), key]));
        const found = await read([...keys.values()]);
        return questions.map(() => found);
      },
      { cache: false, maxBatchSize: MOST_QUESTIONS, batchScheduleFn: setImmediate },
    );
  }

  /** The answers of keys by their text; of other questions' keys too. */
  find(keys: readonly Key[]): Promise<ReadonlyMap<string, readonly Answer[]>> {
    return keys.length > MOST_SHARED_KEYS ? this.#read(keys) : this.#questions.load(keys);
  }
}
