import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { ended, runHere, start } from '../cli/run-cli.js';
import { ask } from '../http/ask.js';
import { temporaryFolder, testConfig } from '../support/connector.js';
import { createShippedDatabase, startShippedPostgres } from '../support/shipped-database.js';
import { putShippedLibrary } from '../support/shipped-library.js';
import { askUntil, waysToAsk } from './formats.js';

const cleaning: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

interface Serving {
  readonly address: string;
  /** Ends it, and answers the lines of its log that are about no single request's end. */
  readonly logOf: () => Promise<{ readonly level: number; readonly msg: string; readonly reason?: string }[]>;
}

async function serving(env: Record<string, string>): Promise<Serving> {
  const child = start('main', [], { PORT: '0', LOG_LEVEL: 'info', ...env });
  cleaning.push(async () => child.kill('SIGKILL'));
  const end = ended(child);
  const address = await new Promise<string>((resolve) => {
    child.stdout?.on('data', (text: Buffer) => {
      const found = /^Education Connect serves .* on (http:\S+)$/m.exec(text.toString())?.[1];
      if (found) resolve(found);
    });
  });
  const logOf = async () => {
    child.kill('SIGTERM');
    const lines = (await end).stdout.split('\n').filter((line) => line.startsWith('{'));
    const told = lines.map((line) => JSON.parse(line) as { level: number; msg?: string; reason?: string });
    return told.flatMap(({ msg, ...line }) => (msg === undefined ? [] : [{ ...line, msg }]));
  };
  return { address, logOf };
}

/** Asks for what is in no memory, many times and in every protocol. */
async function askAll(address: string, status: 200 | 503): Promise<void> {
  const ways = waysToAsk('S72.001A');
  for (let round = 0; round < 3; round += 1) {
    const replies = await Promise.all(ways.map((way) => ask(address, way.path, way)));
    const wanted = ways.map(({ unavailable = status }) => (status === 200 ? 200 : unavailable));
    expect(replies.map((reply) => reply.status)).toEqual(wanted);
  }
}
const WARNING = 40;
/** A start names the official sources whose edition in use is old. */
const isOfOldEdition = (msg: string): boolean => msg.startsWith('an old edition');

test('a database server that is lost is told once, and once that it is back; all is read on', async () => {
  const { server, url } = await startShippedPostgres();
  cleaning.push(() => server.remove());
  const { address, logOf } = await serving({ DATABASE_URL: url });
  await server.kill();
  await askUntil(address, '/readyz', ({ text }) => text.includes('"store":"away since'));
  await askAll(address, 200);
  await server.start();
  await askUntil(address, '/readyz', ({ text }) => !text.includes('store'));
  const told = (await logOf()).filter(
    ({ level, msg }) => (level >= WARNING && !isOfOldEdition(msg)) || msg.includes('database'),
  );
  expect(told.map(({ msg }) => msg)).toEqual([
    'the database does not answer: serving the copy on this machine',
    'the database answers again',
  ]);
});

test('a copy that cannot be brought up to date is told once, with the reason: what it holds is served on', async () => {
  const DATABASE_URL = await createShippedDatabase();
  const owner = new pg.Client(DATABASE_URL);
  await owner.connect();
  await owner.query('CREATE ROLE reader LOGIN');
  await owner.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader');
  const asReader = new URL(DATABASE_URL);
  asReader.username = 'reader';
  const { address, logOf } = await serving({ DATABASE_URL: asReader.href, LIBRARY_READ_ONLY: 'true' });
  // It sees that something is new, and cannot read what.
  const mayLook = 'GRANT SELECT (id, activated_at, file) ON release TO reader';
  // At once: a server that looks in between would be told that it may see nothing.
  await owner.query(`REVOKE SELECT ON release FROM reader; ${mayLook}`);
  const folder = temporaryFolder();
  cleaning.push(async () => {
    folder.remove();
  });
  const rows = join(folder.path, 'icd-10-cm.csv');
  writeFileSync(rows, 'code,article,relationship,rank\nO80,topic-falls,related,1\n');
  expect(await runHere(['import', 'csv', rows], { DATABASE_URL })).toMatchObject({ code: 0 });
  await askUntil(address, '/readyz', ({ status, text }) => status === 200 && text.includes('"store":"behind since'));
  const [way] = waysToAsk('N53.14');
  expect((await ask(address, way?.path ?? '')).status).toBe(200);
  await owner.query('GRANT SELECT ON release TO reader');
  await owner.end();
  await askUntil(address, '/readyz', ({ status, text }) => status === 200 && !text.includes('store'));
  const warned = (await logOf()).filter(
    ({ level, msg }) => (level >= WARNING && !isOfOldEdition(msg)) || msg.includes('again'),
  );
  expect(warned).toMatchObject([
    {
      reason: 'permission denied for table release',
      msg: 'the copy of the library cannot be updated: serving its current content',
    },
    { msg: 'the copy of the library is up to date again' },
  ]);
});

test('a library file that is lost is told once, and once that it is whole again', async () => {
  const folder = temporaryFolder();
  cleaning.push(async () => {
    folder.remove();
  });
  const LIBRARY_PATH = join(folder.path, 'library.db');
  await putShippedLibrary(testConfig(folder.path));
  const whole = readFileSync(LIBRARY_PATH);
  const { address, logOf } = await serving({ LIBRARY_PATH, LIBRARY_READ_ONLY: 'true' });
  const [kept] = waysToAsk('N53.14');
  expect((await ask(address, kept?.path ?? '')).status).toBe(200);
  writeFileSync(LIBRARY_PATH, 'no database any more '.repeat(whole.length / 20));
  await askUntil(address, '/readyz', ({ status }) => status === 503);
  await askAll(address, 503);
  // The cached answer is of a library that is no longer there.
  expect((await ask(address, kept?.path ?? '')).status).toBe(503);
  writeFileSync(LIBRARY_PATH, whole);
  await askUntil(address, '/readyz', ({ status }) => status === 200);
  await askAll(address, 200);
  const log = await logOf();
  const told = log.filter(
    ({ level, msg }) => (level >= WARNING && !isOfOldEdition(msg)) || msg.includes('library file'),
  );
  // A request may find out before the next look does.
  expect(log.filter(({ msg }) => msg === 'request failed').length).toBeLessThanOrEqual(1);
  expect(told.map(({ msg }) => msg).filter((msg) => msg !== 'request failed')).toEqual([
    'the library file was damaged or replaced: it is not served',
    'the library file can be read again',
  ]);
});
