import { afterAll, describe, expect, test } from '@jest/globals';
import { readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { AuditLog } from '../../../src/edge/observe/audit-log.js';
import { temporaryFolder } from '../../support/connector.js';
import { canMount, mountSmallDisk } from '../../support/small-disk.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

const canHaveDisk = canMount(folder.path);
if (!canHaveDisk)
  process.stdout.write('an audit trail on a disk without room is not tested: mounting one takes root\n');

const LIMITS = { auditGatherBytes: 100, auditFlushMs: 20, auditBufferBytes: 2000 };
/** Always full. */
const FULL_DISK = '/dev/full';
let places = 0;
const newPlace = (): string => join(folder.path, `audit-${String((places += 1))}.ndjson`);

function openLog(place: string) {
  const logLines: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    logLines.push(JSON.parse(line) as Record<string, unknown>);
  };
  const audit = new AuditLog({ place, log: pino({ base: null }, { write }), limits: LIMITS });
  const registry = new Registry();
  audit.register(registry);
  const count = async (name: string): Promise<number> => {
    const metric = await registry.getSingleMetric(name)?.get();
    return metric?.values[0]?.value ?? 0;
  };
  return { audit, logLines, count };
}

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
};
const event = (n: number) => ({ n, text: 'x'.repeat(40) });
const numbersIn = (place: string): number[] =>
  readFileSync(place, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { n: number }).n);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('lines', () => {
  test('are appended behind what is there, and all of them are there when it is closed', async () => {
    const place = newPlace();
    for (const [from, to] of [
      [1, 30],
      [31, 31],
    ] as const) {
      const { audit, count } = openLog(place);
      for (const n of range(from, to)) audit.write(event(n));
      await audit.close();
      expect(await count('audit_events_total')).toBe(to - from + 1);
    }
    expect(numbersIn(place)).toEqual(range(1, 31));
    expect(statSync(place).mode & 0o777 & ~0o640).toBe(0);
  });

  test('are written after a while, however few they are', async () => {
    const place = newPlace();
    const { audit } = openLog(place);
    audit.write({ n: 1 });
    await until(() => numbersIn(place).length === 1);
    await audit.close();
  });

  test('begin anew behind one that a fault cut short', async () => {
    const place = newPlace();
    writeFileSync(place, '{"n":1}\n{"n":');
    const { audit } = openLog(place);
    audit.write({ n: 3 });
    await audit.close();
    expect(readFileSync(place, 'utf8')).toBe('{"n":1}\n{"n":\n{"n":3}\n');
  });

  test('go to a new file once the old one is moved away and it is said so, and none is lost between', async () => {
    const place = newPlace();
    const { audit } = openLog(place);
    for (const n of range(1, 10)) audit.write(event(n));
    await until(() => statSync(place).size > 0);
    renameSync(place, `${place}.1`);
    for (const n of range(11, 20)) audit.write(event(n));
    audit.reopen();
    await until(() => statSync(place, { throwIfNoEntry: false }) !== undefined);
    for (const n of range(21, 30)) audit.write(event(n));
    await audit.close();
    const [old, fresh] = [numbersIn(`${place}.1`), numbersIn(place)];
    expect([...old, ...fresh]).toEqual(range(1, 30));
    expect(fresh.length).toBeGreaterThanOrEqual(10);
  });
});

test('a place where no file can be is told when it is opened', () => {
  expect(() => openLog(join(folder.path, 'no', 'such', 'folder'))).toThrow(/ENOENT/);
  expect(() => openLog(folder.path)).toThrow(/EISDIR/);
});

describe('a full disk', () => {
  test('is told loudly and once, and counted; what waits is written when there is room again', async () => {
    const place = newPlace();
    symlinkSync(FULL_DISK, place);
    const { audit, logLines, count } = openLog(place);
    for (const n of range(1, 10)) audit.write(event(n));
    await until(async () => (await count('audit_write_failures_total')) > 2);
    expect(logLines).toEqual([
      expect.objectContaining({
        level: 50,
        reason: 'ENOSPC',
        msg: 'THE AUDIT TRAIL CANNOT BE WRITTEN; answering goes on',
      }),
    ]);
    rmSync(place);
    audit.reopen();
    await until(() => logLines.length > 1);
    await audit.close();
    expect(numbersIn(place)).toEqual(range(1, 10));
    expect([await count('audit_events_lost_total'), logLines.slice(1)]).toEqual([
      0,
      [expect.objectContaining({ level: 40, lost: 0, msg: 'the audit trail is written again' })],
    ]);
  });

  test('what finds no room in memory is lost and counted, and stopping does not wait for the disk', async () => {
    const { audit, count } = openLog(FULL_DISK);
    const bytes = JSON.stringify(event(10)).length + 1;
    const most = Math.floor(LIMITS.auditBufferBytes / bytes);
    for (const n of range(10, 9 + most)) audit.write(event(n));
    expect(await count('audit_events_lost_total')).toBe(0);
    audit.write(event(10));
    expect(await count('audit_events_lost_total')).toBe(1);
    await audit.close();
  });

  (canHaveDisk ? test : test.skip)(
    'at the start ends nothing: the file is written once it can be created',
    async () => {
      const disk = mountSmallDisk(join(folder.path, 'full'), 1, 2);
      if (!disk) throw new Error('it was mounted before');
      try {
        disk.fill();
        const place = join(disk.path, 'audit.ndjson');
        const { audit, logLines, count } = openLog(place);
        const most = Math.floor(LIMITS.auditBufferBytes / (JSON.stringify(event(10)).length + 1));
        for (const n of range(10, 10 + most)) audit.write(event(n));
        await until(async () => (await count('audit_write_failures_total')) > 2);
        expect([await count('audit_events_lost_total'), logLines]).toEqual([
          1,
          [expect.objectContaining({ level: 50, reason: 'ENOSPC' })],
        ]);
        disk.free();
        await until(() => logLines.length > 1);
        await audit.close();
        expect(numbersIn(place)).toEqual(range(10, 9 + most));
      } finally {
        disk.unmount();
      }
    },
  );
});
