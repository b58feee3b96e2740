import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/config.js';
import type { FeedbackQueue } from '../../src/core/evaluation/feedback.js';
import type { HandedOverRecord } from '../../src/core/handing-over/record.js';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import type { OpenedLibrary } from '../../src/library/open.js';
import { openLibrary } from '../../src/library/open.js';
import { AuditLog } from '../../src/edge/observe/audit-log.js';
import type { MemoryLimits } from '../../src/edge/memory-budget.js';
import type { PoolLimits } from '../../src/edge/workers/worker-pool.js';
import { LIMITS } from '../../src/limits.js';
import type { Route } from '../../src/protocols/route.js';
import { createServer } from '../../src/server.js';
import { DocumentedAnswers } from './documented-answers.js';
import { NAMED_SERVER, databaseFor, dropDatabase, isNamed, makeDatabase } from './named-server.js';
import { putShippedLibrary } from './shipped-library.js';

/** The time at which test servers live, unless a test moves it. */
export const TEST_TIME = new Date('2026-11-24T12:34:56Z');

/** How long audit lines are gathered: short, for tests wait for them. */
const AUDIT_FLUSH_MS = 20;

/** A folder of its own below the run's temporary one, or another; `remove` takes it away. */
export function temporaryFolder(below = tmpdir()): { path: string; remove: () => void } {
  const path = mkdtempSync(join(below, 'education-connect-'));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A configuration as the environment would give it, with the library in a folder of the test's own. */
export function testConfig(folder: string, env: Record<string, string> = {}): Config {
  const place = NAMED_SERVER === undefined ? {} : { DATABASE_URL: databaseFor(folder) };
  return loadConfig({ PORT: '0', LIBRARY_PATH: join(folder, 'library.db'), ...place, LOG_LEVEL: 'info', ...env });
}

/** Opens the library of a configuration: the one of the shipped files where it has none yet. */
export async function openTestLibrary(config: Config, clock?: () => Date): Promise<OpenedLibrary> {
  if (isNamed(config)) await makeDatabase(config);
  else await putShippedLibrary(config);
  return openLibrary({ ...config, readOnly: config.libraryReadOnly, clock });
}

export interface TestConnector {
  readonly url: string;
  /** Server that listens there. */
  readonly server: Server;
  readonly config: Config;
  readonly library: ManagedLibrary;
  readonly routes: readonly Route[];
  /** Queue of the curator. */
  readonly feedback: FeedbackQueue | undefined;
  /** Record of handed-over articles. */
  readonly handedOver: HandedOverRecord | undefined;
  /** Log lines so far, parsed. */
  readonly logLines: Record<string, unknown>[];
  /** @param delayMs see server.ts */
  readonly stop: (delayMs?: number) => Promise<void>;
}

export interface TestConnectorOptions {
  readonly env?: Record<string, string>;
  readonly clock?: () => Date;
  /** Stands in for the built library. */
  readonly library?: ManagedLibrary;
  /** Limits of bodies and answers in the process's memory, where they are less than usual. */
  readonly memory?: Partial<MemoryLimits>;
  /** Worker processes; undefined: the main one does all. */
  readonly workers?: number;
  readonly workLimits?: Partial<PoolLimits>;
  /** A library that was opened already, with what is written to it. */
  readonly opened?: Pick<OpenedLibrary, 'library' | 'written' | 'feedback'> &
    Partial<Pick<OpenedLibrary, 'handedOver'>>;
}

/** Starts the real server on a free port of the loopback, over a real library built from the shipped files. */
export async function startConnector(options: TestConnectorOptions = {}): Promise<TestConnector> {
  const folder = temporaryFolder();
  const config = testConfig(folder.path, options.env);
  const nothingWritten = { written: undefined, feedback: undefined, handedOver: undefined };
  const given = options.library ? { library: options.library, ...nothingWritten } : options.opened;
  const opened = given ?? (await openTestLibrary(config, options.clock ?? (() => TEST_TIME)));
  const { library, written, feedback, handedOver } = opened;
  const logLines: Record<string, unknown>[] = [];
  const log = pino(
    { level: config.logLevel, base: null },
    {
      write: (line: string) => {
        logLines.push(JSON.parse(line) as Record<string, unknown>);
      },
    },
  );
  const { auditLog: place } = config;
  const audit =
    place === undefined ? undefined : new AuditLog({ place, log, limits: { ...LIMITS, auditFlushMs: AUDIT_FLUSH_MS } });
  const running = await createServer({
    config,
    library,
    ...(written ? { written } : {}),
    feedback,
    handedOver,
    audit,
    memory: options.memory,
    // A machine may be as slow as it likes.
    workLimits: { heavyWaitMs: 600_000, heavyWorkMs: 600_000, ...options.workLimits },
    workers: options.workers ?? Number(process.env['TEST_WORKERS'] ?? 0),
    clock: options.clock ?? (() => TEST_TIME),
    log,
  });
  const answers = new DocumentedAnswers(running, options.env ?? {});
  await once(running.server.listen(config.port, config.host), 'listening');
  const { port } = running.server.address() as AddressInfo;
  const parts = { ...running, library, written, feedback, handedOver, audit, answers };
  return {
    url: `http://127.0.0.1:${port}`,
    config,
    logLines,
    get server() {
      return parts.server;
    },
    get library() {
      return parts.library;
    },
    get handedOver() {
      return parts.handedOver;
    },
    get routes() {
      return parts.routes;
    },
    get feedback() {
      return parts.feedback;
    },
    stop: async (delayMs) => {
      await parts.stop(delayMs);
      await parts.written?.close();
      await parts.library.close();
      await parts.audit?.close();
      if (isNamed(config)) await dropDatabase(config);
      folder.remove();
      const undocumented = await parts.answers.findUndocumented();
      // A suite's variables stay for as long as its worker does: what they hold is let go of here, some 16 MB.
      for (const name of Object.keys(parts)) Reflect.deleteProperty(parts, name);
      if (undocumented.length > 0) throw new Error(`the OpenAPI document lacks:\n${undocumented.join('\n')}`);
    },
  };
}
