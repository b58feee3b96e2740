import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { ended, start } from '../cli/run-cli.js';
import { ask } from '../http/ask.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';
import { createShippedDatabase } from '../support/shipped-database.js';
import type { SmallDisk } from '../support/small-disk.js';
import { canMount, mountSmallDisk } from '../support/small-disk.js';
import { askUntil, waysToAsk } from './formats.js';

// Two machines over one PostgreSQL: one of them, or both, cannot copy what the site has written (decision 061).

const canHaveDisks = canMount(join(tmpdir(), `education-connect-disk-${process.pid}`));
if (!canHaveDisks)
  process.stdout.write('a log without room for its copy is not tested: mounting a small disk takes root\n');
const onDisk = canHaveDisks ? test : test.skip;

let folder: ReturnType<typeof temporaryFolder>;
let database: string;
/** The machine on which nothing is wrong but what is wrong in the store. */
let there: TestConnector;
let disk: SmallDisk | undefined;
const cleaning: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = temporaryFolder();
  cleaning.push(async () => {
    folder.remove();
  });
  if (canHaveDisks) {
    disk = mountSmallDisk(join(folder.path, 'disk'), 64);
    cleaning.push(async () => {
      disk?.unmount();
    });
  }
  database = await createShippedDatabase();
  there = await startConnector({ env: { DATABASE_URL: database, WRITE_TOKENS: TOKEN, LOG_LEVEL: 'silent' } });
  cleaning.push(there.stop);
  setPolicy();
});
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

/** Replaces the policy of the other machine. */
function setPolicy(...suppressed: readonly string[]): void {
  const path = join(folder.path, 'site.csv');
  writeFileSync(`${path}.new`, ['rule,what,for,value', ...suppressed.map((id) => `suppress,${id},,`), ''].join('\n'));
  renameSync(`${path}.new`, path);
}

interface Serving {
  readonly address: string;
  /** The reason for which it cannot copy, once its log has it. */
  readonly findLogged: () => Promise<string>;
  readonly kill: () => Promise<unknown>;
}

