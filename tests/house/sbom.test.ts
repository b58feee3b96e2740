import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/connector.js';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
}
interface Component {
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly object[];
  readonly properties?: readonly { readonly name: string }[];
}
interface Bom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: Component };
  readonly dependencies: readonly object[];
  readonly components: readonly Component[];
}

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

test('npm run sbom names every package of the program, in its version, without asking anybody', () => {
  const project = join(folder.path, 'checkout-7');
  mkdirSync(join(project, '.ci'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.ci/sbom.mjs']) cpSync(file, join(project, file));
  // Nobody listens there: who asked would fail.
  const env = { ...process.env, npm_config_offline: 'true', npm_config_registry: 'http://127.0.0.1:1/' };
  const { status, stderr } = spawnSync('npm', ['run', 'sbom'], { cwd: project, encoding: 'utf8', env });
  expect([status, stderr]).toEqual([0, '']);
  const { version: ownVersion } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
  const wanted = Object.entries(packages).flatMap(([path, { version = '', dev = false }]) =>
    path === '' || dev ? [] : [`${path.split('node_modules/').at(-1) ?? ''}@${version}`],
  );
  const bom = JSON.parse(readFileSync(join(project, 'sbom.cdx.json'), 'utf8')) as Bom;
  const { component } = bom.metadata;
  expect([bom.bomFormat, component.name, component.version]).toEqual(['CycloneDX', 'education-connect', ownVersion]);
  expect(JSON.stringify(bom)).not.toContain('checkout-7');
  expect([...new Set(bom.components.map(({ name, version }) => `${name}@${version}`))].sort()).toEqual(
    [...new Set(wanted)].sort(),
  );
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
  expect(bom.dependencies.length).toBe(bom.components.length + 1);
  const named = new Set(bom.components.map(({ name }) => name));
  expect(Object.keys(dependencies).filter((name) => !named.has(name))).toEqual([]);
  // A bundled package is part of its package's sum.
  const isBundled = ({ properties = [] }: Component) => properties.some(({ name }) => name.endsWith(':bundled'));
  expect(bom.components.filter((one) => (one.hashes ?? []).length === 0 && !isBundled(one))).toEqual([]);
});
