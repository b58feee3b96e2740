import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/connector.js';

const FILES = ['Dockerfile', 'docker-compose.yml'];
const REFERENCE = /(?<![\w/.-])(node|nginx|postgres|hapiproject\/hapi):(v?\d[\w.-]*)(@sha256:[0-9a-f]{64})?/g;
const DIGESTS: Readonly<Record<string, string>> = {
  'library/node:24.31.2-trixie-slim': 'a',
  'library/nginx:1.30.12-alpine': 'b',
  'library/postgres:17.20-alpine': 'c',
  'hapiproject/hapi:v7.6.3': 'd',
};
/** In two pages, as a registry lists them: neither by version nor without others. */
const TAGS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'library/node': [
    ['24.31.2-trixie-slim', '24.9.0-trixie-slim', '25.0.0-trixie-slim'],
    ['24.31.2-alpine', 'latest'],
  ],
  'library/nginx': [
    ['1.30.9-alpine', '1.31.0-alpine'],
    ['1.30.12-alpine', '1.30.10-alpine', '1.30.12-alpine-slim'],
  ],
  'library/postgres': [['18.1-alpine'], ['17.20-alpine', '17.9-alpine']],
  'hapiproject/hapi': [['v7.6.3', 'v7.6.1'], ['v8.0.0']],
};

const readReferences = (folder: string) =>
  FILES.flatMap((path) => [...readFileSync(join(folder, path), 'utf8').matchAll(REFERENCE)]).map(
    ([, name = '', tag = '', digest = '']) => ({ name, tag, digest }),
  );

const folders: ReturnType<typeof temporaryFolder>[] = [];
const servers: Server[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A registry that asks for a token first, as Docker Hub does. */
async function startRegistry(digests: Readonly<Record<string, string>>): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://registry');
    const own = `http://${request.headers.host ?? ''}`;
    const [, repository = '', kind, name = ''] = /^\/v2\/(.+)\/(tags|manifests)\/(.+)$/.exec(pathname) ?? [];
    const scope = `repository:${repository}:pull`;
    if (pathname === '/token') response.end(JSON.stringify({ token: searchParams.get('scope') }));
    else if (request.headers.authorization !== `Bearer ${scope}`) {
      const challenge = `Bearer realm="${own}/token",service="registry",scope="${scope}"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    } else if (kind === 'tags') {
      const [first = [], second = []] = TAGS[repository] ?? [];
      const isFirst = !searchParams.has('last');
      if (isFirst) response.setHeader('link', `</v2/${repository}/tags/list?last=x>; rel="next"`);
      response.end(JSON.stringify({ tags: isFirst ? first : second }));
    } else {
      const digest = digests[`${repository}:${name}`];
      if (digest === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'docker-content-digest': `sha256:${digest.repeat(64)}` }).end();
    }
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function renew(digests: Readonly<Record<string, string>>, ...options: string[]) {
  const folder = temporaryFolder();
  folders.push(folder);
  mkdirSync(join(folder.path, 'docs'));
  for (const path of FILES) cpSync(path, join(folder.path, path));
  const script = resolve('deploy/renew-images.mjs');
  const registry = await startRegistry(digests);
  const child = spawn(process.execPath, [script, '--registry', registry, ...options], { cwd: folder.path });
  const [said, ended] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { code: (ended as [number])[0], said, references: readReferences(folder.path) };
}

test('all places name the same version of an image, and one that is not known to be open to attack', () => {
  const written = new Map<string, Set<string>>();
  for (const { name, tag, digest } of readReferences('.'))
    written.set(name, (written.get(name) ?? new Set()).add(`${tag}${digest}`));
  expect([...written].filter(([, versions]) => versions.size > 1)).toEqual([]);
  expect([...written.keys()].sort()).toEqual(['hapiproject/hapi', 'nginx', 'node', 'postgres']);
  const numbersOf = (name: string): number[] => [...(written.get(name) ?? [])].join().split(/[.-]/).map(Number);
  const [, , nginxPatch = 0] = numbersOf('nginx');
  expect([numbersOf('nginx').slice(0, 2), nginxPatch >= 7]).toEqual([[1, 30], true]);
  const [postgres, postgresPatch = 0] = numbersOf('postgres');
  expect([postgres, postgresPatch >= 12]).toEqual([17, true]);
});

test('renewing writes the newest version of each series with its digest wherever a file names the image', async () => {
  const { code, said, references } = await renew(DIGESTS);
  expect([code, said.trim().split('\n').length]).toEqual([0, 4]);
  const wanted = new Map(Object.entries(DIGESTS).map(([image, digest]) => [image.replace('library/', ''), digest]));
  expect(references.length).toBe(readReferences('.').length);
  for (const { name, tag, digest } of references)
    expect([`${name}:${tag}`, digest]).toEqual([
      expect.stringMatching(new RegExp(`^(?:${[...wanted.keys()].join('|')})$`)),
      `@sha256:${wanted.get(`${name}:${tag}`)?.repeat(64) ?? ''}`,
    ]);
});

test('renewing can keep the versions that are written, and writes nothing where one is missing', async () => {
  const before = readReferences('.');
  const current = Object.fromEntries(
    before.map(({ name, tag }) => [`${name.includes('/') ? '' : 'library/'}${name}:${tag}`, 'e']),
  );
  const kept = await renew(current, '--keep-tags');
  expect(kept.references).toEqual(before.map((one) => ({ ...one, digest: `@sha256:${'e'.repeat(64)}` })));
  const { 'hapiproject/hapi:v7.6.3': _gone, ...others } = DIGESTS;
  const failed = await renew(others);
  expect([failed.code, failed.references]).toEqual([1, before]);
});
