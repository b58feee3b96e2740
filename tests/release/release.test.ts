import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyPackages, exitOf, imageFolder, untilReady } from '../deploy/image-folder.js';
import { freePort } from '../deploy/nginx.js';
import { ENGINE_FLAGS } from '../support/program.js';

const { version, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  devDependencies: Record<string, string>;
};
const MOST_BYTES = 40 * 1024 * 1024;
const folder = imageFolder();
const out = join(folder.path, 'release');
const site = join(folder.path, 'site');
const archive = join(out, `education-connect-${version}.tgz`);

const release = (...options: string[]) =>
  spawnSync(process.execPath, ['tools/release/release.mjs', '--allow-dirty', '--out', out, ...options], {
    encoding: 'utf8',
    // The package registry is not asked.
    env: { ...process.env, npm_config_offline: 'true', npm_config_registry: 'http://127.0.0.1:1/' },
  });

beforeAll(() => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = join(folder.path, 'key.pem');
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const { status, stdout, stderr } = release('--key', key);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Nothing is published.');
});
afterAll(() => {
  folder.remove();
});

test('the package holds what running needs, and nothing of the development', () => {
  const files = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n');
  const tops = new Set(files.map((file) => file.split('/')[1]));
  expect([...tops].sort()).toEqual(
    ['CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'dist', 'mappings', 'package.json', 'resources'].sort(),
  );
  expect(files.filter((file) => /\.(ts|tsx|map|db|log)$|^package\/dist\/.*test|\.env/.test(file))).toEqual([]);
  expect(statSync(archive).size).toBeLessThan(MOST_BYTES);
});

test('it runs in an empty folder: a command, and a server that answers a code', async () => {
  const modules = join(site, 'node_modules');
  copyPackages(modules);
  const own = join(modules, 'education-connect');
  mkdirSync(own);
  execFileSync('tar', ['-xzf', archive, '-C', own, '--strip-components=1']);
  // The link that npm makes of `bin`.
  mkdirSync(join(modules, '.bin'));
  symlinkSync('../education-connect/dist/cli.js', join(modules, '.bin/education-connect'));
  expect(readdirSync(modules).filter((name) => name in devDependencies)).toEqual([]);

  const PORT = String(await freePort());
  const env = { PATH: process.env['PATH'] ?? '', HOME: site, PORT };
  const program = [...ENGINE_FLAGS, join(modules, '.bin/education-connect')];
  const found = spawnSync(process.execPath, [...program, 'lookup', 'N53.14'], { cwd: site, env, encoding: 'utf8' });
  expect([found.status, found.stdout]).toEqual([
    0,
    expect.stringContaining('https://medlineplus.gov/ency/article/001282.htm'),
  ]);
  const server = spawn(process.execPath, [...program, 'serve'], { cwd: site, env, stdio: 'ignore' });
  try {
    await untilReady(`http://127.0.0.1:${PORT}/readyz`, server);
    const code = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
    const answer = await fetch(`http://127.0.0.1:${PORT}/service?${code}`);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('001282')]);
    const { software } = (await (await fetch(`http://127.0.0.1:${PORT}/fhir/metadata`)).json()) as { software: object };
    expect(software).toMatchObject({ version });
    const { info } = (await (await fetch(`http://127.0.0.1:${PORT}/openapi.json`)).json()) as { info: object };
    expect(info).toMatchObject({ version });
  } finally {
    server.kill('SIGTERM');
  }
  expect(await exitOf(server)).toBe(0);
  expect(readdirSync(site).sort()).toEqual(['node_modules', 'var']);
});

test('every file is in the checksums, and the signature of these is the key’s', () => {
  const sums = readFileSync(join(out, 'SHA256SUMS'));
  expect(spawnSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: out }).status).toBe(0);
  const listed = sums
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split('  ')[1]);
  expect(
    readdirSync(out)
      .filter((name) => !name.startsWith('SHA256SUMS'))
      .sort(),
  ).toEqual(listed);
  const publicKey = createPublicKey(readFileSync(join(out, 'SHA256SUMS.pem')));
  const signature = readFileSync(join(out, 'SHA256SUMS.sig'));
  expect(verify(null, sums, publicKey, signature)).toBe(true);
  expect(verify(null, Buffer.concat([sums, Buffer.from('\n')]), publicKey, signature)).toBe(false);
});

test('the notes are those of the CHANGELOG, and the bill of materials is of this version', () => {
  expect(readFileSync(join(out, 'NOTES.md'), 'utf8')).toMatch(new RegExp(`^# Education Connect ${version} \\(\\d{4}-`));
  const bom = JSON.parse(readFileSync(join(out, `education-connect-${version}.cdx.json`), 'utf8')) as {
    metadata: { component: object };
  };
  expect(bom.metadata.component).toMatchObject({ name: 'education-connect', version });
});

test('the Helm chart is packed as Helm reads it', () => {
  const chart = join(out, `education-connect-chart-${version}.tgz`);
  const files = execFileSync('tar', ['-tzf', chart], { encoding: 'utf8' }).trim().split('\n');
  expect(files).toEqual(
    expect.arrayContaining(
      ['Chart.yaml', 'values.yaml', 'values.schema.json'].map((name) => `education-connect/${name}`),
    ),
  );
});

test('a folder that holds something, and a key that is not there, are rejected before anything is made', () => {
  const before = readdirSync(out);
  const { status, stderr } = release('--key', join(folder.path, 'no-key.pem'));
  expect([status, stderr]).toEqual([1, `${out} is not empty\n${join(folder.path, 'no-key.pem')} is not there\n`]);
  expect(readdirSync(out)).toEqual(before);
});
