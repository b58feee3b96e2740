// Writes sbom.cdx.json: the packages that the program is made of, by package-lock.json. `npm sbom --omit=dev` leaves out what a
// development dependency needs as well (ajv, commander), so all are listed and those of development alone taken out here.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const MOST_BYTES = 64 * 1024 * 1024;

const text = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], { maxBuffer: MOST_BYTES });
const bom = JSON.parse(text);
const isDevelopment = ({ properties = [] }) => properties.some(({ name }) => name === 'cdx:npm:package:development');
const components = bom.components.filter((component) => !isDevelopment(component));
const kept = new Set([bom.metadata.component, ...components].map((component) => component['bom-ref']));
const dependencies = bom.dependencies.flatMap(({ ref, dependsOn = [] }) =>
  kept.has(ref) ? [{ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }] : [],
);
writeFileSync('sbom.cdx.json', `${JSON.stringify({ ...bom, components, dependencies }, null, 2)}\n`);
