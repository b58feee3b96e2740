import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NO_ROWS } from '../../src/build/source.js';
import { backUp, restore } from '../../src/cli/backup.js';
import { build } from '../../src/cli/build.js';
import { verify } from '../../src/cli/verify.js';
import type { Config } from '../../src/config/config.js';
import { openLibrary } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { keptStreams, seededConfig, type Written } from '../cli/seeded-config.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
import { temporaryFolder } from '../support/connector.js';
import { releaseFileOf } from '../support/library-file.js';

// A restore drill: every file of a library and of its backup is damaged in turn, in every way.

let folder: ReturnType<typeof temporaryFolder>;
let config: Config & { readonly readOnly: false };
let elsewhere: typeof config;
beforeEach(async () => {
  folder = temporaryFolder();
  config = { ...seededConfig(folder.path), readOnly: false };
  elsewhere = { ...config, libraryPath: join(folder.path, 'elsewhere', 'library.db') };
  const releases = await Releases.open(config);
  const target = await releases.begin({ source: 'cvx', name: 'cvx-1', builtOn: '2026-01-02' });
  const concept = { system: 'cvx', code: '01', title: 'An import', parent: undefined, billable: undefined } as const;
  await target.write({ ...NO_ROWS, concepts: [{ ...concept, active: true, names: [] }] });
  await target.finish([]);
  await releases.close();
  const { library, written } = await openLibrary(config);
  await written.apply([put('a', handoutRows('local-a', 'W20'))], NOW);
  await written.close();
  await library.close();
});
afterEach(() => {
  folder.remove();
});

type Place = typeof config;
type Outcome = Written & { readonly code: number };

async function run(work: (streams: ReturnType<typeof keptStreams>['streams']) => Promise<number>): Promise<Outcome> {
  const { streams, written } = keptStreams();
  const code = await work(streams);
  return { code, ...written() };
}

const verified = (place: Place, path?: string): Promise<Outcome> => run((streams) => verify(place, path, streams));
const backedUp = (target: string): Promise<Outcome> => run((streams) => backUp(config, target, streams));
const restored = (backup: string, place: Place): Promise<Outcome> =>
  run((streams) => restore(place, backup, NOW, streams));
const built = (place: Place): Promise<Outcome> => run((streams) => build(place, {}, streams));

/** The layers that answer: of the program, of an import, and of what the site has written. */
async function findAnswers(place: Place): Promise<string[]> {
  const { library, written } = await openLibrary(place);
  const articles = library.findArticles(['topic-falls', 'local-a']).map(({ id }) => id);
  const concepts = library.findConcepts([{ system: 'cvx', code: '01' }]).map(({ title }) => title);
  await written.close();
  await library.close();
  return [...articles, ...concepts].sort();
}
const ALL = ['An import', 'local-a', 'topic-falls'];
const WITHOUT_IMPORT = ['local-a', 'topic-falls'];

/** Overwrites bytes in the middle of a file; its size stays. */
function overwrite(path: string, at: number, bytes = 4096): void {
  const content = readFileSync(path);
  content.fill(0xa5, at, at + bytes);
  // It may be a link to a file that other tests read.
  rmSync(path);
  writeFileSync(path, content);
}

const lengthOf = (path: string): number => readFileSync(path).length;

const DAMAGES: readonly (readonly [string, (path: string) => void])[] = [
  [
    'its header',
    (path) => {
      overwrite(path, 0, 100);
    },
  ],
  [
    'its middle',
    (path) => {
      overwrite(path, Math.floor(lengthOf(path) / 2));
    },
  ],
  [
    'its last byte',
    (path) => {
      overwrite(path, lengthOf(path) - 1, 1);
    },
  ],
  [
    'cut',
    (path) => {
      truncateSync(path, Math.floor(lengthOf(path) / 2));
    },
  ],
  [
    'empty',
    (path) => {
      truncateSync(path, 0);
    },
  ],
  [
    'missing',
    (path) => {
      rmSync(path);
    },
  ],
];

