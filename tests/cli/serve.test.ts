import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServingProcess } from '../../src/cli/serve.js';
import { serve } from '../../src/cli/serve.js';
import { openSqlite } from '../../src/store/sqlite/binding.js';
import type { Run } from './run-cli.js';
import { ended, run, runHere, start } from './run-cli.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';

const folder = temporaryFolder();
const LIBRARY_PATH = join(folder.path, 'library.db');
const FAULTY_POLICY = join(folder.path, 'policy.csv');
const NOT_A_LIBRARY = join(folder.path, 'notes.db');
beforeAll(async () => {
  writeFileSync(FAULTY_POLICY, 'rule,what,for,value\nsupress,topic-asthma,,\n');
  writeFileSync(NOT_A_LIBRARY, 'notes, and no database at all '.repeat(100));
  await (await openTestLibrary(testConfig(folder.path))).library.close();
});
afterAll(() => {
  folder.remove();
});

/** One clear line on the error stream, nothing on the other, and this exit code. */
function expectOneLine({ code, stdout, stderr }: Run, says: RegExp): void {
  expect(stderr).toMatch(/^education-connect: [^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/\bat .*\.(ts|js):\d+/);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
}

const WRONG: [string, Record<string, string>, RegExp][] = [
  ['a wrong port', { PORT: '65536' }, /PORT must .*65535/],
  ['a wrong log level', { LOG_LEVEL: 'loud' }, /LOG_LEVEL must be one of/],
  [
    'a local library that is not there',
    { LOCAL_LIBRARY: join(folder.path, 'nowhere') },
    /LOCAL_LIBRARY must .*nowhere/,
  ],
  ['a site policy that is not there', { SITE_POLICY: join(folder.path, 'nowhere.csv') }, /SITE_POLICY must .*nowhere/],
  ['a site policy with a fault', { LIBRARY_PATH, SITE_POLICY: FAULTY_POLICY }, /policy\.csv, line 2: rule "supress"/],
  ['a library that is no database', { LIBRARY_PATH: NOT_A_LIBRARY }, /notes\.db/],
  ['a library that is a folder', { LIBRARY_PATH: folder.path }, /library/],
  [
    'a read-only library that is not there',
    { LIBRARY_READ_ONLY: 'true', LIBRARY_PATH: `${LIBRARY_PATH}x` },
    /library\.dbx/,
  ],
];

/** Settings that only a server needs. */
const WRONG_FOR_SERVERS: typeof WRONG = [
  [
    'an audit trail that cannot be written',
    { AUDIT_LOG: join(folder.path, 'no', 'audit.ndjson') },
    /AUDIT_LOG must be a writable file: .*audit\.ndjson \(ENOENT\)/,
  ],
];

const FAILING: [string, 'cli' | 'main', string[], Record<string, string>, RegExp][] = [
  ...WRONG.slice(0, 1).map(([what, ...rest]) => [`npm start: ${what}`, 'main', [], ...rest] as const),
  ...WRONG.slice(1, 2).map(([what, ...rest]) => [`serve: ${what}`, 'cli', ['serve'], ...rest] as const),
  ...WRONG.slice(2).map(([what, ...rest]) => [`lookup: ${what}`, 'cli', ['lookup', 'N53.14'], ...rest] as const),
  ...WRONG.slice(3, 4).map(([what, ...rest]) => [`build: ${what}`, 'cli', ['build'], ...rest] as const),
].map(([what, entry, args, env, says]) => [what, entry, [...args], env, says]);

/** Serves in this process, which a wrong environment would end; what has greeted is told to stop. */
async function serveHere(env: Record<string, string>): Promise<Run> {
  const ran = { code: null as number | null, stdout: '', stderr: '' };
  let isServing = false;
  let stop = (): void => undefined;
  let exited = (): void => undefined;
  const exit = new Promise<void>((resolve) => (exited = resolve));
  const write = (name: 'stdout' | 'stderr', text: string): boolean => {
    ran[name] += text;
    if (text.includes('Try: ')) setImmediate(stop);
    return true;
  };
  const stream = (name: 'stdout' | 'stderr') => ({ on: () => undefined, write: (text: string) => write(name, text) });
  const host = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    on: () => host,
    once: (signal: string, listener: () => void) => {
      if (signal === 'SIGTERM') stop = listener;
      return host;
    },
    exit: (status: number) => {
      ran.code = status;
      exited();
      // Nothing runs behind the end of a process.
      if (!isServing) throw new Error('the process has ended');
    },
  };
  try {
    await serve(env, host as unknown as ServingProcess);
    isServing = true;
    await exit;
  } catch (error) {
    if (ran.code === null) throw error;
  }
  return ran;
}

