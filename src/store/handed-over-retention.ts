import {
  MARKED_MS,
  advanceTime,
  isTooMany,
  retentionEnd,
  type RecordTime,
  type RetentionPass,
} from '../core/handing-over/retention.js';
import type { Erasure } from '../core/handing-over/record.js';
import type { Connection } from './connection.js';
import type { WriteQueue } from './write-queue.js';

/** A hold that is in force on the entry `g`, or on its patient. */
const HOLD_OF_ENTRY = `
  SELECT 1 FROM handed_over h
  WHERE h.kind = 'hold' AND (h.entry = g.entry OR (h.entry = '' AND h.patient = g.patient)) AND NOT EXISTS (
    SELECT 1 FROM handed_over r
    WHERE r.kind = 'release' AND r.entry = h.entry AND r.patient = h.patient AND r.sequence > h.sequence)`;

/** Entries from before an instant without a hold that is in force. */
const OUTDATED = `
  SELECT g.entry, g.sequence FROM handed_over g
  WHERE g.kind = 'given' AND g.at < $1 AND NOT EXISTS (${HOLD_OF_ENTRY})`;
const FIRST_OUTDATED = `${OUTDATED} ORDER BY g.sequence LIMIT $2`;

/**
 * Number of the first entry that is retained. A later one is retained too, whatever its time: the clock was wrong when it was written.
 * Times in the future are of a wrong clock as well.
 */
const FIRST_RETAINED = "SELECT MIN(sequence) AS first FROM handed_over WHERE kind = 'given' AND at >= $1 AND at <= $2";
const UNMARKED = `
  ${OUTDATED} AND g.sequence < $2 AND g.sequence > $3
  AND NOT EXISTS (SELECT 1 FROM handed_over_mark m WHERE m.entry = g.entry) ORDER BY g.sequence LIMIT $4`;
const MARK = 'INSERT INTO handed_over_mark (entry, ran_ms) VALUES ($1, $2) ON CONFLICT (entry) DO NOTHING';
/** Marks of entries that have not outlived their retention by the clock of now, or are on hold. */
const DROP_MARKS = `
  DELETE FROM handed_over_mark WHERE entry IN (
    SELECT g.entry FROM handed_over_mark m JOIN handed_over g ON g.entry = m.entry AND g.kind = 'given'
    WHERE g.at >= $1 OR g.sequence >= $2 OR EXISTS (${HOLD_OF_ENTRY}))`;
const COUNT = `
  SELECT (SELECT COUNT(*) FROM handed_over WHERE kind = 'given') AS "all",
    (SELECT COUNT(*) FROM handed_over_mark) AS marked,
    (SELECT COUNT(*) FROM handed_over_mark WHERE ran_ms <= $1) AS due`;
const FIRST_DUE = `
  SELECT g.entry, g.sequence FROM handed_over_mark m JOIN handed_over g ON g.entry = m.entry AND g.kind = 'given'
  WHERE m.ran_ms <= $1 AND NOT EXISTS (${HOLD_OF_ENTRY}) ORDER BY g.sequence LIMIT $2`;

const READ_TIME = 'SELECT seen_at AS "seenAt", ran_ms AS "ranMs" FROM handed_over_clock';
const WRITE_TIME = `
  INSERT INTO handed_over_clock (id, seen_at, ran_ms) VALUES (1, $1, $2)
  ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, ran_ms = excluded.ran_ms`;

const OF_SUBJECT = `
  SELECT g.entry, g.patient, CASE WHEN EXISTS (${HOLD_OF_ENTRY}) THEN 1 ELSE 0 END AS held
  FROM handed_over g WHERE g.kind = 'given'`;
const OF_ENTRY = `${OF_SUBJECT} AND g.entry = $1`;
const OF_PATIENT = `${OF_SUBJECT} AND g.patient = $1 ORDER BY g.sequence`;
/** A hold on a patient that is in force, also where the patient has no entry. */
const PATIENT_HOLD = `SELECT 1 FROM (SELECT '' AS entry, CAST($1 AS TEXT) AS patient) g WHERE EXISTS (${HOLD_OF_ENTRY})`;
/** Holds on a patient that were released: they name the patient. */
const DROP_PATIENT_HOLDS = "DELETE FROM handed_over WHERE entry = '' AND patient = $1";
const ADD_ERASURE = `
  INSERT INTO handed_over_erasure (sequence, at, erased_by, subject, entries)
  SELECT COALESCE(MAX(sequence), 0) + 1, $1, $2, $3, $4 FROM handed_over_erasure`;
const ERASURES = 'SELECT at, erased_by AS "by", subject, entries FROM handed_over_erasure ORDER BY sequence';

