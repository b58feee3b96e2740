import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandHost } from '../../src/cli/program.js';
import { runCommandLine } from '../../src/cli/program.js';
import { programOf } from '../support/program.js';
import { keptStreams } from './seeded-config.js';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An environment, in which the copy of a library in PostgreSQL lies in the folder of the run. */
function withCopyPlace(env: Record<string, string>): Record<string, string> {
  if (!Object.keys(env).some((name) => name.startsWith('DATABASE_URL'))) return env;
  return { LIBRARY_PATH: join(process.env['TEST_RUN_FOLDER'] ?? tmpdir(), 'copies', 'library.db'), ...env };
}

/** Starts the program in a process of its own, with this environment alone. */
export function start(entry: 'cli' | 'main', args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', ...programOf(entry), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...withCopyPlace(env) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/**
 * Runs a command in this process, with this environment alone: all of the command line but its process. Not for `serve`, nor
 * where signals, streams or the end of a real process are what is tested.
 */
export async function runHere(args: readonly string[], env: Record<string, string>): Promise<Run> {
  const { streams, written } = keptStreams();
  const host = { ...streams, env: withCopyPlace(env), exitCode: undefined } as unknown as CommandHost;
  await runCommandLine(host, [process.execPath, 'education-connect', ...args]);
  return { code: Number(host.exitCode ?? 0), ...written() };
}

/** Gathers what a process writes until it ends. */
export function ended(child: ChildProcess): Promise<Run> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (part: Buffer) => (texts.stdout += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (texts.stderr += part.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, ...texts });
    });
  });
}

export const run = (entry: 'cli' | 'main', args: readonly string[], env: Record<string, string>): Promise<Run> =>
  ended(start(entry, args, env));
