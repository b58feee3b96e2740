import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const LOCK = 'bench/package-lock.json';
const INSTALLED = 'bench/node_modules/.package-lock.json';

/** Installs what only the measurements need into bench/node_modules, unless that is newer than the lock file. @throws Error */
export function installPackages() {
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs) return;
  const { status } = spawnSync('npm', ['ci', '--prefix', 'bench', '--ignore-scripts'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the packages of bench/package.json could not be installed');
}
