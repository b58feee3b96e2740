import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { bindingComplaints } from '../support/fhir-bindings.js';
import { invariantComplaints } from '../support/fhir-invariants.js';
import { fhirComplaints } from '../support/fhir-schema.js';
import { scriptOf } from '../support/program.js';

interface Definition {
  readonly resourceType: string;
  readonly id: string;
  readonly url?: string;
  readonly meta?: { readonly profile?: readonly string[] };
}
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly canonical: string;
  readonly fhirVersions: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
}
interface Index {
  readonly 'index-version': number;
  readonly files: readonly (Definition & { readonly filename: string })[];
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
/** Code systems that a server makes of its library. */
const OF_LIBRARY = ['article-kinds', 'articles'];
const TYPES = ['StructureDefinition', 'OperationDefinition', 'NamingSystem', 'CodeSystem'];
const folder = temporaryFolder();
const content = join(folder.path, 'package');
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(content, name), 'utf8'));

let connector: TestConnector;
let manifest: Manifest;
let resources: Definition[];
beforeAll(async () => {
  const out = join(folder.path, 'out');
  mkdirSync(out);
  execFileSync(process.execPath, [...scriptOf('tools/release/fhir-package.mjs'), out], { stdio: 'pipe' });
  expect(readdirSync(out)).toEqual([`education-connect.fhir.r4-${version}.tgz`]);
  execFileSync('tar', ['-xzf', join(out, readdirSync(out)[0] ?? ''), '-C', folder.path]);
  manifest = readJson('package.json') as Manifest;
  const files = readdirSync(content).filter((name) => name !== 'package.json' && !name.startsWith('.'));
  resources = files.map((name) => readJson(name) as Definition);
  // Where nothing is written, operations on drafts are not defined.
  connector = await startConnector({ env: { WRITE_TOKENS: 'package-0123456789abcdef' } });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

const fetchFhir = async (path: string): Promise<Record<string, unknown>> =>
  (await (await fetch(`${connector.url}/fhir/${path}`)).json()) as Record<string, unknown>;

test('the manifest is that of a FHIR package for R4', () => {
  expect(manifest).toMatchObject({
    name: 'education-connect.fhir.r4',
    version,
    fhirVersions: ['4.0.1'],
    dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
  });
  // The registry's rule for names: two or three lower-case parts.
  expect(manifest.name).toMatch(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/);
});

test('the index lists each file with what loaders look it up by', () => {
  const { 'index-version': format, files } = readJson('.index.json') as Index;
  expect(format).toBe(2);
  expect(files.map(({ filename }) => filename).sort()).toEqual(
    resources.map(({ resourceType, id }) => `${resourceType}-${id}.json`).sort(),
  );
  for (const { filename, ...indexed } of files) expect(readJson(filename)).toMatchObject(indexed);
});

test('every resource is valid R4', () => {
  for (const resource of resources)
    expect([
      `${resource.resourceType}/${resource.id}`,
      fhirComplaints(resource),
      invariantComplaints(resource),
      bindingComplaints(resource),
    ]).toEqual([`${resource.resourceType}/${resource.id}`, [], [], []]);
});

test('each is the one that the server gives at this place, and none that the server defines is left out', async () => {
  for (const { resourceType, id, ...rest } of resources) {
    const { meta: _served, ...served } = await fetchFhir(`${resourceType}/${id}`);
    const { meta: _own, ...own } = rest;
    expect(served).toEqual({ resourceType, id, ...own });
  }
  for (const type of TYPES) {
    const { entry = [] } = (await fetchFhir(`${type}?_count=200`)) as { entry?: { resource: Definition }[] };
    const defined = entry
      .map(({ resource }) => resource)
      .filter(({ url }) => type === 'NamingSystem' || url?.startsWith(`${manifest.canonical}/`))
      .filter(({ id }) => !OF_LIBRARY.includes(id));
    expect(resources.filter(({ resourceType }) => resourceType === type).map(({ id }) => id)).toEqual(
      defined
        .filter(({ resourceType }) => resourceType === type)
        .map(({ id }) => id)
        .sort(),
    );
  }
});

test('/metadata names the operation and the profile by the addresses of the package', async () => {
  const text = JSON.stringify(await fetchFhir('metadata'));
  const urls = resources.flatMap(({ url }) => (url === undefined ? [] : [url]));
  for (const name of ['OperationDefinition/knowledge-request', 'StructureDefinition/education-article']) {
    expect(urls).toContain(`${manifest.canonical}/${name}`);
    expect(text).toContain(`"${manifest.canonical}/${name}"`);
  }
});
