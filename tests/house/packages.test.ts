import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const { scripts, dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Package;
/** Every file of the project's own code, `bench/` aside, which has packages of its own. */
const FILES = execFileSync('git', ['ls-files', '*.ts', '*.tsx', '*.js', '*.mjs', '*.cjs'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => !path.startsWith('bench/') && existsSync(path));
const NAME = /(?:from|import|import\(|require\(|resolve\(|jsxImportSource:)\s*'((?:@[\w.-]+\/)?[\w.-]+)(?:\/[^']*)?'/g;

const imported = new Set(
  FILES.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(NAME)].map(([, name = '']) => name)),
);
const commands = Object.values(scripts).join(' ');

/** Why a package that nothing imports is there. */
const OTHER_USES: ReadonlyMap<string, string> = new Map([
  ['@expo-google-fonts/arimo', 'a font that is printed'],
  ['@expo-google-fonts/atkinson-hyperlegible-next', 'a font that is printed'],
  ['@fontsource-variable/noto-naskh-arabic', 'a font that is printed'],
  ['@fontsource-variable/noto-sans-devanagari', 'a font that is printed'],
  ['@fontsource-variable/noto-sans-kr', 'a font that is printed'],
  ['@fontsource-variable/noto-sans-sc', 'a font that is printed'],
  ['dependency-cruiser', 'depcruise'],
  ['typescript', 'tsc'],
]);

const isUsed = (name: string): boolean => {
  const typed = /^@types\/(.*)$/.exec(name)?.[1];
  return (
    imported.has(typed ?? name) ||
    typed === 'node' ||
    OTHER_USES.has(name) ||
    new RegExp(`(?:^|[ /])${name}(?:\\s|$)`).test(commands)
  );
};

test('every package that is installed is used', () => {
  expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !isUsed(name))).toEqual([]);
});

test('the program imports no package that is installed for its development alone, but types', () => {
  const shipped = FILES.filter((path) => path.startsWith('src/'));
  const needed = shipped.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/^import (?!type).*from '((?:@[\w.-]+\/)?[\w.-]+)(?:\/[^']*)?'/gm)].map(
      ([, name = '']) => name,
    ),
  );
  const missing = [...new Set(needed)].filter((name) => !name.startsWith('.') && !(name in dependencies));
  expect(missing.filter((name) => !name.startsWith('node'))).toEqual([]);
});
