import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../src/config/config.js';
import type { BuildReport } from '../../src/build/build.js';
import type { OpenOptions } from '../../src/library/open.js';
import { scriptOf } from '../support/program.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(HERE, '../..');
const CHILD = join(HERE, 'child.mjs');
export const SEED = join(HERE, '../contract/seed');

/** The seed library as files of the test's own below `folder`, with the project's schemas and statements. */
export function seedPlaces(folder: string): OpenOptions {
  const resourcesDir = join(folder, 'resources');
  const mappingsDir = join(folder, 'mappings');
  if (!existsSync(resourcesDir)) {
    for (const part of ['schemas', 'sql', 'release.json']) {
      cpSync(join(PROJECT, 'resources', part), join(resourcesDir, part), { recursive: true });
    }
    cpSync(join(SEED, 'starter/articles'), join(resourcesDir, 'articles'), { recursive: true });
    cpSync(join(SEED, 'starter/code-systems'), join(resourcesDir, 'code-systems'), { recursive: true });
    cpSync(join(SEED, 'starter/search'), join(resourcesDir, 'search'), { recursive: true });
    cpSync(join(SEED, 'starter/mappings'), mappingsDir, { recursive: true });
  }
  return {
    libraryPath: join(folder, 'library.db'),
    readOnly: false,
    localLibrary: undefined,
    resourcesDir,
    mappingsDir,
    omitCodeSystems: [],
    writer: loadConfig({}).writer,
  };
}

/** Writes files (name below `folder` → text) and answers the folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function inChild(what: string, options: OpenOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...scriptOf(CHILD), what, JSON.stringify(options)], (error, stdout, stderr) => {
      if (error) reject(new Error(stderr || error.message));
      else resolve(JSON.parse(stdout));
    });
  });
}

/** Builds the library in a process of its own and answers its reports. */
export async function buildElsewhere(options: OpenOptions): Promise<BuildReport[]> {
  return (await inChild('build', options)) as BuildReport[];
}

/** Answer of a process whose open library file is overwritten with something else, and whether that is one change. */
export async function overwriteElsewhere(options: OpenOptions): Promise<{ answer: string; isToldOnce: boolean }> {
  return (await inChild('overwritten', options)) as { answer: string; isToldOnce: boolean };
}

/**
 * Starts something in a process of its own that hangs at a place, and resolves when it does: a build just before its swap, or an
 * opening of a library in PostgreSQL in the middle of fetching a file.
 */
export function stallElsewhere(options: OpenOptions, what: 'stall' | 'fetch' = 'stall'): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...scriptOf(CHILD), what, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    const complaints: string[] = [];
    child.stderr.on('data', (text: Buffer) => complaints.push(text.toString()));
    child.once('exit', () => {
      reject(new Error(`ended before it came to its place: ${complaints.join('')}`));
    });
    child.stdout.once('data', () => {
      resolve(child);
    });
  });
}

/** Writes in a process of its own until it is killed after so many versions; answers the last that it said is safe. */
export function writeUntilKilled(
  options: OpenOptions,
  versions: number,
  what: 'write' | 'give' = 'write',
): Promise<number> {
  const child = spawn(process.execPath, [...scriptOf(CHILD), what, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
    if (said.split('\n').length > versions) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.once('close', () => {
      resolve(Number(said.trim().split('\n').at(-1)));
    });
  });
}

/** Ends a process the hard way and waits until it is gone. */
export function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGKILL');
  });
}
