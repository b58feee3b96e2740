import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const HOOKS = pathToFileURL(resolve('tests/library/typescript-hooks.mjs')).href;
const REGISTER = `data:text/javascript,import{register}from'node:module';register('${HOOKS}')`;

/** Flags that a process of the tests passes to node for its engine (run-folder.js). */
export const ENGINE_FLAGS = (process.env['TEST_ENGINE_FLAGS'] ?? '').split(' ').filter(Boolean);

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

let built: boolean | undefined;

/** Whether `dist` is there (`npm ci` makes it) and nothing of the sources has changed since; checked once a worker. */
export const isBuilt = (): boolean =>
  (built ??= existsSync('dist/main.js') && statSync('dist/main.js').mtimeMs > newestIn('src'));

/** Arguments with which node runs a part of the program: as it was built, which starts in half the time, else its sources as they are. */
export const programOf = (entry: 'cli' | 'main'): string[] => [
  ...ENGINE_FLAGS,
  ...(isBuilt() ? [resolve(`dist/${entry}.js`)] : ['--import', REGISTER, resolve(`src/${entry}.ts`)]),
];

const addressOf = (folder: string): string => `${pathToFileURL(resolve(folder)).href}/`;

/**
 * Arguments with which node runs a script of the tests that uses modules of the program: their built files, else the sources. The script's
 * first argument is the address of the folder that it imports them from, with the names of built files.
 */
export const scriptOf = (path: string): string[] => [
  ...ENGINE_FLAGS,
  ...(isBuilt() ? [path, addressOf('dist')] : ['--import', REGISTER, path, addressOf('src')]),
];
