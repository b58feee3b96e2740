import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { Feedback, FeedbackEntry, FeedbackQueue } from '../core/evaluation/feedback.js';
import type { WriteQueue } from './write-queue.js';

/** More than a curator reads; beyond it, the entries that were repeated least recently are dropped. */
export const MOST_FEEDBACK = 2000;

const KEY = 'article, system, code, reason, language, remark';
/** SQLite takes an OFFSET behind a LIMIT alone: this is more than there ever are. */
const ALL = 1_000_000_000;

/** One piece of feedback; a repetition increases its count. A clock that was set back does not set back its day. */
const ADD = `
  INSERT INTO feedback (${KEY}, count, first_on, last_on) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)
  ON CONFLICT (${KEY}) DO UPDATE SET
    count = feedback.count + 1,
    last_on = CASE WHEN excluded.last_on > feedback.last_on THEN excluded.last_on ELSE feedback.last_on END`;

/** Beyond the maximum, the entries repeated least recently are deleted; of one day's, those repeated least often. */
const TRIM = `
  DELETE FROM feedback WHERE (${KEY}) IN (
    SELECT ${KEY} FROM feedback ORDER BY last_on DESC, count DESC, ${KEY} LIMIT ${ALL} OFFSET $1)`;

const LIST = `SELECT ${KEY}, count, first_on AS "firstOn", last_on AS "lastOn" FROM feedback ORDER BY ${KEY}`;

/** An entry that was repeated since it was listed has another count, and stays. */
const REMOVE = `
  DELETE FROM feedback WHERE article = $1 AND system = $2 AND code = $3 AND reason = $4 AND language = $5
  AND remark = $6 AND count = $7`;

type Row = Omit<FeedbackEntry, 'coding'> & { readonly system: CodeSystemId | ''; readonly code: string };

function toEntry({ system, code, ...rest }: Row): FeedbackEntry {
  return { ...rest, coding: system === '' ? undefined : { system, code } };
}

function buildKey({ article, coding, reason, language, remark }: Feedback): string[] {
  return [article, coding?.system ?? '', coding?.code ?? '', reason, language, remark];
}

/**
 * The queue in a table of the library's database, which all instances share.
 * @param writes the queue closes it
 * @param most maximum entries
 */
export const createStoredFeedback = (writes: WriteQueue, most: number): FeedbackQueue => ({
  add: (feedback, now) =>
    writes.transact(async (db) => {
      await db.run(ADD, ...buildKey(feedback), now.toISOString().slice(0, 10));
      await db.run(TRIM, most);
    }),
  list: () => writes.run(async (db) => (await db.all<Row>(LIST)).map(toEntry)),
  remove: (entries) =>
    writes.transact(async (db) => {
      for (const entry of entries) await db.run(REMOVE, ...buildKey(entry), entry.count);
    }),
  close: () => writes.close(),
});
