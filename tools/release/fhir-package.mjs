// node tools/release/fhir-package.mjs <address of the built modules> <folder>: packs what the server defines in FHIR (operation, profiles,
// extensions, code systems) as a FHIR package, for HL7's registry, the validator and other servers. CANONICAL_BASE is that of the server.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [, , modules, out] = process.argv;
const { listShipped } = await import(new URL('protocols/fhir/rest/shipped.js', modules).href);
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

const { version, description, license } = readJson('package.json');
const { properties } = readJson('resources/schemas/config.json');
const canonicalBase = process.env.CANONICAL_BASE ?? properties.CANONICAL_BASE.default;
const options = { resourcesDir: 'resources', canonicalBase };
/** Members of a resource that `.index.json` lists. */
const INDEXED = ['resourceType', 'id', 'url', 'version', 'kind', 'type', 'derivation', 'content', 'valueSet'];

// HL7's own definitions are in the package that this one depends on.
const resources = ['', 'terminology']
  .flatMap((folder) => listShipped(folder, options))
  .filter(({ resourceType, url }) => resourceType === 'NamingSystem' || url?.startsWith(`${canonicalBase}/`))
  .sort((one, other) => `${one.resourceType}${one.id}`.localeCompare(`${other.resourceType}${other.id}`));
const manifest = {
  name: 'education-connect.fhir.r4',
  version,
  type: 'Conformance',
  title: 'Education Connect: $knowledge-request, profiles and extensions',
  description,
  license,
  author: 'Education Connect',
  canonical: canonicalBase,
  url: canonicalBase,
  fhirVersions: ['4.0.1'],
  dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
};
const folder = mkdtempSync(join(tmpdir(), 'education-connect-fhir-'));
const write = (name, value) => writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
try {
  const files = resources.map((resource) => {
    const filename = `${resource.resourceType}-${resource.id}.json`;
    write(filename, resource);
    const indexed = INDEXED.filter((name) => resource[name] !== undefined).map((name) => [name, resource[name]]);
    return { filename, ...Object.fromEntries(indexed) };
  });
  write('.index.json', { 'index-version': 2, files });
  write('package.json', manifest);
  // A FHIR package is a package of npm: the same folder `package/` in the same archive.
  execFileSync('npm', ['pack', folder, '--ignore-scripts', '--loglevel=error', '--pack-destination', out], {
    stdio: 'pipe',
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
