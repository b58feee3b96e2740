import type Database from 'better-sqlite3';
import type { CodeSystemId } from '../../core/code-systems.js';
import { RequestError } from '../../core/errors.js';
import type { Feedback, FeedbackEntry, FeedbackQueue } from '../../core/feedback.js';
import { isLocked } from './sqlite-connection.js';
import { readStatement } from './statements.js';

/** About two seconds in all: each try itself waits for a lock. */
const LOCK_TRIES = 20;
const LOCK_PAUSE_MS = 50;

type Row = Omit<FeedbackEntry, 'coding'> & { readonly system: CodeSystemId | ''; readonly code: string };

function toEntry({ system, code, ...rest }: Row): FeedbackEntry {
  return { ...rest, coding: system === '' ? undefined : { system, code } };
}

function keyOf({ article, coding, reason, language, remark }: Feedback) {
  return { article, system: coding?.system ?? '', code: coding?.code ?? '', reason, language, remark };
}

/** The queue in a table of the library's file, written by a connection of its own. */
export class SqliteFeedback implements FeedbackQueue {
  readonly #db: Database.Database;
  readonly #add: (feedback: Feedback, day: string) => void;
  readonly #list: Database.Statement<[], Row>;
  readonly #remove: (entries: readonly FeedbackEntry[]) => void;

  /**
   * @param db a connection that may write; the queue closes it
   * @param most entries that are kept
   */
  constructor(db: Database.Database, resourcesDir: string, most: number) {
    this.#db = db;
    db.exec(readStatement(resourcesDir, 'feedback-schema'));
    const add = db.prepare(readStatement(resourcesDir, 'add-feedback'));
    const trim = db.prepare(readStatement(resourcesDir, 'trim-feedback'));
    const remove = db.prepare(readStatement(resourcesDir, 'remove-feedback'));
    this.#list = db.prepare(readStatement(resourcesDir, 'list-feedback'));
    const addOne = db.transaction((feedback: Feedback, day: string) => {
      add.run({ ...keyOf(feedback), day });
      trim.run({ most });
    });
    const removeAll = db.transaction((entries: readonly FeedbackEntry[]) => {
      for (const entry of entries) remove.run({ ...keyOf(entry), count: entry.count });
    });
    this.#add = (feedback, day) => {
      addOne.immediate(feedback, day);
    };
    this.#remove = (entries) => {
      removeAll.immediate(entries);
    };
  }

  /** Does a piece of work; a lock is waited for without blocking the process. */
  async #run<T>(work: () => T): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return work();
      } catch (error) {
        if (!isLocked(error) || attempt === LOCK_TRIES) throw new RequestError('library-unavailable', {}, error);
        await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
      }
    }
  }

  add(feedback: Feedback, now: Date): Promise<void> {
    return this.#run(() => {
      this.#add(feedback, now.toISOString().slice(0, 10));
    });
  }

  list(): Promise<FeedbackEntry[]> {
    return this.#run(() => this.#list.all().map(toEntry));
  }

  remove(entries: readonly FeedbackEntry[]): Promise<void> {
    return this.#run(() => {
      this.#remove(entries);
    });
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}
