import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  SOMEBODY,
  copiesOf,
  exitOf,
  healthCommand,
  imageFolder,
  layOutImage,
  packageCommands,
  readStages,
  runInImage,
  instructionsIn,
  startCommand,
  untilReady,
} from './image-folder.js';
import { freePort } from './nginx.js';

const [packages = [], build = [], final = [], ...others] = readStages();

describe('the Dockerfile', () => {
  test('has three stages, of one pinned base', () => {
    expect(others).toEqual([]);
    const bases = [packages, build, final].map((stage) => instructionsIn(stage, 'FROM')[0]?.replace(/ AS \w+$/, ''));
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:24\.\d+\.\d+-[a-z]+-slim(@sha256:[0-9a-f]{64})?$/);
  });

  test('needs nothing but the registry of packages, and no script of a package', () => {
    const commands = [packages, build, final].flatMap((stage) => instructionsIn(stage, 'RUN'));
    expect(commands.filter((command) => /apt|apk|curl|wget|python|make|g\+\+/.test(command))).toEqual([]);
    expect(packageCommands().install).toBe('npm ci --omit=dev --ignore-scripts');
    expect(instructionsIn(build, 'RUN')).toEqual(['npm ci --ignore-scripts', 'npm run prepare']);
  });

  test('installs packages before it copies any source, so that a changed one installs nothing again', () => {
    const lists = ['package.json', 'package-lock.json', '.npmrc'];
    expect(copiesOf(packages).map(({ source }) => source)).toEqual(lists);
    const isStep = ({ name }: { name: string }): boolean => name === 'COPY' || name === 'RUN';
    const [copied, installed] = build.filter(isStep).map(({ text }) => text);
    expect([copied, installed]).toEqual([`${lists.join(' ')} ./`, 'npm ci --ignore-scripts']);
  });

  test('copies what is there, and from another stage what is made there', () => {
    const copies = [packages, build, final].flatMap(copiesOf);
    const taken = copies.filter(({ from }) => from === undefined).map(({ source }) => source);
    expect(taken.filter((source) => !existsSync(source))).toEqual([]);
    const made = copies.filter(({ from }) => from !== undefined);
    expect(made).toEqual([
      { source: 'node_modules', from: 'packages' },
      { source: 'dist', from: 'build' },
    ]);
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n').filter(Boolean);
    expect(taken.filter((source) => ignored.includes(source))).toEqual([]);
  });

  test('ends as a user that is not root', () => {
    expect(instructionsIn(final, 'USER')).toEqual(['1000:1000']);
    expect(instructionsIn(final, 'VOLUME')).toEqual(['/app/var']);
  });
});

describe('what the image holds', () => {
  const folder = imageFolder();
  beforeAll(() => {
    layOutImage(folder.path);
  });
  afterAll(() => {
    folder.remove();
  });

  test('is what running needs: no source, no test, no package of development', () => {
    expect(readdirSync(folder.path).sort()).toEqual(
      ['LICENSE', 'NOTICE', 'dist', 'mappings', 'node_modules', 'package.json', 'resources', 'var'].sort(),
    );
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const isThere = (name: string): boolean => existsSync(join(folder.path, 'node_modules', name));
    expect(Object.keys(dependencies).filter((name) => !isThere(name))).toEqual([]);
    expect(Object.keys(devDependencies).filter(isThere)).toEqual([]);
    const files = readdirSync(join(folder.path, 'node_modules'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /\.(map|d\.[cm]?ts|c|cpp|h|hpp)$/.test(file))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.node'))).toHaveLength(1);
  });

  test('starts, answers and stops as it is shipped, as a user that may write to var/ alone', async () => {
    const PORT = String(await freePort());
    const env = { HOST: '127.0.0.1', PORT, TMPDIR: '/nowhere' };
    const probe = "try { require('fs').writeFileSync('package.json', 'x') } catch { process.exit(7) }";
    // Where the tests are not root's, nobody else can be had: then the folder is the tests' own.
    if (SOMEBODY.uid !== undefined) expect(await exitOf(runInImage(folder.path, ['node', '-e', probe], env))).toBe(7);
    expect(await exitOf(runInImage(folder.path, healthCommand(), env))).toBe(1);
    const child = runInImage(folder.path, startCommand(), env);
    try {
      await untilReady(`http://127.0.0.1:${PORT}/readyz`, child);
      expect(await exitOf(runInImage(folder.path, healthCommand(), env))).toBe(0);
      const code = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
      const pages = [
        `/service?${code}`,
        '/',
        '/fhir/metadata',
        '/find?q=asthma',
        '/openapi.json',
        '/handout?article=topic-asthma',
      ];
      for (const page of pages)
        expect([page, (await fetch(`http://127.0.0.1:${PORT}${page}`)).status]).toEqual([page, 200]);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exitOf(child)).toBe(0);
    expect(existsSync(join(folder.path, 'var/library.db'))).toBe(true);
  });

  test('says who may not write where, and the way out, on a volume of somebody else’s', async () => {
    const volume = join(folder.path, 'volume');
    mkdirSync(volume, { mode: 0o555 });
    const { uid, gid } = userInfo();
    const [user, owner] = [`${SOMEBODY.uid ?? uid}:${SOMEBODY.gid ?? gid}`, `${uid}:${gid}`];
    const says = `user ${user} may not write to the folder ${volume}, which belongs to ${owner}. Run "chown -R ${user} ${volume}" as root`;
    const LIBRARY_PATH = join(volume, 'not/yet/library.db');
    expect(await exitOf(runInImage(folder.path, ['node', 'dist/cli.js', 'build'], { LIBRARY_PATH }))).toBe(1);
    const built = readFileSync(join(folder.path, 'var/output.log'), 'utf8');
    expect(built).toContain(`cannot open the library at ${LIBRARY_PATH}: ${says}`);
    // Where nothing is built the copy of a library in PostgreSQL is opened before its server is.
    const env = {
      LIBRARY_PATH: join(volume, 'library.db'),
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      LIBRARY_READ_ONLY: 'true',
    };
    expect(await exitOf(runInImage(folder.path, ['node', 'dist/cli.js', 'lookup', 'O80'], env))).toBe(1);
    const output = readFileSync(join(folder.path, 'var/output.log'), 'utf8');
    expect(output).toMatch(new RegExp(`its copy ${volume}/copy-.*\\.db cannot be opened: user ${user} may not write`));
  });

  test('has the commands too', async () => {
    const rows = join(folder.path, 'rows');
    mkdirSync(rows);
    writeFileSync(join(rows, 'icd-10-cm.csv'), 'code,article,relationship,rank\nO80,topic-falls,related,1\n');
    for (const args of [
      ['import', 'csv', join(rows, 'icd-10-cm.csv')],
      ['lookup', 'O80'],
    ]) {
      expect(await exitOf(runInImage(folder.path, ['node', 'dist/cli.js', ...args], {}))).toBe(0);
    }
    expect(readFileSync(join(folder.path, 'var/output.log'), 'utf8')).toMatch(/^Falls — MedlinePlus/m);
  });
});
