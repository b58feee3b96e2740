import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { temporaryFolder } from '../support/connector.js';
import {
  SOMEBODY,
  copiesOf,
  exitOf,
  healthCommand,
  layOutImage,
  readStages,
  runInImage,
  instructionsIn,
  startCommand,
  untilReady,
} from './image-folder.js';
import { freePort } from './nginx.js';

// The program may have to be built, and its library is.
jest.setTimeout(240_000);

const [build = [], final = [], ...others] = readStages();

describe('the Dockerfile', () => {
  test('has two stages, of one pinned base, of the Node.js that is supported', () => {
    expect(others).toEqual([]);
    const [from, again] = [build, final].map((stage) => instructionsIn(stage, 'FROM')[0]?.replace(/ AS build$/, ''));
    expect(from).toBe(again);
    expect(from).toMatch(/^node:20\.\d+\.\d+-[a-z]+-slim$/);
  });

  test('copies what is there, and from the build what is made there', () => {
    const taken = copiesOf(build).map(({ source }) => source);
    expect(taken.filter((source) => !existsSync(source))).toEqual([]);
    const made = ['node_modules', 'dist'];
    for (const { source, fromBuild } of copiesOf(final)) {
      if (fromBuild) expect([...taken, ...made]).toContain(source);
      else expect(existsSync(source)).toBe(true);
    }
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n').filter(Boolean);
    expect(taken.filter((source) => ignored.includes(source))).toEqual([]);
  });

  test('leaves the packages of development behind and ends as a user that is not root', () => {
    expect(instructionsIn(build, 'RUN').at(-1)).toBe('npm ci && npm prune --omit=dev --ignore-scripts');
    expect(instructionsIn(final, 'USER')).toEqual(['1000:1000']);
    expect(instructionsIn(final, 'VOLUME')).toEqual(['/app/var']);
  });
});

describe('what the image holds', () => {
  const folder = temporaryFolder();
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
        '/sheet?article=topic-asthma',
      ];
      for (const page of pages)
        expect([page, (await fetch(`http://127.0.0.1:${PORT}${page}`)).status]).toEqual([page, 200]);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exitOf(child)).toBe(0);
    expect(existsSync(join(folder.path, 'var/library.db'))).toBe(true);
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
