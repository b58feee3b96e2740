import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { SOMEBODY, exitOf } from './image-folder.js';

const NGINX = process.env.NGINX_PATH ?? ['/usr/sbin/nginx', '/usr/local/bin/nginx'].find((path) => existsSync(path));

/**
 * A suite with a real nginx: found by NGINX_PATH or in the usual places. Where there is none the suite is skipped and
 * counted as such; with CI=true it runs, and fails where there is none.
 */
export const describeWithNginx = NGINX !== undefined || process.env.CI === 'true' ? describe : describe.skip;

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

export interface NginxPlace {
  /** Its own: what it writes lies here. */
  readonly folder: string;
  readonly port: number;
  /** Ports of the two instances. */
  readonly instances: readonly [number, number];
  /** An instance that fails is asked again at once: for tests of single failures. */
  readonly isForgiving?: boolean;
}

function replace(text: string, from: string, to: string, times: number): string {
  const parts = text.split(from);
  if (parts.length - 1 !== times) throw new Error(`nginx.conf has "${from}" ${parts.length - 1} times, not ${times}`);
  return parts.join(to);
}

/**
 * The shipped nginx.conf on this machine: its port, its folder for what is temporary, and the addresses of the instances are
 * other ones; addresses are not looked up anew (`resolve`, which nginx knows from 1.27.3 on). All else is as shipped.
 */
function confFor({ folder, port, instances: [first, second], isForgiving = false }: NginxPlace): string {
  let conf = readFileSync('deploy/nginx/nginx.conf', 'utf8');
  conf = replace(conf, 'listen 8080;', `listen 127.0.0.1:${port};`, 1);
  conf = replace(conf, ' /tmp/', ` ${folder}/`, 6);
  conf = replace(conf, 'server connector-1:3000 resolve', `server 127.0.0.1:${first}`, 2);
  conf = replace(conf, 'server connector-2:3000 resolve', `server 127.0.0.1:${second}`, 2);
  return isForgiving ? replace(conf, 'max_fails=2', 'max_fails=0', 4) : conf;
}

export interface Nginx {
  readonly url: string;
  /** All that it has written. */
  readonly logs: () => string;
  /** Ends it when what is in flight is done. */
  readonly stop: () => Promise<number | null>;
}

function runNginx(place: NginxPlace, args: readonly string[]): ChildProcess {
  if (NGINX === undefined) throw new Error('no nginx found: set NGINX_PATH, or install the package nginx-light');
  const { folder } = place;
  chmodSync(folder, 0o755);
  const conf = join(folder, 'nginx.conf');
  writeFileSync(conf, confFor(place));
  const log = join(folder, 'output.log');
  const output = openSync(log, 'a');
  // nginx opens /dev/stdout by its name.
  if (SOMEBODY.uid !== undefined) for (const path of [folder, log]) chownSync(path, SOMEBODY.uid, SOMEBODY.gid);
  return spawn(NGINX, ['-p', folder, '-c', conf, ...args], {
    ...SOMEBODY,
    cwd: folder,
    stdio: ['ignore', output, output],
  });
}

const readLogs = (folder: string): string => readFileSync(join(folder, 'output.log'), 'utf8');

/** Output of nginx on the shipped configuration. */
export async function testConf(place: NginxPlace): Promise<{ code: number | null; said: string }> {
  const code = await exitOf(runNginx(place, ['-t']));
  return { code, said: readLogs(place.folder) };
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        resolve(true);
        socket.destroy();
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('nginx does not listen');
}

/** Starts nginx with the shipped configuration, as the user that it has in its container. */
export async function startNginx(place: NginxPlace): Promise<Nginx> {
  const child = runNginx(place, ['-g', 'daemon off;']);
  const url = `http://127.0.0.1:${place.port}`;
  await untilListening(child, place.port);
  return {
    url,
    logs: () => readLogs(place.folder),
    stop: () => {
      child.kill('SIGQUIT');
      return exitOf(child);
    },
  };
}
