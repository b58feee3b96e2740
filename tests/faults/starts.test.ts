import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ended, start, type Run } from '../cli/run-cli.js';
import { temporaryFolder, testConfig } from '../support/connector.js';
import { programOf } from '../support/program.js';
import { putShippedLibrary } from '../support/shipped-library.js';

const folder = temporaryFolder();
const LIBRARY_PATH = join(folder.path, 'library.db');
beforeAll(async () => {
  await putShippedLibrary(testConfig(folder.path));
});
afterAll(() => {
  folder.remove();
});

/** Runs the program where the system permits so few open files. */
function runWithFiles(most: number, entry: 'cli' | 'main', ...args: string[]): Promise<Run> {
  const command = ['-c', `ulimit -n ${most}; exec "$0" "$@"`, process.execPath, '--no-warnings'];
  const env = { PATH: process.env['PATH'] ?? '', LIBRARY_PATH, PORT: '0' };
  return ended(spawn('sh', [...command, ...programOf(entry), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

test.each([
  ['main', []],
  ['cli', ['releases']],
] as const)('few descriptors end %s with one line that names the limit', async (entry, args) => {
  const { code, stderr } = await runWithFiles(40, entry, ...args);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^education-connect: too few files may be open at once: permit 1,024 or more [^\n]+\n$/),
  ]);
});

test('a reader of the output that is gone ends no command, and none writes a stack', async () => {
  const child = start('cli', ['releases'], { LIBRARY_PATH });
  child.stdout?.destroy();
  expect(await ended(child)).toMatchObject({ code: 0, stderr: '' });
});

test('an output on a full disk is named, with exit code 1', async () => {
  const env = { PATH: process.env['PATH'] ?? '', LIBRARY_PATH };
  const command = [
    '-c',
    'exec "$0" "$@" > /dev/full',
    process.execPath,
    '--no-warnings',
    ...programOf('cli'),
    'releases',
  ];
  const { code, stderr } = await ended(spawn('sh', command, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  expect([code, stderr]).toEqual([1, 'education-connect: the output cannot be written: ENOSPC\n']);
});

test('a folder for temporary files that cannot be written to is named by a build that needs it', async () => {
  const env = { LIBRARY_PATH: join(folder.path, 'other', 'library.db'), TMPDIR: '/proc' };
  const { code, stderr } = await ended(start('cli', ['build'], env));
  // SQLite looks for another folder where the user may not write to this one: root may, and fails.
  if (code !== 0)
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^education-connect: [^\n]+ written to \/proc [^\n]+ TMPDIR [^\n]+\n$/),
    ]);
});
