// npm run release: makes all files of a release in release/, and publishes nothing. docs/operations/release.md explains it.
//   --key FILE      PEM of the Ed25519 key that signs it
//   --gate          runs .ci/run first
//   --out FOLDER    another folder; it must be empty or absent
//   --allow-dirty   takes the files as they are, committed or not: for a trial
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { signSums, writeSums } from './sign.mjs';
import { findChangelogFaults, findVersionFaults, readChangelog, readVersion } from './versions.mjs';

const { values: options } = parseArgs({
  options: {
    key: { type: 'string' },
    gate: { type: 'boolean', default: false },
    out: { type: 'string', default: 'release' },
    'allow-dirty': { type: 'boolean', default: false },
  },
});
const version = readVersion();
const out = resolve(options.out);
const changelog = readFileSync('CHANGELOG.md', 'utf8');

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' });

function findFaults() {
  const isDirty = !options['allow-dirty'] && git('status', '--porcelain') !== '';
  return [
    ...findVersionFaults(),
    ...findChangelogFaults(changelog, version),
    ...(isDirty ? ['the working tree has changes that are not committed'] : []),
    ...(existsSync(out) && readdirSync(out).length > 0 ? [`${out} is not empty`] : []),
    ...(options.key === undefined || existsSync(options.key) ? [] : [`${options.key} is not there`]),
  ];
}

/** Copies the files of the repository that a release is made of, so that nothing else of the folder gets into it. */
function copySources(folder) {
  const files = git('ls-files', '-z', '--', '.', ':!tests', ':!bench', ':!docs').split('\0').filter(Boolean);
  for (const file of files.filter((path) => existsSync(path))) cpSync(file, join(folder, file));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
}

/** Makes the package of the program, its bill of materials and its FHIR package. */
function packProgram(folder) {
  const run = (...command) => execFileSync(command[0], command.slice(1), { cwd: folder, encoding: 'utf8' });
  run('npm', 'run', 'prepare', '--silent');
  run('node', '.ci/sbom.mjs');
  cpSync(join(folder, 'sbom.cdx.json'), join(out, `education-connect-${version}.cdx.json`));
  run('node', 'tools/release/fhir-package.mjs', `${pathToFileURL(join(folder, 'dist')).href}/`, out);
  run('npm', 'pack', '--loglevel=error', '--ignore-scripts', '--pack-destination', out);
}

/** Packs the Helm chart, with the same bytes each time (GNU tar). */
function packChart(folder) {
  const archive = join(out, `education-connect-chart-${version}.tgz`);
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=a+rX,u+w,go-w'];
  execFileSync('tar', [...same, '-czf', archive, '-C', join(folder, 'deploy/helm'), 'education-connect']);
}

function writeNotes() {
  const { date, lines } = readChangelog(changelog).find((one) => one.version === version);
  const text = lines.map((line) => (line.startsWith('### ') ? `\n${line}\n` : line)).join('\n');
  writeFileSync(join(out, 'NOTES.md'), `# Education Connect ${version} (${date})\n${text}\n`);
}

const NEXT = `
Nothing is published. Next:
  1. read ${options.out}/NOTES.md, and try the package in an empty folder: npm install --ignore-scripts ${out}/education-connect-${version}.tgz
  2. git tag v${version} && git push --tags
  3. docker build --label org.opencontainers.image.revision=$(git rev-parse HEAD) -t <registry>/education-connect:${version} . && docker push …
  4. npm publish ${options.out}/education-connect-${version}.tgz --registry <yours>
  5. hand out all files of ${options.out}/ together; receivers check them as docs/operations/release.md shows
`;

const faults = findFaults();
if (faults.length > 0) {
  for (const fault of faults) console.error(fault);
  process.exit(1);
}
if (options.gate) execFileSync('bash', ['.ci/run'], { stdio: 'inherit' });
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'education-connect-release-'));
try {
  copySources(folder);
  packProgram(folder);
  packChart(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
writeNotes();
writeSums(out);
if (options.key !== undefined) signSums(out, options.key);
console.log(
  readFileSync(join(out, 'SHA256SUMS'), 'utf8') +
    (options.key === undefined ? 'Not signed: --key was not named.\n' : '') +
    NEXT,
);
