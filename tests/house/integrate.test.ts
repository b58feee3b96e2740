import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';

const run = promisify(execFile);
const SHOWN_URL = 'http://127.0.0.1:3000';

/** Command of each language, and the name of the file that it runs. */
const COMMANDS: Record<string, { command: string; file: string }> = {
  curl: { command: 'sh', file: 'call.sh' },
  JavaScript: { command: process.execPath, file: 'call.mjs' },
  Python: { command: 'python3', file: 'call.py' },
};
const isThere = (command: string): boolean =>
  command.startsWith('/') ||
  (process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, command)));

const tasks = readFileSync('docs/integrate.md', 'utf8')
  .split('\n## ')
  .slice(1)
  .flatMap((section) => {
    const [, expected] = /```text\n([^]*?)```/.exec(section) ?? [];
    const [name = ''] = section.split('\n', 1);
    const programs = [...section.matchAll(/^### (.+)\n\n```\w+\n([^]*?)^```/gm)];
    return expected === undefined
      ? []
      : [{ name, expected, programs: new Map(programs.map(([, language = '', text = '']) => [language, text])) }];
  });

const folder = temporaryFolder();
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

test('each task is shown in five languages', () => {
  expect(tasks.map(({ programs }) => [...programs.keys()])).toEqual(
    Array(2).fill(['curl', 'JavaScript', 'Python', 'Java', 'C\\#']),
  );
});

describe.each(tasks)('$name', ({ expected, programs }) => {
  test.each(Object.entries(COMMANDS))('in %s, as it stands', async (language, { command, file }) => {
    const text = programs.get(language) ?? '';
    expect(text).toContain(SHOWN_URL);
    if (!isThere(command) || (language === 'curl' && !isThere('curl'))) return;
    const path = join(folder.path, file);
    writeFileSync(path, text.replaceAll(SHOWN_URL, connector.url));
    const { stdout } = await run(command, [path]);
    // curl prints the answer itself.
    if (language === 'curl') {
      for (const line of expected.trimEnd().split('\n')) expect(stdout).toContain(`"${line.replace(/ https:.*/, '')}"`);
    } else expect(stdout).toBe(expected);
  });
});
