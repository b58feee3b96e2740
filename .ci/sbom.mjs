// Writes sbom.cdx.json: the packages that the program is made of, by package-lock.json. `npm sbom --omit=dev` leaves out what a
// development dependency needs as well (ajv, commander), so all are listed and those of development alone taken out here.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const MOST_BYTES = 64 * 1024 * 1024;

const text = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], { maxBuffer: MOST_BYTES });
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const { metadata, ...rest } = JSON.parse(text);
// npm names the program after its folder.
const folderRef = metadata.component['bom-ref'];
const product = { ...metadata.component, name, 'bom-ref': `${name}@${version}`, purl: `pkg:npm/${name}@${version}` };
const bom = { ...rest, metadata: { ...metadata, component: product } };
const isDevelopment = ({ properties = [] }) => properties.some(({ name }) => name === 'cdx:npm:package:development');
const components = bom.components.filter((component) => !isDevelopment(component));
const kept = new Set([product, ...components].map((component) => component['bom-ref']));
const dependencies = bom.dependencies.flatMap(({ ref: named, dependsOn = [] }) => {
  const ref = named === folderRef ? product['bom-ref'] : named;
  return kept.has(ref) ? [{ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }] : [];
});
writeFileSync('sbom.cdx.json', `${JSON.stringify({ ...bom, components, dependencies }, null, 2)}\n`);
