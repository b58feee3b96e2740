import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { importRelease } from '../../src/cli/import.js';
import type { Config } from '../../src/config/config.js';

import { openLibrary } from '../../src/library/open.js';
import { openLater } from '../../src/library/open-later.js';
import { keptStreams } from '../cli/seeded-config.js';
import { ask } from '../http/ask.js';
import { seedPlaces } from '../library/places.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import type { PostgresServer } from '../support/postgres-server.js';
import { NOBODY } from '../support/postgres-server.js';
import { startShippedPostgres } from '../support/shipped-database.js';
import type { SmallDisk } from '../support/small-disk.js';
import { canMount, mountSmallDisk } from '../support/small-disk.js';
import { wholeOf } from './whole-library.js';

const folder = temporaryFolder();
// Another user's PostgreSQL must reach its disk.
chmodSync(folder.path, 0o755);
const canHaveDisks = canMount(folder.path);
if (!canHaveDisks) process.stdout.write('small disks are not tested: mounting one takes root\n');

/** Where a library is, and its room. */
interface TightPlace {
  readonly env: Record<string, string>;
  /** Takes the room away, but for so many bytes. */
  readonly fill: (leaveBytes?: number) => void;
  /** Room that an import does not find enough, and how a write fares after it. */
  readonly littleBytes: number;
  readonly afterImport: readonly number[];
  readonly free: () => void;
  readonly remove: () => Promise<void>;
}

let disks = 0;
function smallDisk(megabytes: number): SmallDisk {
  const disk = mountSmallDisk(join(folder.path, `disk-${(disks += 1)}`), megabytes);
  if (!disk) throw new Error('it was mounted before');
  return disk;
}

async function fileOnSmallDisk(): Promise<TightPlace> {
  const disk = smallDisk(96);
  return {
    env: { LIBRARY_PATH: join(disk.path, 'library.db') },
    // Room that an import must leave, and less than it takes beside that.
    littleBytes: 20_000_000,
    afterImport: [201],
    fill: disk.fill,
    free: disk.free,
    remove: async () => {
      disk.unmount();
    },
  };
}

let server: PostgresServer | undefined;
let template = '';
beforeAll(async () => {
  if (!canHaveDisks) return;
  ({ server, template } = await startShippedPostgres());
  // Where it tidies up while the disk is full, it lets nobody in: it must write a file first. It is left to do so at no time.
  await server.administer('ALTER SYSTEM SET autovacuum = off', 'SELECT pg_reload_conf()');
});
afterAll(async () => {
  await server?.remove();
  folder.remove();
});

async function tablesOnSmallDisk(): Promise<TightPlace> {
  const disk = smallDisk(160);
  const data = join(disk.path, 'tables');
  mkdirSync(data);
  chownSync(data, NOBODY, NOBODY);
  await server?.administer(`CREATE TABLESPACE tight_${disks} LOCATION '${data}'`);
  const url = (await server?.createDatabase(`TEMPLATE ${template} TABLESPACE tight_${disks}`)) ?? '';
  return {
    env: { DATABASE_URL: url },
    littleBytes: 1_000_000,
    // The server clears away what is deleted in its own time.
    afterImport: [201, 507],
    fill: disk.fill,
    free: disk.free,
    remove: async () => {
      await server?.administer(
        `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`,
        `DROP TABLESPACE tight_${disks}`,
      );
      disk.unmount();
    },
  };
}

const cleaning: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

/** Topics that take some megabytes. */
function manyTopics(): string {
  const path = join(folder.path, 'mplus_topics.xml');
  const topic = (id: number): string =>
    `<health-topic title="Topic ${id}" url="https://medlineplus.gov/t${id}.html" id="${id}" language="English">
      <full-summary>${`Words of topic ${id}. `.repeat(30)}</full-summary></health-topic>`;
  const all = Array.from({ length: 5000 }, (_one, id) => topic(id)).join('\n');
  writeFileSync(path, `<health-topics total="5000" date-generated="11/21/2026 02:30:47">\n${all}\n</health-topics>`);
  return path;
}

