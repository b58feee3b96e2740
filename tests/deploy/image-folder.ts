import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { groupBy } from '../../src/core/group-by.js';
import { temporaryFolder } from '../support/connector.js';
import { ENGINE_FLAGS, isBuilt } from '../support/program.js';

/** A container's processes are not root: where the tests are, what they start is somebody else. */
export const SOMEBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The Dockerfile's stages, each a list of instructions. */
export function readStages(path = 'Dockerfile'): Instruction[][] {
  const stages: Instruction[][] = [];
  for (const line of readFileSync(path, 'utf8').replace(/\\\n/g, ' ').split('\n')) {
    const [, name, text = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, text: text.trim() });
  }
  return stages;
}

/** Files that the COPY instructions of a stage copy, and from which stage; without one, from the project. */
export function copiesOf(stage: readonly Instruction[]): { source: string; from: string | undefined }[] {
  return instructionsIn(stage, 'COPY').flatMap((text) => {
    const [, from, paths = ''] = /^(?:--from=(\w+) +)?(.*)$/.exec(text) ?? [];
    const sources = paths.split(/ +/).slice(0, -1);
    return sources.map((source) => ({ source: source.replace(/^\/app\//, ''), from }));
  });
}

/** The texts of all instructions of one name. */
export const instructionsIn = (stage: readonly Instruction[], name: string): string[] =>
  stage.filter((instruction) => instruction.name === name).map(({ text }) => text);

const finalStage = (): Instruction[] => readStages().at(-1) ?? [];
export const startCommand = (): string[] => JSON.parse(instructionsIn(finalStage(), 'CMD')[0] ?? '[]') as string[];
export const healthCommand = (): string[] =>
  JSON.parse(/CMD (\[.*\])$/.exec(instructionsIn(finalStage(), 'HEALTHCHECK')[0] ?? '')?.[1] ?? '[]') as string[];

/** A folder for what an image holds, where files can be links to those of the project. */
export const imageFolder = (): ReturnType<typeof temporaryFolder> => temporaryFolder(process.env.TEST_DISK_FOLDER);

/** Output of `npm run build`: the existing one, where nothing has changed since. */
function copyBuilt(into: string): void {
  if (isBuilt()) copyInto(dirname(into), ['dist']);
  else
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', into]);
}

/** Copies files and folders into a folder. Links cost nothing; another file system has none. */
function copyInto(folder: string, sources: readonly string[]): void {
  if (spawnSync('cp', ['-al', ...sources, folder]).status !== 0) execFileSync('cp', ['-a', ...sources, folder]);
}

/** The command that installs the image's packages, and those that then leave out what running does not need. */
export function packageCommands(): { install: string; trim: string } {
  const [packages = []] = readStages();
  const [install = '', ...trim] = (instructionsIn(packages, 'RUN')[0] ?? '').split(/ +&& +/);
  return { install, trim: trim.join(' && ') };
}

/** Packages that `npm ci --omit=dev` installs, by the lock file, without those that the image leaves out. */
export function copyPackages(into: string): void {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const paths = Object.entries(packages).flatMap(([path, { dev, devOptional }]) => {
    const isInstalled = /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && !devOptional && existsSync(path);
    return isInstalled ? [path] : [];
  });
  // One process for all packages of a scope: to start one from a process as large as a test run's costs more than to copy.
  for (const [scope, sources] of groupBy(paths, dirname)) {
    const folder = join(into, relative('node_modules', scope));
    mkdirSync(folder, { recursive: true });
    copyInto(folder, sources);
  }
  // Links are removed, not the files that they share; on another system the image's binaries would not run here.
  if (process.platform === 'linux') execFileSync('sh', ['-c', packageCommands().trim], { cwd: dirname(into) });
}

/** Lays out in a folder what the Dockerfile's last stage holds, and nothing else; `var` is all that somebody may write to. */
export function layOutImage(folder: string): void {
  chmodSync(folder, 0o755);
  for (const { source } of copiesOf(finalStage())) {
    const target = join(folder, source);
    if (source === 'node_modules') copyPackages(target);
    else if (source === 'dist') copyBuilt(target);
    else copyInto(folder, [source]);
  }
  const writable = join(folder, 'var');
  mkdirSync(writable);
  if (SOMEBODY.uid !== undefined) chownSync(writable, SOMEBODY.uid, SOMEBODY.gid);
}

/** The environment that the image brings, in its folder. */
function imageEnvironment(folder: string): Record<string, string> {
  const pairs = instructionsIn(finalStage(), 'ENV').flatMap((text) => text.split(/ +/));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name, value.replace(/^\/app\//, `${folder}/`)];
    }),
  );
}

/** Runs a command in the image's folder, as its user, with the image's environment and this one. */
export function runInImage(folder: string, command: readonly string[], env: Record<string, string>): ChildProcess {
  const [program = '', ...args] = command;
  const log = openSync(join(folder, 'var/output.log'), 'a');
  const isNode = program === 'node';
  return spawn(isNode ? process.execPath : program, isNode ? [...ENGINE_FLAGS, ...args] : args, {
    ...SOMEBODY,
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...imageEnvironment(folder), ...env },
    stdio: ['ignore', log, log],
  });
}

/** The exit code of a process; null where a signal ended it. */
export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });
}

/** Waits until a server answers with success. @throws where its process ends */
export async function untilReady(address: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${child.exitCode ?? -1}`);
    const isReady = await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
