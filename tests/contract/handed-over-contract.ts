import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type {
  Delivery,
  GivenEntry,
  HandedOverRecord,
  LanguageCount,
  UseCount,
  WantedPage,
} from '../../src/core/handing-over/record.js';
import type { RetentionPass } from '../../src/core/handing-over/retention.js';
import { createDatabase, type OpenOptions } from '../../src/library/open.js';
import { EHR, given, item } from './given-entries.js';
import {
  countArticlesPlainly,
  countPlainly,
  listWantedPlainly,
  sortFields,
  synthesize,
  type SyntheticEntry,
} from './synthetic-entries.js';

/** A record of its own, for as long as a test needs it. */
export interface OpenedRecord {
  readonly record: HandedOverRecord;
  /** Another process opens the same record. */
  readonly again: () => HandedOverRecord;
  /** Runs a statement on its tables. */
  readonly run: (sql: string, ...values: string[]) => Promise<void>;
  /** Writes many entries at once, as rows. */
  readonly fill: (entries: readonly SyntheticEntry[]) => Promise<void>;
  readonly remove: () => Promise<void>;
}

const written: Delivery = {
  state: 'written',
  at: '2026-11-24T12:00:01.000Z',
  reference: 'DocumentReference/1',
  reason: undefined,
};
const NO_TEXTS = new Map<string, string>();
const NOW = new Date('2026-11-25T08:00:00Z');
const DAY_MS = 86_400_000;
const OLD = '2001-01-01T00:00:00.000Z';
const DAYS = 3650;

/** Runs a statement on the tables of a library. */
export async function runStatement(place: OpenOptions, sql: string, ...values: string[]): Promise<void> {
  const db = await createDatabase(place).connect();
  await db.run(sql, ...values);
  await db.close();
}

/** Writes entries and their errors as rows, in one transaction. */
export async function fillRecord(place: OpenOptions, entries: readonly SyntheticEntry[]): Promise<void> {
  const db = await createDatabase(place).connect();
  const sql = 'INSERT INTO handed_over (sequence, entry, kind, at, patient, content) VALUES ($1, $2, $3, $4, $5, $6)';
  await db.transaction(async () => {
    for (const [at, { entry, isError }] of entries.entries()) {
      await db.run(sql, 2 * at + 1, entry.id, 'given', entry.at, 'p', JSON.stringify(entry));
      if (isError) await db.run(sql, 2 * at + 2, entry.id, 'error', entry.at, 'p', '{}');
    }
  });
  await db.close();
}

