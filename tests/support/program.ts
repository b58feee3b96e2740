import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const HOOKS = pathToFileURL(resolve('tests/library/typescript-hooks.mjs')).href;
const REGISTER = `data:text/javascript,import{register}from'node:module';register('${HOOKS}')`;

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

/** Whether `dist` is there (`npm ci` makes it) and nothing of the sources has changed since. */
export const isBuilt = (): boolean => existsSync('dist/main.js') && statSync('dist/main.js').mtimeMs > newestIn('src');

/** What node runs for a part of the program: as it was built, which starts in half the time, else its sources as they are. */
export const programOf = (entry: 'cli' | 'main'): string[] =>
  isBuilt() ? [resolve(`dist/${entry}.js`)] : ['--import', REGISTER, resolve(`src/${entry}.ts`)];
