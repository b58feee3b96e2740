import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/connector.js';
import { createShippedDatabase } from '../support/shipped-database.js';
import { environmentOf, readCompose } from './compose.js';
import { exitOf, imageFolder, layOutImage, runInImage, startCommand, untilReady } from './image-folder.js';
import type { Ask, Load } from './load.js';
import { askOnce, mixedAsk, startLoad } from './load.js';
import type { Nginx } from './nginx.js';
import { describeWithNginx, freePort, startNginx } from './nginx.js';

// Services that docker-compose.yml starts, without Docker: the content of the image, with the services' own environment, twice, behind
// nginx with the shipped configuration, over one PostgreSQL.

const WRITE_TOKEN = 'a-token-of-the-test';
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';

/** A handout that is created: each call a new one, by its title. */
const createHandout =
  (title: string) =>
  (number: number): Ask => ({
    method: 'POST',
    path: '/fhir/DocumentReference',
    type: 'application/fhir+json',
    headers: { authorization: `Bearer ${WRITE_TOKEN}` },
    body: JSON.stringify({
      resourceType: 'DocumentReference',
      status: 'current',
      type: { coding: [{ system: 'http://loinc.org', code: '69730-0' }] },
      content: [
        { attachment: { language: 'en', title: `${title} ${number}`, url: `https://hospital.example/${number}.pdf` } },
      ],
      context: { event: [{ coding: [{ system: ICD, code: 'Z71.89' }] }] },
    }),
  });

/** A row of a site’s own. */
const siteRow = (code: string): string => `code,article,relationship,rank\n${code},topic-falls,related,1\n`;

