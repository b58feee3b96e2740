import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isBuilt } from '../support/program.js';

const run = promisify(execFile);
/** For as short as shows that they work: figures are for a machine of one's own. */
const ENV = { PATH: process.env['PATH'] ?? '', ...(isBuilt() ? {} : { BENCH_FROM_SOURCES: 'true' }) };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'education-connect-bench-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Cell {
  readonly protocol: string;
  readonly processes: number;
  readonly connections: number;
  readonly kept: boolean;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

test('the bench measures every protocol with one process and two, without a failed request, and writes figures and table', async () => {
  const [json, table] = [join(folder, 'figures.json'), join(folder, 'table.md')];
  const length = {
    BENCH_CELL_SECONDS: '0.1',
    BENCH_ROUNDS: '2',
    BENCH_CONNECTIONS: '4',
    BENCH_CODES: '4000',
    BENCH_DATABASES: 'SQLite',
  };
  const asked = ['bench/run.mjs', '--json', json, '--table', table, 'protocols'];
  await run(process.execPath, asked, { env: { ...ENV, ...length } });
  const { machine, protocols } = JSON.parse(readFileSync(json, 'utf8')) as {
    machine: string;
    protocols: {
      cells: Cell[];
      prepared: Record<string, Record<string, number>>;
      comparisons: { ratios: { title: string; ratio: number }[] }[];
    };
  };
  const { cells, prepared, comparisons } = protocols;
  expect(new Set(cells.map(({ protocol }) => protocol)).size).toBe(11);
  for (const setup of ['1 true at 4', '2 true at 4', '1 false at 4', '2 false at 4', '2 false at 8']) {
    const ofSetup = cells.filter(
      ({ processes, kept, connections }) => `${processes} ${kept} at ${connections}` === setup,
    );
    expect(ofSetup.length).toBeGreaterThanOrEqual(8);
  }
  const ratios = comparisons.flatMap((comparison) => comparison.ratios);
  expect(ratios.map(({ title }) => title)).toEqual([
    'SQLite, requests a second, two processes / one, as many connections in all',
    'SQLite, requests a second, two processes / one, as many connections each',
    'SQLite, CPU a request, two processes / one, as many connections in all',
    'SQLite, CPU a request, two processes / one, as many connections each',
  ]);
  for (const { ratio } of ratios) expect(ratio).toBeGreaterThan(0);
  for (const { rate, p50, p99, failed } of cells) {
    expect(failed).toBe(0);
    expect(rate).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
  }
  for (const figure of ['firstStartMs', 'startMs', 'importMs', 'importMegabytes', 'megabytesAtStart']) {
    expect(prepared['SQLite']?.[figure]).toBeGreaterThan(0);
  }
  const written = readFileSync(table, 'utf8');
  expect(written).toContain(machine);
  for (const { protocol } of cells) expect(written).toContain(`| ${protocol}`);
  for (const { title, ratio } of ratios)
    expect(written).toMatch(new RegExp(`^\\| ${title} +\\| ${ratio.toFixed(2)} `, 'm'));
}, 480_000);

test('the soak holds its load over swaps and writes, and ends well', async () => {
  const length = {
    SOAK_SECONDS: '8',
    SOAK_SWAP_SECONDS: '3',
    SOAK_RATE: '40',
    SOAK_CODES: '4000',
    SOAK_SLOW_MS: '60000',
  };
  const json = join(folder, 'soak.json');
  const { stdout } = await run(process.execPath, ['bench/soak.mjs', '--json', json], { env: { ...ENV, ...length } });
  // Some seconds are too few to judge what needs minutes: it says so.
  expect(stdout).toMatch(/^\d+ answers, [23] swaps: all well as far as it was judged$/m);
  expect(stdout).toMatch(/^ {2}memory in use, MB: not judged, the soak was too short for it$/m);
  const { seconds, faults } = JSON.parse(readFileSync(json, 'utf8')) as {
    seconds: { answers: number; inUse: number; resident: number }[];
    faults: string[];
  };
  expect([seconds.length, faults]).toEqual([8, []]);
  expect(seconds.reduce((sum, { answers }) => sum + answers, 0)).toBeGreaterThan(8);
  for (const { inUse, resident } of seconds) expect([inUse > 0, resident > inUse]).toEqual([true, true]);
}, 480_000);