describe('a wrong environment ends the start with one line and exit code 1', () => {
  // Those that serve in a process of its own, all at once.
  const runs = new Map<string, Run>();
  beforeAll(async () => {
    await Promise.all(
      FAILING.map(async ([what, entry, args, env]) => {
        const isCommand = entry === 'cli' && args[0] !== 'serve';
        const reply = isCommand ? runHere(args, { LIBRARY_PATH, ...env }) : run(entry, args, { LIBRARY_PATH, ...env });
        runs.set(what, await reply);
      }),
    );
  });

  test.each(FAILING)('of %s', (what, _entry, _args, _env, says) => {
    const ran = runs.get(what);
    if (!ran) throw new Error('it did not run');
    expectOneLine(ran, says);
  });

  test.each([...WRONG, ...WRONG_FOR_SERVERS])('of the server: %s', async (_what, env, says) => {
    expectOneLine(await serveHere({ LIBRARY_PATH, PORT: '0', ...env }), says);
  });

  test('of npm start: a port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      const { code, stdout, stderr } = await run('main', [], { LIBRARY_PATH, PORT: String(port), LOG_LEVEL: 'silent' });
      expectOneLine({ code, stdout, stderr }, new RegExp(`127\\.0\\.0\\.1:${port}`));
    } finally {
      other.close();
    }
  });
});

test('build --finish of a library that another process has open ends with one line and exit code 1', async () => {
  const { library } = await openTestLibrary(testConfig(folder.path));
  try {
    expectOneLine(
      await run('cli', ['build', '--finish'], { LIBRARY_PATH }),
      /library\.db: another process has it open/,
    );
  } finally {
    await library.close();
  }
});

describe('a server that starts', () => {
  test.each([
    [
      'https://tx.example.org/r4',
      'CODES LEAVE YOUR NETWORK: those that the library does not know are sent to tx.example.org',
    ],
    [
      'http://10.1.2.3:8080/fhir',
      'Codes that the library does not know are looked up on 10.1.2.3:8080, within your network',
    ],
  ])('says that it asks the terminology server %s', async (TERMINOLOGY_SERVER, line) => {
    const served = await serveHere({ LIBRARY_PATH, PORT: '0', LOG_LEVEL: 'silent', TERMINOLOGY_SERVER });
    expect(served).toMatchObject({ code: 0, stderr: '' });
    expect(served.stdout).toContain(line);
  });

  test('says that PUBLIC_URL is missing where it listens on every address', async () => {
    const env = { LIBRARY_PATH, PORT: '0', LOG_LEVEL: 'silent', HOST: '0.0.0.0' };
    const [unset, set] = [await serveHere(env), await serveHere({ ...env, PUBLIC_URL: 'https://edu.example' })];
    expect(unset.stdout).toMatch(
      /^PUBLIC_URL is not set: .+\nEducation Connect serves .+ on http:\/\/127\.0\.0\.1:\d+\n/,
    );
    expect(set.stdout).toMatch(/^Education Connect serves .+ on https:\/\/edu\.example\n/);
  });

  test('prints its address and a call to try that works, and ends with exit code 0 on SIGTERM', async () => {
    const child = start('main', [], { LIBRARY_PATH, PORT: '0', LOG_LEVEL: 'silent' });
    const end = ended(child);
    const greeting = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout?.on('data', (part: Buffer) => {
        text += part.toString();
        if (text.split('\n').length > 2) resolve(text);
      });
      child.once('close', () => {
        resolve(text);
      });
    });
    const address = /https?:\/\/127\.0\.0\.1:\d+/.exec(greeting)?.[0];
    const call = /curl '([^']+)'/.exec(greeting)?.[1];
    expect(call).toMatch(new RegExp(`^${address ?? 'no address'}/`));
    const response = await fetch(call ?? '');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Retrograde ejaculation');
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ code: 0, stderr: '' });
  });
});

