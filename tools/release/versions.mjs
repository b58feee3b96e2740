// Files that name the version of package.json beside it, and what a release's CHANGELOG must be like.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Each file with the pattern of its versions: the first group is what stands before one. */
const PLACES = [
  { file: 'docker-compose.yml', pattern: /(image: education-connect:)([\w.-]+)/g },
  { file: 'deploy/single.yml', pattern: /(image: education-connect:)([\w.-]+)/g },
  { file: 'deploy/kubernetes.yml', pattern: /(image: education-connect:)([\w.-]+)/g },
  { file: 'docs/operations/install.md', pattern: /(education-connect-)(\d[\w.-]*)(?=\.tgz)/g },
  { file: 'docs/operations/release.md', pattern: /(education-connect-)(\d[\w.-]*)(?=\.tgz)/g },
  { file: 'deploy/helm/education-connect/Chart.yaml', pattern: /^((?:app)?[vV]ersion: )([\w.-]+)/gm },
  { file: 'Dockerfile', pattern: /(org\.opencontainers\.image\.version=")([\w.-]+)/g },
];
const MOST_LINES = 40;
const MOST_WIDTH = 160;
const HEADING = /^## (?:(\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})|(Unreleased))$/;
const SECTIONS = new Set(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']);

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The version of package.json. */
export const readVersion = (root = '.') => readJson(join(root, 'package.json')).version;

/** Writes the version of package.json wherever a file names it. Called by `npm version`, which writes package-lock.json itself. */
export function writeVersion(root = '.') {
  const version = readVersion(root);
  for (const { file, pattern } of PLACES) {
    const path = join(root, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(pattern, `$1${version}`));
  }
}

/** Lines about files whose version is not that of package.json. */
export function findVersionFaults(root = '.') {
  const version = readVersion(root);
  const lock = readJson(join(root, 'package-lock.json'));
  const found = [
    { file: 'package-lock.json', versions: [lock.version, lock.packages[''].version] },
    ...PLACES.map(({ file, pattern }) => ({
      file,
      versions: [...readFileSync(join(root, file), 'utf8').matchAll(pattern)].map(([, , named]) => named),
    })),
  ];
  return found.flatMap(({ file, versions }) => {
    if (versions.length === 0) return [`${file} names no version`];
    return versions
      .filter((named) => named !== version)
      .map((named) => `${file} names ${named}, package.json ${version}`);
  });
}

/** Versions of a CHANGELOG, newest first: `{version, date, lines}`; `version` is "Unreleased" for what is not released. */
export function readChangelog(text) {
  const versions = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) {
      const [, version, date, unreleased] = HEADING.exec(line) ?? [];
      versions.push({ version: version ?? unreleased ?? line.slice('## '.length), date, lines: [] });
    } else versions.at(-1)?.lines.push(line);
  }
  return versions.map(({ lines, ...rest }) => ({ ...rest, lines: lines.filter((line) => line.trim() !== '') }));
}

/** Lines about what is wrong with a CHANGELOG in the form of keepachangelog.com, for a release of a version. */
export function findChangelogFaults(text, version) {
  const all = readChangelog(text);
  const [unreleased, newest] = all;
  const faults = [];
  if (unreleased?.version !== 'Unreleased') faults.push('CHANGELOG.md does not begin with "## Unreleased"');
  if (newest?.version !== version)
    faults.push(`CHANGELOG.md has no notes of ${version}: write "## ${version} - <date>"`);
  for (const { version: name, date, lines } of all) {
    if (name !== 'Unreleased' && date === undefined) faults.push(`CHANGELOG.md: "${name}" is no version with its date`);
    if (lines.length > MOST_LINES)
      faults.push(`CHANGELOG.md: ${name} has ${lines.length} lines, more than ${MOST_LINES}`);
    for (const line of lines) {
      const [, section] = /^### (.*)$/.exec(line) ?? [];
      if (section !== undefined && !SECTIONS.has(section))
        faults.push(`CHANGELOG.md: ${name} has a section ${section}`);
      if (line.length > MOST_WIDTH) faults.push(`CHANGELOG.md: ${name} has a line of ${line.length} characters`);
    }
  }
  return faults;
}
