import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { ConfigError, loadConfig } from '../config/config.js';
import { Authorization } from '../demo/authorization.js';
import { DEMO_HOST, listAddresses, writeSettings } from '../demo/demo-settings.js';
import { createEhrApp, createFront } from '../demo/ehr-app.js';
import { createEhrParts } from '../demo/ehr-parts.js';
import { EHR_PATH } from '../demo/view.js';
import { createServer } from '../server.js';
import { loadTexts } from '../texts.js';
import { LogOutput } from './log-output.js';
import { openServed } from './open-served.js';
import type { ServingProcess } from './serve.js';

interface DemoOptions {
  readonly port: number;
}

const GREATEST_PORT = 65_535;

/** Listens on the loopback address. @throws ConfigError if the port cannot be used */
async function listen(server: Server, port: number): Promise<number> {
  if (port > GREATEST_PORT) throw new ConfigError(`--port must be from 1 to ${GREATEST_PORT}`);
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }: Error) => {
      reject(new ConfigError(`cannot listen on ${DEMO_HOST}:${port}: ${message}; --port names another port`));
    });
    server.listen(port, DEMO_HOST, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Starts our server and the EHR behind a port that is listened on. @returns what stops them */
async function startBehind(front: Server, folder: string, port: number): Promise<() => Promise<void>> {
  const addresses = listAddresses(port);
  const { resourcesDir } = loadConfig({});
  const texts = loadTexts(resourcesDir);
  const config = loadConfig(writeSettings(folder, port, texts('en')('demo.siteName'), resourcesDir));
  const output = new LogOutput();
  const log = pino({ level: config.logLevel, base: null }, output.stream);
  const opened = await openServed(config, log);
  const { workers } = config;
  const { server, stop } = await createServer({ ...opened, config, workers, clock: () => new Date(), log, output });
  const ehr = createEhrApp(createEhrParts(texts, addresses), await Authorization.create(addresses));
  front.on('request', createFront(ehr, server, addresses));
  return async () => {
    opened.stopLooking();
    front.close();
    front.closeAllConnections();
    await stop();
    await opened.written.close();
    await opened.library.close();
    await output.close();
  };
}

/**
 * Runs the demo until SIGINT, SIGTERM or SIGHUP: our server and a small EHR with sample patients, on the loopback address alone. All that
 * it writes is in one temporary folder, which is deleted at its end.
 * @throws ConfigError if the port cannot be used
 */
// ts-unused-exports:disable-next-line
export async function demo({ port: wanted }: DemoOptions, host: ServingProcess): Promise<void> {
  const front = createHttpServer();
  const port = await listen(front, wanted);
  const folder = mkdtempSync(join(tmpdir(), 'education-connect-demo-'));
  host.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  let stop: (() => Promise<void>) | undefined;
  let isEnding = false;
  const end = async (): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    await stop?.();
    host.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) host.on(signal, () => void end());
  host.stdout.write('Education Connect demo: preparing the library (about ten seconds)\n');
  try {
    stop = await startBehind(front, folder, port);
  } catch (error) {
    // An open port would keep the process alive.
    front.close();
    throw error;
  }
  host.stdout.write(
    `The demo is ready: open http://${DEMO_HOST}:${port}${EHR_PATH}\n` +
      'All patients are synthetic: not for the care of patients. Ctrl-C ends it and deletes all that it wrote.\n',
  );
}
