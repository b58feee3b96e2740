import type { ChildProcess } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ended, run, start } from '../cli/run-cli.js';
import { ask } from '../http/ask.js';
import { ownPostgres } from '../support/suite-postgres.js';
import { temporaryFolder } from '../support/connector.js';
import { askUntil, expectUnavailable, waysToAsk } from './formats.js';

const server = ownPostgres();

/** The first line that a server writes about itself. */
function greetingOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const line = /^Education Connect .*$/m.exec(text)?.[0];
      if (line) resolve(line);
    });
    child.once('close', () => {
      resolve(text);
    });
  });
}

test('a database that does not exist, and a user who does not, end the start with one line', async () => {
  const url = await server().createDatabase();
  const wrong = [url.replace(/\/test_\d+$/, '/nowhere'), url.replace('postgres@', 'nobody@')];
  for (const { code, stdout, stderr } of await Promise.all(
    wrong.map((DATABASE_URL) => run('main', [], { DATABASE_URL, PORT: '0' })),
  )) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^education-connect: cannot open the library in PostgreSQL [^\n]+ does not exist\n$/);
  }
});

/** Metrics of connections to the database; how many of them are at work just now is no matter. */
async function connectionsTold(address: string): Promise<string[]> {
  const { status, text } = await ask(address, '/metrics');
  expect(status).toBe(200);
  return text
    .split('\n')
    .filter((line) => line.startsWith('database_'))
    .map((line) => line.replace(/(?<=}) \d+$/, ''));
}

test('a server that starts while the database is away says so in every format, and serves when it is back', async () => {
  const url = await server().createDatabase();
  await server().kill();
  const child = start('main', [], { DATABASE_URL: url, PORT: '0', DATABASE_MAX_CONNECTIONS: '7' });
  const end = ended(child);
  try {
    const greeting = await greetingOf(child);
    const address = /^Education Connect is waiting for its library, listening on (http:\S+)$/.exec(greeting)?.[1] ?? '';
    expect(await ask(address, '/healthz')).toMatchObject({ status: 200 });
    const readiness = await ask(address, '/readyz');
    expect([readiness.status, readiness.text]).toEqual([503, '{"status":"library unavailable"}']);
    const ways = waysToAsk('N53.14');
    for (const way of ways) expectUnavailable(await ask(address, way.path, way), way);
    expect(await connectionsTold(address)).toEqual([]);
    expect((await ask(address, '/fhir/metadata')).status).toBe(503);

    await server().start();
    await askUntil(address, '/readyz', ({ status }) => status === 200);
    for (const way of ways) expect([way.path, (await ask(address, way.path, way)).status]).toEqual([way.path, 200]);
    expect((await ask(address, '/fhir/metadata')).status).toBe(200);
    expect(await connectionsTold(address)).toEqual([
      'database_connections{state="busy"}',
      'database_connections{state="idle"}',
      'database_connections_limit 7',
      'database_waiting 0',
    ]);
  } finally {
    child.kill('SIGTERM');
  }
  const { code, stdout, stderr } = await end;
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.split('\n').filter((line) => line.includes('"msg":"the library '));
  const told = lines.map((line) => JSON.parse(line) as { msg: string; reason?: string });
  // A line for each new reason: a server that is about to accept connections refuses them with others, or answers too late.
  const [away = '', ...further] = told.flatMap(({ reason }) => reason ?? []);
  expect(away).toContain('ECONNREFUSED');
  const starting = /: (the database system is .*|timeout expired|connect ECONNREFUSED \S+)$/;
  expect(further.filter((reason, at) => !starting.test(reason) || reason === [away, ...further][at])).toEqual([]);
  expect(told.map(({ msg }) => msg)).toEqual([
    'the library cannot be opened yet',
    ...further.map(() => 'the library cannot be opened yet'),
    'the library is open',
  ]);
  expect(stdout).toMatch(/"layer":"starter".*"msg":"library built"/);
});

test.each([
  [
    'a policy that gets a fault',
    'rule,what,for,value\nsupress,topic-asthma,,\n',
    /^education-connect: [^\n]*site\.csv, line 2: [^\n]+\n$/,
  ],
  ['a policy that goes', undefined, /^education-connect: [^\n]*site\.csv: it cannot be read \(ENOENT\)\n$/],
])('a server that waits for its database ends by %s, as it would at the start', async (_what, text, says) => {
  const url = await server().createDatabase();
  await server().kill();
  const folder = temporaryFolder();
  const policy = join(folder.path, 'site.csv');
  writeFileSync(policy, 'rule,what,for,value\nsuppress,topic-asthma,,\n');
  const child = start('main', [], { DATABASE_URL: url, PORT: '0', SITE_POLICY: policy });
  const end = ended(child);
  try {
    expect(await greetingOf(child)).toMatch(/is waiting for its library/);
    if (text === undefined) rmSync(policy);
    else {
      writeFileSync(`${policy}.new`, text);
      renameSync(`${policy}.new`, policy);
    }
    const { code, stderr, stdout } = await end;
    expect([code, stderr]).toEqual([1, expect.stringMatching(says)]);
    expect(stdout).not.toMatch(/the library is open/);
  } finally {
    child.kill('SIGKILL');
    folder.remove();
    await server().start();
  }
});

test('a server that is told to stop while it waits ends at once', async () => {
  const url = await server().createDatabase();
  await server().kill();
  const child = start('main', [], { DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'silent' });
  const end = ended(child);
  await greetingOf(child);
  child.kill('SIGTERM');
  expect(await end).toMatchObject({ code: 0, stderr: '' });
  await server().start();
});
