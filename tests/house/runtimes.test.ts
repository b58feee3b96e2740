import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';

const require = createRequire(import.meta.url);
const { satisfies, minVersion } = require('semver') as {
  readonly satisfies: (version: string, range: string) => boolean;
  readonly minVersion: (range: string) => { readonly version: string } | null;
};

const read = (path: string): string => readFileSync(path, 'utf8');
const { engines, scripts } = JSON.parse(read('package.json')) as {
  engines: { node: string };
  scripts: Record<string, string>;
};
const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: Record<string, { engines?: { node?: string }; dev?: boolean }>;
};
/** The oldest version of each series of Node.js that `engines` promises. */
const OLDEST = engines.node.split(' || ').map((range) => minVersion(range)?.version ?? range);

test('Node.js 22 and 24 are promised, and an end of life is not', () => {
  expect(OLDEST.map((version) => version.split('.')[0])).toEqual(['22', '24']);
  expect(satisfies('20.99.0', engines.node)).toBe(false);
});

// Else `npm ci` prints a warning.
test.each(OLDEST)('every package, those of the development too, runs on %s', (version) => {
  const unfit = Object.entries(packages).flatMap(([path, { engines: needed }]) =>
    path === '' || needed?.node === undefined || satisfies(version, needed.node) ? [] : [`${path} ${needed.node}`],
  );
  expect(unfit).toEqual([]);
});

test('each promised series has its smoke run, in the gate too, and the image has one of them', () => {
  for (const version of OLDEST) {
    const [series = ''] = version.split('.');
    expect(scripts[`smoke:node${series}`]).toContain(`node@${series} `);
    expect(read('.ci/run')).toContain(`npm run smoke:node${series}\n`);
  }
  const [, base = ''] = /^FROM node:([\d.]+)-/m.exec(read('Dockerfile')) ?? [];
  expect(satisfies(base, engines.node)).toBe(true);
});

test('documents name the oldest versions', () => {
  for (const path of ['docs/operations/install.md', 'docs/operations/upgrade.md'])
    for (const version of OLDEST) expect(read(path)).toContain(`from ${version.replace(/\.0$/, '')}`);
});