test('a server takes SIGHUP, while it still opens its library too, as word that the audit trail was moved away', async () => {
  const place = temporaryFolder();
  const trail = join(place.path, 'audit.ndjson');
  const config = testConfig(place.path);
  const env = { LIBRARY_PATH: config.libraryPath, AUDIT_LOG: trail, PORT: '0', LOG_LEVEL: 'silent' };
  await (await openTestLibrary(config)).library.close();
  // Another process writes: the server waits for it.
  const writer = openSqlite(config.libraryPath, { mode: 'write', lockWaitMs: 0 });
  writer.exec('BEGIN EXCLUSIVE');
  const child = start('main', [], env);
  const end = ended(child);
  let text = '';
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()));
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo() && child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const moveAway = async (to: string): Promise<void> => {
    renameSync(trail, join(place.path, to));
    child.kill('SIGHUP');
    await until(() => existsSync(trail));
  };
  try {
    await until(() => existsSync(trail));
    await moveAway('first.ndjson');
    expect(text).toBe('');
    writer.close();
    await until(() => text.includes('Try: '));
    const call = /curl '([^']+)'/.exec(text)?.[1] ?? '';
    for (const to of ['second.ndjson', 'third.ndjson']) {
      expect((await fetch(call)).status).toBe(200);
      await moveAway(to);
    }
    expect((await fetch(call)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ code: 0, stderr: '' });
    const names = ['first.ndjson', 'second.ndjson', 'third.ndjson', 'audit.ndjson'];
    const events = names.flatMap((name) => readFileSync(join(place.path, name), 'utf8').split('\n').filter(Boolean));
    expect(events.map((line) => (JSON.parse(line) as { resourceType: string }).resourceType)).toEqual(
      Array(3).fill('AuditEvent'),
    );
  } finally {
    child.kill('SIGKILL');
    place.remove();
  }
});

describe('the command line', () => {
  test('answers --version, --help and a lookup', async () => {
    const [version, help, found, missed] = await Promise.all([
      runHere(['--version'], {}),
      runHere(['--help'], {}),
      run('cli', ['lookup', '--system', 'snomed', '195967001', '--language', 'es', '--json'], { LIBRARY_PATH }),
      runHere(['lookup', 'U99.9'], { LIBRARY_PATH }),
    ]);
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(help.code).toBe(0);
    for (const command of ['serve', 'build', 'lookup']) expect(help.stdout).toContain(command);
    expect(found.code).toBe(0);
    expect(JSON.parse(found.stdout)).toMatchObject({ articles: [{ title: 'Asma' }] });
    expect(missed.code).toBe(1);
  });

  test('refuses wrong use with a line and without touching a library', async () => {
    const path = join(folder.path, 'untouched.db');
    const wrong = [['lookup'], ['lookup', 'N53.14', '--colour'], ['fly']];
    const runs = await Promise.all(wrong.map((args) => runHere(args, { LIBRARY_PATH: path })));
    for (const { code, stdout, stderr } of runs) {
      expect(code).toBeGreaterThan(0);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^error: /);
    }
    expect(existsSync(path)).toBe(false);
  });
});
