/** Starts the servers of a comparison, each a process of its own, and reads what they cost. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const CLOCK_TICKS_A_SECOND = 100;
/** Longer than a server may take to finish what is in flight. */
const STOP_MS = 20_000;
/** Longer than any command of the command line takes here. */
const COMMAND_MS = 600_000;

/** Source of the program that node runs: as it was built, or, for the tests of this, the sources. */
const isFromSources = process.env.BENCH_FROM_SOURCES === 'true';
const program = (file) =>
  isFromSources && file.startsWith('dist/')
    ? ['--import', './tests/library/register-typescript.mjs', file.replace(/^dist(.*)\.js$/, 'src$1.ts')]
    : [file];

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a server and waits until it answers a path; `startMs` is the time from the start to its first answer.
 * @param paths what it will be asked, in turn
 * @param flags of node; with some, the server has a channel to its parent
 */
export async function start(name, file, paths, env, flags = []) {
  const port = await freePort();
  const started = performance.now();
  const settings = { RATE_LIMIT_PER_MINUTE: '0', LOG_LEVEL: 'silent', ...env, PORT: String(port) };
  const child = spawn('node', [...flags, ...program(file)], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'inherit', ...(flags.length > 0 ? ['ipc'] : [])],
  });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    const end = child.exitCode ?? child.signalCode;
    if (end !== null) throw new Error(`${name} ended with ${end}`);
    try {
      await (await fetch(url + paths[0])).arrayBuffer();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  return { name, child, url, paths, startMs: Math.round(performance.now() - started) };
}

/** Ends a server, at once where it does not end by itself. */
export async function stop({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
}

/** CPU time of a process in microseconds, all its threads, as Linux accounts it. */
export function cpuMicros({ child }) {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / CLOCK_TICKS_A_SECOND;
}

export const residentMegabytes = ({ child }) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;

/** Memory of a process in megabytes: of pages that it shares with others its part. */
const shareOf = (pid) =>
  Number(/Pss:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;

/** The memory of a server and of its worker processes, in megabytes. */
export function residentOfAll({ child: { pid } }) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return [pid, ...children].reduce((sum, one) => sum + shareOf(one), 0);
}

/** The most memory that a process has had so far, in megabytes; 0 once it is gone. */
function peakMegabytes(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Runs a command of the command line to its end: its exit code (null where it came to none in time), how long it took, the most
 * memory that it had.
 */
export async function runCommand(env, ...args) {
  const started = performance.now();
  const child = spawn('node', [...program('dist/cli.js'), ...args], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
    timeout: COMMAND_MS,
    killSignal: 'SIGKILL',
  });
  let megabytes = 0;
  const watch = setInterval(() => (megabytes = Math.max(megabytes, peakMegabytes(child.pid))), 10);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(watch);
  return { code, ms: Math.round(performance.now() - started), megabytes };
}

/** The request that is sent for a path, or for what else `paths` holds. */
export const toRequest = ({ request = (path) => ({ method: 'GET', path }) }, one) => request(one);

async function ask(server, one) {
  const { path, headers, ...rest } = toRequest(server, one);
  return fetch(server.url + path, { ...rest, headers: { ...headers, 'accept-encoding': 'identity' } });
}

/** The headers of an answer as names and values in turn, without those that node:http adds and the request's id. */
export async function answerHeaders(server) {
  const { headers } = await ask(server, server.paths[0]);
  const others = new Set(['date', 'connection', 'keep-alive', 'x-request-id']);
  return [...headers].filter(([name]) => !others.has(name)).flat();
}

/** How many bytes a server's answers have on average; it must answer each path. */
export async function answerBytes(server) {
  const { paths } = server;
  let bytes = 0;
  for (const path of paths) {
    const reply = await ask(server, path);
    if (!reply.ok) throw new Error(`${reply.status} for ${path}`);
    bytes += (await reply.arrayBuffer()).byteLength;
  }
  return Math.round(bytes / paths.length);
}
