/**
 * npm run bench:try: whether the bench and the soak run and say what they are to say, for as short as shows it. It is no part of
 * `npm test`, which holds only their arithmetic (tests/bench): it takes a minute of all cores, and changes with bench/ alone.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ENV = {
  PATH: process.env.PATH ?? '',
  ...(existsSync('dist/main.js') ? {} : { BENCH_FROM_SOURCES: 'true' }),
};

const folder = mkdtempSync(join(tmpdir(), 'education-connect-bench-try-'));
after(() => rmSync(folder, { recursive: true, force: true }));

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
  const { machine, protocols } = JSON.parse(readFileSync(json, 'utf8'));
  const { cells, prepared, comparisons } = protocols;
  assert.equal(new Set(cells.map(({ protocol }) => protocol)).size, 11);
  for (const setup of ['1 true at 4', '2 true at 4', '1 false at 4', '2 false at 4', '2 false at 8']) {
    const ofSetup = cells.filter(
      ({ processes, kept, connections }) => `${processes} ${kept} at ${connections}` === setup,
    );
    assert.ok(ofSetup.length >= 8, setup);
  }
  const ratios = comparisons.flatMap((comparison) => comparison.ratios);
  assert.deepEqual(
    ratios.map(({ title }) => title),
    [
      'SQLite, requests a second, two processes / one, as many connections in all',
      'SQLite, requests a second, two processes / one, as many connections each',
      'SQLite, CPU a request, two processes / one, as many connections in all',
      'SQLite, CPU a request, two processes / one, as many connections each',
    ],
  );
  for (const { title, ratio } of ratios) assert.ok(ratio > 0, title);
  for (const { protocol, rate, p50, p99, failed } of cells) {
    assert.equal(failed, 0, protocol);
    assert.ok(rate > 0 && p99 >= p50, protocol);
  }
  for (const figure of ['firstStartMs', 'startMs', 'importMs', 'importMegabytes', 'megabytesAtStart'])
    assert.ok(prepared.SQLite?.[figure] > 0, figure);
  const written = readFileSync(table, 'utf8');
  assert.ok(written.includes(machine));
  for (const { protocol } of cells) assert.ok(written.includes(`| ${protocol}`), protocol);
  for (const { title, ratio } of ratios)
    assert.match(written, new RegExp(`^\\| ${title} +\\| ${ratio.toFixed(2)} `, 'm'));
});

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
  assert.match(stdout, /^\d+ answers, [23] swaps: all well as far as it was judged$/m);
  assert.match(stdout, /^ {2}memory in use, MB: not judged, the soak was too short for it$/m);
  const { seconds, faults } = JSON.parse(readFileSync(json, 'utf8'));
  assert.deepEqual([seconds.length, faults], [8, []]);
  assert.ok(seconds.reduce((sum, { answers }) => sum + answers, 0) > 8);
  for (const { inUse, resident } of seconds) assert.ok(inUse > 0 && resident > inUse);
});
