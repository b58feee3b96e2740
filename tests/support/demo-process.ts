import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { programOf } from './program.js';

/** A running demo. */
export interface DemoProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Its output so far. */
  readonly printed: () => string;
  /** Sends a signal and waits for the end. @returns the exit code; null if the signal itself ended it */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Finds a port of the loopback address that is free. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts the demo as a user does, as a process of its own.
 * @param temporary its folder of temporary files
 * @param until words that it prints, which are waited for
 */
export async function startDemo(temporary: string, until = 'is ready'): Promise<DemoProcess> {
  const port = await findFreePort();
  const child = spawn(process.execPath, [...programOf('cli'), 'demo', '--port', String(port)], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    const take = (part: Buffer): void => {
      printed += part.toString();
      if (printed.includes(until)) resolve();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void exit.then((code) => {
      reject(new Error(`the demo has ended with ${String(code)}: ${printed}`));
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    printed: () => printed,
    end: (signal) => {
      child.kill(signal);
      return exit;
    },
  };
}