const imported = async (config: Config): Promise<{ code: number; stderr: string }> => {
  const { streams, written } = keptStreams();
  const code = await importRelease(config, 'medlineplus', manyTopics(), {}, streams);
  return { code, stderr: written().stderr };
};

const PLACES = [
  ['a file on a small disk', fileOnSmallDisk, canHaveDisks ? test : test.skip],
  ['PostgreSQL with its tables on a small disk', tablesOnSmallDisk, canHaveDisks ? test : test.skip],
] as const;

describe.each(PLACES)('a full disk: %s', (_name, open, run) => {
  run('it reads on, tells writers and importers, and takes what comes when there is room again', async () => {
    const place = await open();
    cleaning.push(place.remove);
    const connector = await startConnector({ env: { WRITE_TOKENS: TOKEN, LOG_LEVEL: 'silent', ...place.env } });
    cleaning.push(connector.stop);
    const { url, config } = connector;
    const options = { ...config, readOnly: false };
    // Content that cannot be packed: every write takes room.
    const create = async (title: string) =>
      send(url, 'POST', '/DocumentReference', handout({ title, description: randomBytes(125_000).toString('hex') }));
    const complain = (): ReturnType<typeof ask> =>
      ask(url, '/feedback', {
        method: 'POST',
        body: 'article=topic-asthma&reason=other',
        headers: { Origin: url, 'Content-Type': 'application/x-www-form-urlencoded' },
      });
    expect((await create('Before')).reply.status).toBe(201);

    place.fill(place.littleBytes);
    const before = await wholeOf(options);
    const refused = await imported(config);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/rejected, nothing has changed: [^\n]+\n$/),
    ]);
    expect(await wholeOf(options)).toEqual(before);
    // The import's data is deleted again, and there is room for a site's writes.
    expect(place.afterImport).toContain((await create('After the import')).reply.status);

    place.fill();
    let last = await create('While it is full');
    for (let count = 0; last.reply.status === 201 && count < 200; count += 1) last = await create(`Handout ${count}`);
    expect([last.reply.status, last.reply.headers['retry-after']]).toEqual([507, '2']);
    expect(last.resource).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'no-store' }] });
    expect([200, 507]).toContain((await complain()).status);
    for (const path of [
      '/readyz',
      '/search?q=asthma',
      '/fhir/DocumentReference/topic-asthma-en',
      '/code/icd-10-cm/I10',
    ]) {
      expect([path, (await ask(url, path)).status]).toEqual([path, 200]);
    }
    // Whoever starts now reads what is there.
    const { library, written } = await openLibrary(options);
    expect(library.findArticles(['topic-asthma'])[0]?.id).toBe('topic-asthma');
    await written.close();
    await library.close();

    place.free();
    expect((await create('After')).reply.status).toBe(201);
    expect((await complain()).status).toBe(200);
    expect(await imported(config)).toMatchObject({ code: 0 });
  });
});

(canHaveDisks ? test : test.skip)('a build for which there is no room is tried until there is', async () => {
  const disk = smallDisk(1);
  cleaning.push(async () => {
    disk.unmount();
  });
  disk.fill(60_000);
  const options = { ...seedPlaces(join(folder.path, 'seed')), libraryPath: join(disk.path, 'library.db') };
  await expect(openLibrary(options)).rejects.toMatchObject({ isPassing: true });
  const failures: unknown[] = [];
  const opened = await new Promise<ReturnType<typeof openLater>['library']>((resolve) => {
    const later = openLater(
      () => openLibrary(options),
      () => {
        resolve(later.library);
      },
      (error) => {
        failures.push(error);
        disk.free();
        disk.resize(8);
      },
    );
    cleaning.push(() => later.library.close());
  });
  expect(failures).not.toEqual([]);
  expect(opened.findArticleIds({ system: 'icd-10-cm', code: 'W19' })).toEqual(['topic-falls']);
});
