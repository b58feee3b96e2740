import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { refusal } from '../config/refusal.js';
import { ask } from '../http/ask.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { ended, run, runHere, start } from './run-cli.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

let files = 0;
function file(content: string): string {
  const path = join(folder.path, `secret-${String((files += 1))}`);
  writeFileSync(path, content);
  return path;
}

const SECRETS = {
  reader: 'sentinel-read-qzx-0001',
  writer: 'sentinel-write-qzx-0002',
  upstream: 'sentinel-upstream-qzx-0003',
  database: 'sentinel-database-qzx-0004',
};
const SENTINEL = /qzx/;
const DATABASE_URL = `postgres://somebody:${SECRETS.database}@127.0.0.1:1/library`;

describe('a secret may stand in a file', () => {
  test.each<[string, string, (env: Record<string, string>) => unknown]>([
    ['DATABASE_URL', DATABASE_URL, (env) => loadConfig(env).database?.url],
    [
      'TERMINOLOGY_TOKEN',
      SECRETS.upstream,
      (env) => loadConfig({ ...env, TERMINOLOGY_SERVER: 'http://tx.local' }).terminologyServer?.token,
    ],
    ['WRITE_TOKENS', SECRETS.writer, (env) => loadConfig(env).authorization?.tokens[0]?.token],
    [
      'READ_TOKENS',
      SECRETS.reader,
      (env) => loadConfig({ ...env, REQUIRE_AUTHENTICATION: 'all' }).authorization?.tokens[0]?.token,
    ],
  ])('%s_FILE', (name, secret, taken) => {
    expect(taken({ [name]: secret })).toBe(secret);
    expect(taken({ [`${name}_FILE`]: file(`${secret}\n`) })).toBe(secret);
    const { properties } = JSON.parse(readFileSync('resources/schemas/config.json', 'utf8')) as { properties: object };
    expect(Object.keys(properties)).toEqual(expect.arrayContaining([name, `${name}_FILE`]));
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['two addresses', { DATABASE_URL, DATABASE_URL_FILE: 'x' }, /exclude each other/],
    ['no such file', { DATABASE_URL_FILE: 'no/such/file' }, /^DATABASE_URL_FILE must be a readable file/],
    ['no address', { DATABASE_URL_FILE: file(SECRETS.database) }, /^DATABASE_URL_FILE must contain an address like/],
    ['a wrong address', { DATABASE_URL: `mysql://a:${SECRETS.database}@h/d` }, /^DATABASE_URL must be an address like/],
    [
      'a # in a password',
      { DATABASE_URL: 'postgres://a:0qzx#0@h:5432/d' },
      /^DATABASE_URL must .*\(# as %23, \? as %3F/,
    ],
    ['a ? in a password', { DATABASE_URL: 'postgres://a:0?qzx@h:5432/d' }, /^DATABASE_URL must .*\? as %3F/],
    ['a / in a password', { DATABASE_URL: 'postgres://a:0/qzx?0@h:5432/d' }, /^DATABASE_URL must .*\/ as %2F/],
    ['a # in a file', { DATABASE_URL_FILE: file('postgres://a:0qzx#0@h/d') }, /^DATABASE_URL_FILE must contain .*%23/],
    ['a short token', { WRITE_TOKENS: 'qzx' }, /^each of WRITE_TOKENS/],
  ])('%s is refused in one line that does not tell it', (_name, env, line) => {
    expect(refusal(env)).toMatch(line);
    expect(refusal(env)).not.toMatch(SENTINEL);
  });
});

const serveAlone = (args: readonly string[], env: Record<string, string>) => run('cli', args, env);
const NOWHERE = DATABASE_URL.replace(':1/', ':99999/');

test('a server that waits for its database tells of it without its password', async () => {
  const child = start('cli', ['serve'], { DATABASE_URL, PORT: '0' });
  const end = ended(child);
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (part: Buffer) => {
      if (/is waiting/.test(String(part))) resolve();
    });
  });
  child.kill('SIGTERM');
  const { code, stdout, stderr } = await end;
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/the library cannot be opened yet/);
  expect(stdout).not.toMatch(SENTINEL);
});

test.each([
  ['serve', [NOWHERE]],
  ['lookup N53.14', [DATABASE_URL, NOWHERE]],
  ['releases', [DATABASE_URL, NOWHERE]],
  ['build', [DATABASE_URL, NOWHERE]],
])('a database that cannot be reached is told by %s without its password', async (command, addresses) => {
  for (const address of addresses) {
    const { code, stdout, stderr } = await (command === 'serve' ? serveAlone : runHere)(command.split(' '), {
      DATABASE_URL: address,
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^education-connect: cannot open the library/)]);
    expect(stdout + stderr).not.toMatch(SENTINEL);
  }
});

test('no secret stands in an answer, the log, the counters or the audit trail', async () => {
  const AUDIT_LOG = join(folder.path, 'audit.ndjson');
  const connector = await startConnector({
    env: {
      AUDIT_LOG,
      REQUIRE_AUTHENTICATION: 'all',
      READ_TOKENS: SECRETS.reader,
      WRITE_TOKENS_FILE: file(SECRETS.writer),
      // Nobody listens there: what goes wrong in asking is told as well.
      TERMINOLOGY_SERVER: 'http://127.0.0.1:1',
      TERMINOLOGY_TOKEN: SECRETS.upstream,
      LOG_LEVEL: 'trace',
    },
  });
  const { url } = connector;
  const told: string[] = [];
  const tell = async (path: string, asking: Parameters<typeof ask>[2] = {}): Promise<void> => {
    const { headers, text } = await ask(url, path, asking);
    told.push(JSON.stringify(headers), text);
  };
  const { paths } = JSON.parse((await ask(url, '/openapi.json')).text) as { paths: Record<string, object> };
  const unknown = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=A00.0';
  for (const path of Object.keys(paths)) {
    const address = `${path.replace(/\{\w+\}/g, 'topic-acne-en')}?q=acne&${unknown}`;
    await tell(address);
    for (const secret of [SECRETS.reader, SECRETS.writer, SECRETS.upstream]) {
      await tell(address, { headers: { Authorization: `Bearer ${secret}` } });
    }
    const password = Buffer.from(`x:${SECRETS.writer}`).toString('base64');
    await tell(address, { headers: { Authorization: `Basic ${password}` } });
  }
  await tell('/fhir/DocumentReference', {
    method: 'POST',
    headers: { Authorization: `Bearer ${SECRETS.writer}`, 'Content-Type': 'application/fhir+json' },
    body: '{"resourceType":"DocumentReference"}',
  });
  await connector.stop();
  const all = [...told, JSON.stringify(connector.logLines), readFileSync(AUDIT_LOG, 'utf8')].join('\n');
  expect([told.length > 300, connector.logLines.length > 150]).toEqual([true, true]);
  // A pattern that begins with what may stand before it reads some megabytes 60 times.
  const at = all.search(SENTINEL);
  expect(at < 0 ? '' : all.slice(Math.max(0, at - 60), at + 20)).toBe('');
});
