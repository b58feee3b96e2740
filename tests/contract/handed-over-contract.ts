import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Delivery, GivenEntry, HandedOverRecord } from '../../src/core/handing-over/record.js';
import { EHR, given, item } from './given-entries.js';

/** A record of its own, for as long as a test needs it. */
interface OpenedRecord {
  readonly record: HandedOverRecord;
  /** Another process opens the same record. */
  readonly again: () => HandedOverRecord;
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

/** What every record of what was given does. */
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

    test('is shared by processes, which write at once', async () => {
      const other = opened.again();
      await Promise.all([record, other].flatMap((one) => [1, 2, 3].map(() => one.add(given(), NO_TEXTS))));
      const listed = await other.list({}, 50);
      expect(new Set(listed.map(({ sequence }) => sequence)).size).toBe(6);
      await other.close();
    });
  });
}