/** Contract of every record of handed-over articles. */
export function handedOverContract(name: string, open: () => Promise<OpenedRecord>): void {
  describe(`${name} (record of what was given)`, () => {
    let opened: OpenedRecord;
    let record: HandedOverRecord;
    beforeEach(async () => {
      opened = await open();
      record = opened.record;
    });
    afterEach(async () => {
      await opened.remove();
    });
    const add = async (fields: Partial<GivenEntry> = {}, texts: ReadonlyMap<string, string> = NO_TEXTS) => {
      const entry = given(fields);
      await record.add(entry, texts);
      return entry;
    };
    const articlesOf = async (filter: Parameters<HandedOverRecord['list']>[0]) =>
      (await record.list(filter, 50)).map(({ entry }) => entry.items[0]?.article);

    test('gives back what was added, with its texts, and adds it once', async () => {
      const entry = await add(
        { items: [item('topic-asthma', { textDigest: 'd1' })] },
        new Map([['d1', '{"html":"x"}']]),
      );
      expect(await record.add(entry, NO_TEXTS)).toBe(false);
      expect(await record.find(entry.id)).toEqual({ entry, error: undefined, delivery: undefined });
      expect(await record.list({}, 50)).toHaveLength(1);
      expect([await record.findText('d1'), await record.findText('d2')]).toEqual(['{"html":"x"}', undefined]);
      expect(await record.find(randomUUID())).toBeUndefined();
    });

    test('10,000 entries are counted by language and department as a plain loop counts them', async () => {
      const entries = synthesize(10_000);
      await opened.fill(entries);
      const period = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
      const counted = await record.countLanguages(period);
      const toLine = ({ handovers, ...of }: LanguageCount): string => `${JSON.stringify(sortFields(of))} ${handovers}`;
      expect(counted.map(toLine).sort()).toEqual(countPlainly(entries, period).map(toLine).sort());
      expect(counted.reduce((all, { handovers }) => all + handovers, 0)).toBeGreaterThan(3000);
      const wanted = await record.listWanted(period, 11);
      const inOrder = (some: readonly WantedPage[]) => some.map((one) => JSON.stringify(sortFields(one))).sort();
      expect(inOrder(wanted)).toEqual(inOrder(listWantedPlainly(entries, period, 11)));
      expect(wanted.length).toBeGreaterThan(3);
      const toUse = ({ given: count, ...of }: UseCount): string => `${JSON.stringify(sortFields(of))} ${count}`;
      const used = await record.countArticles(period);
      expect(used.map(toUse).sort()).toEqual(countArticlesPlainly(entries, period).map(toUse).sort());
    });

    test('entries that wait are counted: those whose last delivery says so, and those without one', async () => {
      const deliveries: readonly (readonly (Partial<Delivery> | 'error')[])[] = [
        [],
        [{ state: 'waiting', reason: 'timeout' }],
        [{ state: 'written' }, { state: 'waiting' }],
        [{ state: 'waiting' }, { state: 'written' }],
        [{ state: 'refused', reason: '400: {"state":"waiting"}' }],
        [{ state: 'waiting' }, 'error'],
      ];
      for (const all of deliveries) {
        const { id } = await add();
        for (const one of all) {
          if (one === 'error') await record.markError(id, undefined, NOW);
          else await record.noteDelivery(id, { ...written, ...one });
        }
      }
      expect(await record.countWaiting(OLD)).toBe(3);
      expect(await record.countWaiting('9999')).toBe(0);
    });

    test('an error is an entry of its own, once, and the last delivery counts', async () => {
      const { id } = await add();
      await record.noteDelivery(id, { ...written, state: 'waiting', reason: 'timeout', reference: undefined });
      await record.noteDelivery(id, written);
      expect(await record.markError(id, 'Practitioner/dr-2', NOW)).toBe(true);
      expect(await record.markError(id, 'Practitioner/dr-2', NOW)).toBe(false);
      expect(await record.markError(randomUUID(), undefined, NOW)).toBe(false);
      expect(await record.find(id)).toMatchObject({
        error: { at: NOW.toISOString(), by: 'Practitioner/dr-2' },
        delivery: { state: 'written', reference: 'DocumentReference/1' },
      });
    });

    test('lists the newest first, by patient of an EHR, article and time, in pages', async () => {
      await add({ items: [item('a')], at: '2026-11-01T00:00:00.000Z' });
      await add({ items: [item('b')], patientId: 'p-2' });
      await add({ items: [item('c')], ehr: 'https://other.example/fhir' });
      await add({ items: [item('d')], patientId: undefined });
      expect(await articlesOf({})).toEqual(['d', 'c', 'b', 'a']);
      expect(await articlesOf({ patient: { ehr: EHR, id: 'p-1' } })).toEqual(['a']);
      expect(await articlesOf({ article: 'c' })).toEqual(['c']);
      expect(await articlesOf({ from: '2026-11-02', to: '2026-11-25' })).toEqual(['d', 'c', 'b']);
      const [, second] = await record.list({}, 2);
      expect((await record.list({}, 2, second?.sequence)).map(({ entry }) => entry.items[0]?.article)).toEqual([
        'b',
        'a',
      ]);
    });

    test('retention takes entries with their texts, but for those on hold and texts that others need', async () => {
      const old = { at: '2025-01-01T00:00:00.000Z' };
      const text = (digest: string) => new Map([[digest, digest]]);
      const gone = await add({ ...old, patientId: 'p-9', items: [item('a', { textDigest: 'only' })] }, text('only'));
      await add({ ...old, patientId: 'p-9', items: [item('b', { textDigest: 'shared' })] }, text('shared'));
      const fresh = await add({ items: [item('b', { textDigest: 'shared' })] }, text('shared'));
      const heldEntry = await add(old);
      const heldPatient = await add({ ...old, patientId: 'p-2' });
      await record.hold({ entry: heldEntry.id }, true, 'owner', NOW);
      await record.hold({ ehr: EHR, patientId: 'p-2' }, true, 'owner', NOW);
      expect(await record.purge('2026-01-01')).toBe(2);
      expect(await record.find(gone.id)).toBeUndefined();
      expect([await record.findText('only'), await record.findText('shared')]).toEqual([undefined, 'shared']);
      const left = [fresh.id, heldEntry.id, heldPatient.id].sort();
      expect((await record.list({}, 50)).map(({ entry }) => entry.id).sort()).toEqual(left);
      await record.hold({ ehr: EHR, patientId: 'p-2' }, false, 'owner', NOW);
      expect(await record.purge('2026-01-01')).toBe(1);
      expect(await record.find(heldPatient.id)).toBeUndefined();
      // A delivery that comes late brings nothing back.
      await record.noteDelivery(heldPatient.id, written);
      expect(await record.find(heldPatient.id)).toBeUndefined();
    });

    /** A pass of retention after so many days by the clock, during which a process ran for so long. */
    const pass = async (clockDays: number, ranDays = clockDays, days = DAYS): Promise<RetentionPass> => {
      const seenAt = new Date(Date.now() - clockDays * DAY_MS).toISOString();
      await opened.run('UPDATE handed_over_clock SET seen_at = $1', seenAt);
      return record.enforceRetention(days, ranDays * DAY_MS);
    };
    /** Adds entries of long ago, and then of now. */
    const addAll = async (old: number, fresh: number): Promise<GivenEntry[]> => {
      const added = [];
      for (let count = 0; count < old; count += 1) added.push(await add({ at: OLD }));
      for (let count = 0; count < fresh; count += 1) await add({ at: new Date().toISOString() });
      return added;
    };

    test('retention marks, and deletes what was marked for a week', async () => {
      const [old] = await addAll(1, 10);
      expect(await pass(0)).toMatchObject({ all: 11, newlyMarked: 1, marked: 1, due: 0, deleted: 0 });
      expect(await pass(6)).toMatchObject({ newlyMarked: 0, marked: 1, due: 0, deleted: 0 });
      expect(await pass(1)).toMatchObject({ due: 1, deleted: 1 });
      expect(await record.find(old?.id ?? '')).toBeUndefined();
      expect(await record.list({}, 50)).toHaveLength(10);
    });

    test('a clock that jumps by years passes no week, and what it had marked is retained once it is right', async () => {
      await addAll(0, 10);
      // Every entry has outlived a retention that ended before it.
      expect(await pass(0, 0, -1)).toMatchObject({ newlyMarked: 10, deleted: 0 });
      for (const clockDays of [4000, -4000, 4000, 8]) {
        expect(await pass(clockDays, 0.1, -1)).toMatchObject({ marked: 10, due: 0, deleted: 0 });
      }
      expect(await pass(0)).toMatchObject({ all: 10, marked: 0 });
    });

    test('more than a tenth goes by command alone', async () => {
      await addAll(2, 10);
      await pass(0);
      expect(await pass(30)).toMatchObject({ all: 12, marked: 2, due: 2, deleted: 0 });
      expect(await record.purge(new Date(Date.now() - DAYS * DAY_MS).toISOString())).toBe(2);
      expect(await pass(0)).toMatchObject({ all: 10, marked: 0, due: 0 });
    });

    test('an entry that a wrong clock dated is retained as those written before it', async () => {
      await addAll(0, 10);
      await add({ at: OLD });
      await add({ at: '2099-01-01T00:00:00.000Z' });
      expect(await pass(0)).toMatchObject({ all: 12, marked: 0 });
    });

    test('a hold that comes after the mark takes it away', async () => {
      const [old] = await addAll(1, 10);
      await pass(0);
      await record.hold({ entry: old?.id ?? '' }, true, 'owner', NOW);
      expect(await pass(8)).toMatchObject({ marked: 0, deleted: 0 });
    });

    test('many are marked and deleted in parts', async () => {
      await opened.run(`
        INSERT INTO handed_over (sequence, entry, kind, at, patient, content)
        WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 12000)
        SELECT n, 'entry-' || n, 'given', CASE WHEN n <= 1150 THEN '${OLD}' ELSE '${new Date().toISOString()}' END, '', '{}' FROM many`);
      expect(await pass(0)).toMatchObject({ all: 12_000, newlyMarked: 1150, marked: 1150, deleted: 0 });
      expect(await pass(8)).toMatchObject({ due: 1150, deleted: 1150 });
    });

    test('an erasure takes all of a patient, but for texts that others need, and leaves a trace without the patient', async () => {
      const text = (digest: string) => new Map([[digest, digest]]);
      const one = await add({ items: [item('a', { textDigest: 'only' })] }, text('only'));
      const two = await add({ items: [item('b', { textDigest: 'shared' })] }, text('shared'));
      const other = await add({ patientId: 'p-2', items: [item('b', { textDigest: 'shared' })] }, text('shared'));
      await record.markError(one.id, 'Practitioner/dr-2', NOW);
      const patient = { ehr: EHR, patientId: 'p-1' };
      await record.hold(patient, true, 'owner', NOW);
      expect(await record.erase(patient, 'A. Keeper')).toBeUndefined();
      expect(await record.erase({ entry: one.id }, 'A. Keeper')).toBeUndefined();
      await record.hold(patient, false, 'owner', NOW);
      const erasure = await record.erase(patient, 'A. Keeper');
      expect(erasure).toMatchObject({ by: 'A. Keeper', subject: 'patient', entries: [one.id, two.id] });
      expect((await record.list({}, 50)).map(({ entry }) => entry.id)).toEqual([other.id]);
      expect([await record.findText('only'), await record.findText('shared')]).toEqual([undefined, 'shared']);
      expect(await record.erase({ entry: other.id }, 'A. Keeper')).toMatchObject({ entries: [other.id] });
      // Nothing is left to erase, and nothing to trace.
      expect(await record.erase(patient, 'A. Keeper')).toMatchObject({ entries: [] });
      const traces = await record.listErasures();
      expect(traces.map(({ entries }) => entries)).toEqual([[one.id, two.id], [other.id]]);
      expect(JSON.stringify(traces)).not.toContain('p-1');
    });

    test('is shared by processes, which write at once', async () => {
      const other = opened.again();
      await Promise.all([record, other].flatMap((one) => [1, 2, 3].map(() => one.add(given(), NO_TEXTS))));
      const listed = await other.list({}, 50);
      expect(new Set(listed.map(({ sequence }) => sequence)).size).toBe(6);
      await other.close();
    });
  });
}
