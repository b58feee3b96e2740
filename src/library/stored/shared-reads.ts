import DataLoader from 'dataloader';

/** A question of more keys than this is a chart's or a list's: it has a statement of its own, and no other waits for it. */
const MOST_SHARED_KEYS = 20;
/** Questions that share one statement. */
const MOST_QUESTIONS = 50;
/** However many questions go on coming, none waits for more turns of the event loop than these. */
const MOST_TURNS = 8;

/** Answers keys by their text, each as if it were asked alone; it may leave out those without an answer. */
export type Read<Key, Answer> = (keys: readonly Key[]) => Promise<ReadonlyMap<string, readonly Answer[]>>;

/**
 * Reads for many requests at once: what requests ask of one statement, until a turn of the event loop brings no further
 * question, is asked in one. A database that is busy is asked less often, not later.
 */
export class SharedReads<Key, Answer> {
  readonly #read: Read<Key, Answer>;
  readonly #questions: DataLoader<readonly Key[], ReadonlyMap<string, readonly Answer[]>>;
  /** Questions so far. */
  #count = 0;

  readonly #onceQuiet = (ask: () => void, turnsLeft = MOST_TURNS): void => {
    const count = this.#count;
    setImmediate(() => {
      if (count === this.#count || turnsLeft === 1) ask();
      else this.#onceQuiet(ask, turnsLeft - 1);
    });
  };

  /** @param keyOf the text that tells keys apart */
  constructor(keyOf: (key: Key) => string, read: Read<Key, Answer>) {
    this.#read = read;
    this.#questions = new DataLoader(
      async (questions) => {
        const keys = new Map(questions.flat().map((key) => [keyOf(key), key]));
        const found = await read([...keys.values()]);
        return questions.map(() => found);
      },
      { cache: false, maxBatchSize: MOST_QUESTIONS, batchScheduleFn: this.#onceQuiet },
    );
  }

  /** The answers of keys by their text; of other questions' keys too. */
  find(keys: readonly Key[]): Promise<ReadonlyMap<string, readonly Answer[]>> {
    if (keys.length === 0) return Promise.resolve(new Map());
    if (keys.length > MOST_SHARED_KEYS) return this.#read(keys);
    this.#count += 1;
    return this.#questions.load(keys);
  }
}