const DROP_TEXTS = 'DELETE FROM handed_over_text WHERE digest NOT IN (SELECT digest FROM handed_over_item)';

/** Entries that are marked or deleted in one transaction: others write between. */
const MOST_AT_ONCE = 500;
/** Beyond every sequence number. */
const NO_SEQUENCE = Number.MAX_SAFE_INTEGER;

interface Found {
  readonly entry: string;
  readonly sequence: number;
}

/** Deletes entries with all their rows. @returns how many */
async function dropEntries(db: Connection, entries: readonly Pick<Found, 'entry'>[]): Promise<number> {
  for (const { entry } of entries) {
    for (const table of ['handed_over', 'handed_over_item', 'handed_over_mark'])
      await db.run(`DELETE FROM ${table} WHERE entry = $1`, entry);
  }
  if (entries.length > 0) await db.run(DROP_TEXTS);
  return entries.length;
}

/** Does a step in transactions of its own until one finds fewer entries than fit. @returns the sum of their counts */
async function repeat(writes: WriteQueue, step: (db: Connection) => Promise<number>): Promise<number> {
  for (let sum = 0; ;) {
    const count = await writes.transact(step);
    sum += count;
    if (count < MOST_AT_ONCE) return sum;
  }
}

/** Deletes entries from before an instant that are not on hold. @returns how many */
export const purge = (writes: WriteQueue, before: string): Promise<number> =>
  repeat(writes, async (db) => dropEntries(db, await db.all<Found>(FIRST_OUTDATED, before, MOST_AT_ONCE)));

/** Does a pass of retention, as `HandedOverRecord` has it. */
export async function enforceRetention(writes: WriteQueue, days: number, ranMs: number): Promise<RetentionPass> {
  const begun = await writes.transact(async (db) => {
    const now = await db.now();
    const time = advanceTime((await db.all<RecordTime>(READ_TIME))[0], now, ranMs);
    await db.run(WRITE_TIME, time.seenAt, time.ranMs);
    const before = retentionEnd(days, now);
    const [found] = await db.all<{ first: number | null }>(FIRST_RETAINED, before, time.seenAt);
    const firstRetained = found?.first ?? NO_SEQUENCE;
    await db.run(DROP_MARKS, before, firstRetained);
    return { time, before, firstRetained };
  });
  const { time, before, firstRetained } = begun;
  let last = 0;
  const newlyMarked = await repeat(writes, async (db) => {
    const entries = await db.all<Found>(UNMARKED, before, firstRetained, last, MOST_AT_ONCE);
    for (const { entry } of entries) await db.run(MARK, entry, time.ranMs);
    last = entries.at(-1)?.sequence ?? last;
    return entries.length;
  });
  const dueFrom = time.ranMs - MARKED_MS;
  const [counts] = await writes.run((db) => db.all<Pick<RetentionPass, 'all' | 'marked' | 'due'>>(COUNT, dueFrom));
  const { all = 0, marked = 0, due = 0 } = counts ?? {};
  const deleteSome = async (db: Connection): Promise<number> =>
    dropEntries(db, await db.all<Found>(FIRST_DUE, dueFrom, MOST_AT_ONCE));
  const deleted = isTooMany(due, all) ? 0 : await repeat(writes, deleteSome);
  return { at: time.seenAt, all, newlyMarked, marked, due, deleted };
}

/** Erases an entry or a patient's entries, and leaves a trace. @param key the entry's id, or the patient as the table names one */
export async function erase(
  db: Connection,
  subject: Erasure['subject'],
  key: string,
  by: string,
): Promise<Erasure | undefined> {
  const isPatient = subject === 'patient';
  const found = await db.all<{ entry: string; held: number }>(isPatient ? OF_PATIENT : OF_ENTRY, key);
  if (found.some(({ held }) => held === 1)) return undefined;
  if (isPatient) {
    if ((await db.all(PATIENT_HOLD, key)).length > 0) return undefined;
    await db.run(DROP_PATIENT_HOLDS, key);
  }
  await dropEntries(db, found);
  const erasure = { at: (await db.now()).toISOString(), by, subject, entries: found.map(({ entry }) => entry) };
  if (found.length > 0) await db.run(ADD_ERASURE, erasure.at, by, subject, JSON.stringify(erasure.entries));
  return erasure;
}

export const listErasures = async (db: Connection): Promise<Erasure[]> =>
  (await db.all<Omit<Erasure, 'entries'> & { entries: string }>(ERASURES)).map((one) => ({
    ...one,
    entries: JSON.parse(one.entries) as string[],
  }));
