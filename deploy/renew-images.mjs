// Renews the base images: asks their registry for the newest version of each series and its digest, and writes both wherever a file
// names the image. Nothing is written unless all were found. `node deploy/renew-images.mjs` in the project's folder; Node.js alone is needed.
//   --keep-tags      digests of the versions that are written now
//   --registry URL   a mirror of Docker Hub
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Each image with the versions that may replace one another; the last part of a version counts. */
const IMAGES = [
  { name: 'node', repository: 'library/node', series: /^24\.(\d+)\.(\d+)-trixie-slim$/ },
  { name: 'nginx', repository: 'library/nginx', series: /^1\.30\.(\d+)-alpine$/ },
  { name: 'postgres', repository: 'library/postgres', series: /^17\.(\d+)-alpine$/ },
  { name: 'hapiproject/hapi', repository: 'hapiproject/hapi', series: /^v7\.6\.(\d+)$/ },
];
const FILES = ['Dockerfile', 'docker-compose.yml'];
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const PAGE_TAGS = 1000;

const { values: options } = parseArgs({
  options: { 'keep-tags': { type: 'boolean' }, registry: { type: 'string', default: 'https://registry-1.docker.io' } },
});

/** Where a text names an image, with its tag and its digest if it has one. */
const referencesTo = (name) => new RegExp(`(?<![\\w/.-])${name}:(v?\\d[\\w.-]*)(@sha256:[0-9a-f]{64})?`, 'g');

/** A token by the challenge of a registry: `Bearer realm="…",service="…",scope="…"`. */
async function askToken(challenge) {
  const { realm, ...query } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
  );
  const response = await fetch(`${realm}?${new URLSearchParams(query)}`);
  const { token, access_token: other } = await response.json();
  return token ?? other;
}

async function ask(path, headers = {}, method = 'GET') {
  const address = new URL(path, options.registry);
  let response = await fetch(address, { method, headers });
  if (response.status === 401) {
    const token = await askToken(response.headers.get('www-authenticate') ?? '');
    response = await fetch(address, { method, headers: { ...headers, authorization: `Bearer ${token}` } });
  }
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return response;
}

async function listTags(repository) {
  const tags = [];
  let path = `/v2/${repository}/tags/list?n=${PAGE_TAGS}`;
  while (path) {
    const response = await ask(path);
    tags.push(...(await response.json()).tags);
    path = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return tags;
}

/** Compares versions of one series by their numbers. */
const compare = (series) => (one, other) => {
  const [, ...a] = series.exec(one).map(Number);
  const [, ...b] = series.exec(other).map(Number);
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : a[at] - b[at];
};

async function findNewest({ name, repository, series }, written) {
  const tags = options['keep-tags'] ? [written] : (await listTags(repository)).filter((tag) => series.test(tag));
  const tag = tags.sort(compare(series)).at(-1);
  if (tag === undefined) throw new Error(`${name}: the registry has no version of ${series}`);
  const response = await ask(`/v2/${repository}/manifests/${tag}`, { accept: MANIFESTS.join(', ') }, 'HEAD');
  const digest = response.headers.get('docker-content-digest') ?? '';
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`${name}:${tag}: the registry tells no digest`);
  return { name, tag, digest };
}

const texts = new Map(FILES.map((path) => [path, readFileSync(path, 'utf8')]));
const found = [];
for (const image of IMAGES) {
  const [written] = [...texts.values()].flatMap((text) => [...text.matchAll(referencesTo(image.name))]);
  found.push({ written: written[0], ...(await findNewest(image, written[1])) });
}
for (const [path, text] of texts) {
  const renewed = found.reduce(
    (result, { name, tag, digest }) => result.replace(referencesTo(name), `${name}:${tag}@${digest}`),
    text,
  );
  writeFileSync(path, renewed);
}
for (const { written, name, tag, digest } of found) console.log(`${written} → ${name}:${tag}@${digest}`);