describeWithNginx('two instances behind nginx over one PostgreSQL', () => {
  let image: ReturnType<typeof temporaryFolder>;
  let ofNginx: ReturnType<typeof temporaryFolder>;
  let library: pg.Client;
  let nginx: Nginx;
  let environment: Record<string, string>;
  const instances: { url: string; child: ChildProcess }[] = [];

  const startInstance = (index: number): ChildProcess => {
    const { port } = new URL(instances[index]?.url ?? '');
    return runInImage(image.path, startCommand(), {
      ...environment,
      HOST: '127.0.0.1',
      PORT: port,
      WRITE_TOKENS: WRITE_TOKEN,
    });
  };
  const start = async (index: number): Promise<void> => {
    const instance = instances[index];
    if (!instance) throw new Error('no such instance');
    instance.child = startInstance(index);
    await untilReady(`${instance.url}/readyz`, instance.child);
  };
  const end = (index: number, signal: NodeJS.Signals): Promise<number | null> => {
    const child = instances[index]?.child;
    if (!child) throw new Error('no such instance');
    child.kill(signal);
    return exitOf(child);
  };
  /** How often nginx was answered by an instance so far. */
  const answersOf = (index: number): number => {
    const { host } = new URL(instances[index]?.url ?? '');
    return nginx.logs().split(`"instance":"${host}","instanceStatus":"200"`).length - 1;
  };
  const takesLoad = async (index: number): Promise<void> => {
    const before = answersOf(index);
    while (answersOf(index) < before + 20) await new Promise((resolve) => setTimeout(resolve, 100));
  };

  /** Whether an import is under way: it has the file of its release open, which is not yet whole. */
  const isImporting = ({ pid }: ChildProcess): boolean => {
    const open = `/proc/${pid}/fd`;
    try {
      return readdirSync(open).some((name) => readlinkSync(`${open}/${name}`).endsWith('.unfinished'));
    } catch {
      // A file was closed meanwhile, or the process has ended.
      return false;
    }
  };
  const isStopped = ({ pid }: ChildProcess): boolean => / T \d/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  /**
   * Starts an import, waits until it is under way, and holds it there until it is let go on. On a busy machine one may be through
   * before it is held: then another follows.
   * @param begin starts the import of this number
   */
  const holdImport = async (begin: (number: number) => ChildProcess): Promise<ChildProcess> => {
    for (let number = 0; ; number += 1) {
      const importing = begin(number);
      const end = exitOf(importing);
      await until(() => hasEnded(importing) || isImporting(importing));
      importing.kill('SIGSTOP');
      await until(() => hasEnded(importing) || isStopped(importing));
      if (!hasEnded(importing) && isImporting(importing)) return importing;
      importing.kill('SIGCONT');
      expect(await end).toBe(0);
    }
  };
  /** Every request was answered; an instance sent one away for a while only where its log has why: no database, or too much to do. */
  const expectNoneLost = ({ failures, unavailable }: Load): void => {
    expect(failures).toEqual(new Map());
    const log = readFileSync(join(image.path, 'var/output.log'), 'utf8');
    if (unavailable() > 0) expect(log).toMatch(/the database does not answer|"outcome":"overloaded"/);
  };
  /** Reading load, and one client that creates handouts. */
  const startMixed = (title: string): [Load, Load] => [
    startLoad(nginx.url, mixedAsk),
    startLoad(nginx.url, createHandout(title), { connections: 1, pauseMs: 250 }),
  ];
  /** Slows both while something comes about: after each write both instances collect the whole library again. */
  const slow =
    (load: Load, writes: Load) =>
    <T>(isDone: Promise<T>, restMs?: number): Promise<T> =>
      load.slowlyUntil(writes.slowlyUntil(isDone), restMs);
  /** Titles of a kind of the handouts that were ever created. */
  const titlesOf = async (kind: string): Promise<string[]> => {
    const { rows } = await library.query<{ content: string | null }>('SELECT content FROM written_version');
    return rows
      .flatMap(({ content }) => /"title":\s*"(\w+ \d+)"/.exec(content ?? '')?.[1] ?? [])
      .filter((title) => title.startsWith(kind))
      .sort();
  };

  beforeAll(async () => {
    [image, ofNginx] = [imageFolder(), temporaryFolder()];
    layOutImage(image.path);
    const address = await createShippedDatabase();
    writeFileSync(join(image.path, 'database-url'), address);
    library = new pg.Client(address);
    await library.connect();
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    environment = {
      ...environmentOf(readCompose('docker-compose.yml').services['connector-1'] ?? {}),
      DATABASE_URL_FILE: join(image.path, 'database-url'),
      PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
      TRUST_PROXY: 'loopback',
    };
    for (const port of ports.slice(1)) instances.push({ url: `http://127.0.0.1:${port}`, child: undefined as never });
    await Promise.all([start(0), start(1)]);
    nginx = await startNginx({ folder: ofNginx.path, port: ports[0], instances: [ports[1], ports[2]] });
  });
  afterAll(async () => {
    await nginx.stop();
    await Promise.all([end(0, 'SIGKILL'), end(1, 'SIGKILL')]);
    await library.end();
    image.remove();
    ofNginx.remove();
  });

  test('of an instance killed while an import is written under load, no reading request and no acknowledged write is lost', async () => {
    const rows = join(image.path, 'rows');
    mkdirSync(rows);
    const beginImport = (number: number): ChildProcess => {
      writeFileSync(join(rows, 'icd-10-cm.csv'), siteRow(`W${10 + number}`));
      return runInImage(image.path, ['node', 'dist/cli.js', 'import', 'csv', join(rows, 'icd-10-cm.csv')], environment);
    };
    const [load, writes] = startMixed('Sheet');
    const slowly = slow(load, writes);
    await load.slowlyUntil(writes.more(2));
    await load.more(40);
    const importing = await slowly(holdImport(beginImport));
    const imported = exitOf(importing);
    await load.more(40);
    await end(0, 'SIGKILL');
    await load.more(40);
    expect(isImporting(importing)).toBe(true);
    importing.kill('SIGCONT');
    expect(await slowly(imported)).toBe(0);
    while (!(await askOnce(nginx.url, mixedAsk(0))).release.includes('csv')) await slowly(load.more(1));
    await load.more(40);
    await slowly(start(0));
    await slowly(Promise.all([takesLoad(0), takesLoad(1), writes.more(2)]), 60);
    await Promise.all([load.stop(), writes.stop()]);
    expectNoneLost(load);
    expect(nginx.logs()).toMatch(/"instanceStatus":"50\d, 200"/);
    // The one that was in flight on the killed instance may be there or not: what was not acknowledged is asked for again.
    const lost = [...writes.failures.values()].reduce((sum, count) => sum + count, 0);
    expect(lost).toBeLessThanOrEqual(1);
    const titles = await titlesOf('Sheet');
    expect(titles).toHaveLength(new Set(titles).size);
    expect(titles).toEqual(expect.arrayContaining(writes.acknowledged().map((number) => `Sheet ${number}`)));
    expect(titles.length - writes.acknowledged().length).toBeLessThanOrEqual(lost);
  });

  test('an import under load comes into use on both, loses no request, and both answer the same from it', async () => {
    const rows = join(image.path, 'more-rows');
    mkdirSync(rows);
    writeFileSync(join(rows, 'icd-10-cm.csv'), siteRow('O81'));
    const releases = () => Promise.all(instances.map(async ({ url }) => (await askOnce(url, mixedAsk(0))).release));
    // Instances look for the last write four times a second.
    while (new Set(await releases()).size > 1) await new Promise((resolve) => setTimeout(resolve, 50));
    const [before = ''] = await releases();
    const load = startLoad(nginx.url, mixedAsk);
    await load.more(80);
    const served = [answersOf(0), answersOf(1)];
    const command = ['node', 'dist/cli.js', 'import', 'csv', join(rows, 'icd-10-cm.csv')];
    expect(await load.slowlyUntil(exitOf(runInImage(image.path, command, environment)))).toBe(0);
    while ((await releases()).includes(before)) await load.slowlyUntil(load.more(1));
    await load.more(80);
    await load.stop();
    expectNoneLost(load);
    const [release = ''] = await releases();
    expect([...load.releases].sort()).toEqual([before, release].sort());
    for (const [index, count] of served.entries()) expect(answersOf(index) - count).toBeGreaterThan(30);
    for (const ask of [...Array(60).keys()].map(mixedAsk)) {
      const [one, two] = await Promise.all(instances.map(({ url }) => askOnce(url, ask)));
      // When each was asked stands in the feeds.
      const timeless = (body = ''): string => body.replace(/20\d\d-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, '');
      expect([one?.status, one?.release, timeless(one?.body)]).toEqual([two?.status, release, timeless(two?.body)]);
    }
    const found = await askOnce(nginx.url, { method: 'GET', path: `/fhir/DocumentReference?event=${ICD}|O81` });
    expect(found.body).toContain('topic-falls');
  });

  test('a restart behind the other one loses no request, and writes what it acknowledged, once', async () => {
    const [load, writes] = startMixed('Plan');
    const slowly = slow(load, writes);
    await load.more(50);
    expect(await slowly(end(1, 'SIGTERM'), 300)).toBe(0);
    await slowly(start(1));
    await slowly(Promise.all([takesLoad(0), takesLoad(1), writes.more(2)]), 60);
    await Promise.all([load.stop(), writes.stop()]);
    expectNoneLost(load);
    expect(writes.failures).toEqual(new Map());
    expect(await titlesOf('Plan')).toEqual(
      writes
        .acknowledged()
        .map((number) => `Plan ${number}`)
        .sort(),
    );
  });
});