describe.each(DAMAGES)('damage: %s', (_name, damage) => {
  test('of the program’s own release: a backup does without it, and it is built anew', async () => {
    const file = releaseFileOf(config.libraryPath, 'starter');
    damage(file);
    expect(await verified(config)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`${file}: release starter-`),
    });
    const backup = join(folder.path, 'backup.db');
    expect(await backedUp(backup)).toMatchObject({ code: 0, stderr: expect.stringContaining(basename(file)) });
    expect(await verified(config, backup)).toMatchObject({ code: 0 });
    expect(await restored(backup, elsewhere)).toMatchObject({ code: 0, stderr: expect.stringContaining('starter-') });
    expect(await findAnswers(elsewhere)).toEqual(ALL);
    expect(await findAnswers(config)).toEqual(ALL);
    expect(await built(config)).toMatchObject({ code: 0 });
    expect(await verified(config)).toMatchObject({ code: 0, stderr: '' });
  });

  test('of an imported release: a backup without it does not end well, and is restored without it', async () => {
    const whole = join(folder.path, 'whole.db');
    expect(await backedUp(whole)).toMatchObject({ code: 0, stderr: '' });
    const file = releaseFileOf(config.libraryPath, 'cvx');
    damage(file);
    expect(await verified(config)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`${file}: release cvx-1 `),
    });
    await expect(built(config)).rejects.toThrow(`the file of release cvx-1 is not there whole: ${file}`);
    const backup = join(folder.path, 'backup.db');
    const lacking = {
      code: 1,
      stderr: expect.stringMatching(/^without release cvx-1, whose file .* import cvx again\n$/),
    };
    expect(await backedUp(backup)).toMatchObject(lacking);
    expect(await verified(config, backup)).toMatchObject({ code: 1 });
    expect(await restored(backup, elsewhere)).toMatchObject(lacking);
    expect(await findAnswers(elsewhere)).toEqual(WITHOUT_IMPORT);
    expect(await restored(whole, config)).toMatchObject({ code: 0, stderr: '' });
    expect(await findAnswers(config)).toEqual(ALL);
  });

  test('of the library’s file: one line names it, no backup is made, and an earlier one brings all back', async () => {
    const backup = join(folder.path, 'backup.db');
    expect(await backedUp(backup)).toMatchObject({ code: 0, stderr: '' });
    const { libraryPath } = config;
    damage(libraryPath);
    const found = await verified(config).catch((error: unknown) => error as Error);
    // A byte that SQLite has not in use harms nothing.
    if (!(found instanceof Error) && found.code === 0) return;
    if (existsSync(libraryPath)) {
      expect(found).toMatchObject({ code: 1, stdout: expect.stringContaining(`${libraryPath} is damaged: `) });
      expect(await backedUp(`${backup}.2`)).toMatchObject({ code: 1, stderr: expect.stringContaining(libraryPath) });
    }
    expect(existsSync(`${backup}.2`)).toBe(false);
    expect(await restored(backup, config)).toMatchObject({ code: 0, stderr: '' });
    expect(await findAnswers(config)).toEqual(ALL);
  });

  test('of a backup: it is rejected, and nothing changes; or what is whole of it is restored, and the rest named', async () => {
    const backup = join(folder.path, 'backup.db');
    await backedUp(backup);
    damage(backup);
    const found = await verified(config, backup).catch(() => undefined);
    const { code, stderr } = await restored(backup, elsewhere);
    // A byte that SQLite has not in use harms nothing.
    if (found?.code === 0) expect([code, stderr]).toEqual([0, '']);
    else expect(stderr).toMatch(code === 1 && !existsSync(elsewhere.libraryPath) ? /nothing has changed/ : /^without/);
    if (existsSync(elsewhere.libraryPath))
      expect(await findAnswers(elsewhere)).toEqual(expect.arrayContaining(WITHOUT_IMPORT));
  });
});

/** Where bytes of a release are in a backup. */
function findIn(backup: string, release: string): number {
  const bytes = readFileSync(release);
  const sample = bytes.indexOf('topic-falls');
  const at = readFileSync(backup).indexOf(bytes.subarray(sample, sample + 64));
  if (at < 0) throw new Error('the backup has no such bytes');
  return at;
}

test.each([
  ['a byte', 1],
  ['pages, and the chain of those behind them', 12_000],
])(
  '%s of a release in a backup: what is whole is restored, and what is the program’s own is built anew',
  async (_name, bytes) => {
    const backups = join(folder.path, 'backups');
    mkdirSync(backups);
    const backup = join(backups, 'monday.db');
    await backedUp(backup);
    overwrite(backup, findIn(backup, releaseFileOf(config.libraryPath, 'starter')), bytes);
    expect(await verified(config, backups)).toMatchObject({ code: 1, stdout: expect.stringContaining(backup) });
    expect(await restored(backup, elsewhere)).toMatchObject({ code: 0, stderr: expect.stringContaining('starter-') });
    expect(await findAnswers(elsewhere)).toEqual(ALL);
    // The damaged release does not come back with the next backup.
    const next = join(folder.path, 'next.db');
    expect(await run((streams) => backUp(elsewhere, next, streams))).toMatchObject({ code: 0, stderr: '' });
    expect(await verified(config, next)).toMatchObject({ code: 0 });
  },
);

test('a second name that a killed restore has left goes with the next one', async () => {
  const backup = join(folder.path, 'backup.db');
  await backedUp(backup);
  const left = `${config.libraryPath}.before-20261124T110000000Z`;
  linkSync(config.libraryPath, left);
  copyFileSync(config.libraryPath, `${config.libraryPath}.before-20261120T110000000Z`);
  expect(await restored(backup, config)).toMatchObject({ code: 0 });
  expect([existsSync(left), existsSync(`${config.libraryPath}.before-20261120T110000000Z`)]).toEqual([false, true]);
});