/** Starts the other machine's server, in a process of its own. */
async function serving(): Promise<Serving> {
  const child = start('main', [], {
    PORT: '0',
    DATABASE_URL: database,
    WRITE_TOKENS: TOKEN,
    LIBRARY_PATH: join(folder.path, 'disk', 'library.db'),
    SITE_POLICY: join(folder.path, 'site.csv'),
  });
  const end = ended(child);
  const kill = async (): Promise<unknown> => {
    child.kill('SIGKILL');
    return end;
  };
  cleaning.push(kill);
  let text = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const found = /^Education Connect .* on (http:\S+)$/m.exec(text)?.[1];
      if (found) resolve(found);
    });
    void end.then(({ stderr }) => {
      reject(new Error(stderr));
    });
  });
  const findReason = (): string | undefined => {
    const lines = text.split('\n').filter((line) => line.includes('the copy of the library cannot be updated'));
    return lines.map((line) => (JSON.parse(line) as { reason?: string }).reason)[0];
  };
  const findLogged = async (): Promise<string> => {
    for (;;) {
      const reason = text.endsWith('\n') ? findReason() : undefined;
      if (reason !== undefined) return reason;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { address, findLogged, kill };
}

/** Requests codes that were not requested before, one after the other; `stop` returns the statuses that were answered. */
let requested = 0;
function readOn(address: string): { readonly stop: () => Promise<readonly number[]> } {
  const statuses = new Set<number>();
  const load = { isOver: false };
  const reading = (async () => {
    while (!load.isOver) {
      requested += 1;
      const way = waysToAsk(`S${10 + (requested % 90)}.${Math.floor(requested / 90)}`)[requested % 4];
      statuses.add((await ask(address, way?.path ?? '', way)).status);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  })();
  return {
    stop: async () => {
      load.isOver = true;
      await reading;
      return [...statuses];
    },
  };
}

const ASTHMA = 'medlineplus.gov/asthma.html';

/** Answers of every protocol to the code of asthma, each with whether it names the article. */
async function askAll(address: string): Promise<{ readonly statuses: readonly number[]; readonly naming: number }> {
  const replies = [];
  for (const way of waysToAsk('J45.909')) replies.push(await ask(address, way.path, way));
  const naming = replies.filter(({ text }) => text.includes(ASTHMA)).length;
  return { statuses: [...new Set(replies.map(({ status }) => status))], naming };
}

/** A handout; with bytes that cannot be packed, its copy takes room. */
const write = (address: string, id: string, bytes = 0): ReturnType<typeof send> => {
  const description = randomBytes(bytes).toString('hex');
  return send(address, 'PUT', `/DocumentReference/${id}-en`, {
    ...handout({ title: `Title of ${id}` }),
    id: `${id}-en`,
    ...(bytes > 0 ? { description } : {}),
  });
};
const statusOf = async (address: string, id: string): Promise<number> =>
  (await ask(address, `/fhir/DocumentReference/${id}-en`)).status;
/** Waits until so many handouts of those that are written one after the other are shown. */
async function areShown(address: string, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1)
    await askUntil(address, `/fhir/DocumentReference/local-number-${number}-en`, ({ status }) => status === 200);
}
const isBehind = (address: string): Promise<unknown> =>
  askUntil(address, '/readyz', ({ status, text }) => status === 200 && text.includes('"store":"behind since'));
const isUpToDate = (address: string): Promise<unknown> =>
  askUntil(address, '/readyz', ({ status, text }) => status === 200 && !text.includes('store'));

function complain(address: string): ReturnType<typeof ask> {
  const headers = { Origin: address, 'Content-Type': 'application/x-www-form-urlencoded' };
  return ask(address, '/feedback', { method: 'POST', body: 'article=topic-asthma&reason=other', headers });
}

async function onStore(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client(database);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** The store damages a column of what is written from now on, and retains what it was. */
const damage = (table: string, column: string, key: string): Promise<void> =>
  onStore(
    `CREATE TABLE undamaged AS SELECT ${key}, ${column} FROM ${table} WITH NO DATA`,
    `CREATE FUNCTION damage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       INSERT INTO undamaged (${key}, ${column}) VALUES (${key
         .split(', ')
         .map((name) => `NEW.${name}`)
         .join(', ')}, NEW.${column});
       NEW.${column} := left(NEW.${column}, 20);
       RETURN NEW;
     END $$`,
    `CREATE TRIGGER damage BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION damage()`,
  );
const repair = (table: string, column: string, isSame: string): Promise<void> =>
  onStore(
    `DROP TRIGGER damage ON ${table}`,
    `UPDATE ${table} t SET ${column} = u.${column} FROM undamaged u WHERE ${isSame}`,
  );

interface Fault {
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
  readonly reason: RegExp;
  /** How a write fares meanwhile at the machine where nothing else is wrong. */
  readonly writtenThere: number;
}

const FAULTS: readonly (readonly [string, Fault, typeof onDisk])[] = [
  [
    'a disk that is full',
    {
      begin: async () => disk?.fill(),
      end: async () => disk?.free(),
      reason: /^database or disk is full$/,
      writtenThere: 201,
    },
    onDisk,
  ],
  [
    'rows that the store has damaged',
    {
      begin: () => damage('written_resource', 'rows', 'type, id'),
      end: () => repair('written_resource', 'rows', 't.type = u.type AND t.id = u.id'),
      reason: /^the rows of DocumentReference\/local-second-en, version 1, are damaged$/,
      writtenThere: 503,
    },
    test,
  ],
];

describe.each(FAULTS)('a log that cannot be copied: %s', (_name, fault, run) => {
  run(
    'is read on in its last state, under the policy in force, and nothing that was acknowledged is lost',
    async () => {
      let here = await serving();
      expect((await write(there.url, 'local-first')).reply.status).toBe(201);
      await askUntil(here.address, '/fhir/DocumentReference/local-first-en', ({ status }) => status === 200);
      const shown = await askAll(here.address);
      expect([shown.statuses, shown.naming > 8]).toEqual([[200], true]);
      let load = readOn(here.address);

      await fault.begin();
      // The store has it, whoever can copy it.
      expect((await write(there.url, 'local-second', 125_000)).reply.status).toBe(201);
      await isBehind(here.address);
      expect(await here.findLogged()).toMatch(fault.reason);
      expect(await askAll(here.address)).toEqual(shown);
      expect([await statusOf(here.address, 'local-first'), await statusOf(here.address, 'local-second')]).toEqual([
        200, 404,
      ]);
      // A write would be planned on what is no longer the last state. What needs no copy is recorded.
      const { reply } = await write(here.address, 'local-third');
      expect([reply.status, reply.headers['retry-after']]).toEqual([503, '2']);
      expect((await write(there.url, 'local-third')).reply.status).toBe(fault.writtenThere);
      expect((await complain(here.address)).status).toBe(200);
      expect(await there.feedback?.list()).toHaveLength(1);

      // The policy is no part of the log: it counts at once, for what is not copied yet too.
      setPolicy('topic-asthma', 'local-first', 'local-second');
      await askUntil(here.address, '/fhir/DocumentReference/topic-asthma-en', ({ status }) => status === 404);
      expect(await askAll(here.address)).toEqual({ statuses: [200], naming: 0 });
      expect(await statusOf(here.address, 'local-first')).toBe(404);
      expect(await load.stop()).toEqual([200]);

      await here.kill();
      here = await serving();
      await isBehind(here.address);
      expect(await askAll(here.address)).toEqual({ statuses: [200], naming: 0 });
      expect(await statusOf(here.address, 'local-first')).toBe(404);
      load = readOn(here.address);

      await fault.end();
      const whileItHeals = new Set<number>();
      const healing = { isOver: false };
      void askUntil(here.address, '/readyz', ({ text }) => !/"written-1\+|"store"/.test(text)).then(
        () => (healing.isOver = true),
      );
      while (!healing.isOver) whileItHeals.add(await statusOf(here.address, 'local-second'));
      expect([[...whileItHeals], await load.stop()]).toEqual([[404], [200]]);
      expect(await askAll(here.address)).toEqual({ statuses: [200], naming: 0 });
      await isUpToDate(there.url);
      await askUntil(there.url, '/fhir/DocumentReference/local-second-en', ({ status }) => status === 200);
      setPolicy();
      for (const id of ['local-first', 'local-second'])
        await askUntil(here.address, `/fhir/DocumentReference/${id}-en`, ({ status }) => status === 200);
      expect((await write(here.address, 'local-fourth')).reply.status).toBe(201);
      expect(await statusOf(here.address, 'local-fourth')).toBe(200);
      await askUntil(there.url, '/fhir/DocumentReference/local-fourth-en', ({ status }) => status === 200);
    },
  );
});

test('a release’s summary that the store has damaged is named, and copied once it is whole', async () => {
  const here = await serving();
  await damage('release', 'content', 'id');
  expect((await write(there.url, 'local-first')).reply.status).toBe(201);
  await isBehind(here.address);
  expect(await here.findLogged()).toBe('what release written-1 says of itself cannot be read');
  await repair('release', 'content', 't.id = u.id');
  await askUntil(here.address, '/fhir/DocumentReference/local-first-en', ({ status }) => status === 200);
});

onDisk(
  'a write that is acknowledged while the disk of its machine fills is in the store, and shown once it can be copied',
  async () => {
    const here = await serving();
    disk?.fill();
    let acknowledged = 0;
    for (let status = 201; status === 201; acknowledged += status === 201 ? 1 : 0)
      status = (await write(here.address, `local-number-${acknowledged}`, 125_000)).reply.status;
    expect(acknowledged).toBeGreaterThan(0);
    await isBehind(here.address);
    await areShown(there.url, acknowledged);
    expect(await statusOf(there.url, `local-number-${acknowledged}`)).toBe(404);
    disk?.free();
    await isUpToDate(here.address);
    await areShown(here.address, acknowledged);
  },
);

onDisk('a disk that may not be written to ends the start with one line, though a copy is on it', async () => {
  const { kill } = await serving();
  await kill();
  disk?.protect(true);
  const place = join(folder.path, 'disk');
  await expect(serving()).rejects.toThrow(
    new RegExp(
      `^education-connect: cannot open the library in PostgreSQL at \\S+: its copy cannot be updated: the folder ${place} is on a file system that is read-only\n$`,
    ),
  );
});

onDisk('a machine without a copy that starts on a full disk listens, and serves once there is room', async () => {
  expect((await write(there.url, 'local-first')).reply.status).toBe(201);
  disk?.fill(1_000_000);
  const here = await serving();
  for (const path of ['/readyz', waysToAsk('J45.909')[0]?.path ?? '']) {
    const { status } = await ask(here.address, path);
    expect([path, status]).toEqual([path, 503]);
  }
  disk?.free();
  await isUpToDate(here.address);
  expect(await statusOf(here.address, 'local-first')).toBe(200);
});
