import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DiffOptions } from '../../src/cli/releases-diff.js';
import { diffReleases } from '../../src/cli/releases-diff.js';
import type { Config } from '../../src/config/config.js';
import { buildLibraryFile } from '../../src/library/open.js';
import { openLibrary } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
import type { LibraryRows, MappingFacts } from '../../src/build/source.js';
import { NO_ROWS } from '../../src/build/source.js';
import { temporaryFolder } from '../support/connector.js';
import { runHere } from './run-cli.js';
import { keptStreams, seededConfig } from './seeded-config.js';

interface JsonDiff {
  readonly source: string;
  readonly from?: string;
  readonly to: string;
  readonly compared: number;
  readonly changes: {
    kind: string;
    code: string;
    count: number;
    language: string;
    title?: string;
    before: { id: string; title: string }[];
    after: { id: string; title: string }[];
  }[];
}

let folder: ReturnType<typeof temporaryFolder>;
let config: Config;
beforeEach(async () => {
  folder = temporaryFolder();
  config = seededConfig(folder.path);
  await buildLibraryFile({ ...config, readOnly: false });
});
afterEach(() => {
  folder.remove();
});

const row = (code: string, article: string): MappingFacts => ({
  line: 0,
  system: 'icd-10-cm',
  code,
  article,
  relationship: 'equivalent',
  rank: 1,
  sensitivity: undefined,
  origin: 'curated',
  note: '',
});

/** Imports a release of a source; the one before it is kept. */
async function importRelease(source: string, name: string, rows: Partial<LibraryRows>): Promise<void> {
  const releases = await Releases.open({ ...config, readOnly: false });
  const target = await releases.begin({ source, name, builtOn: '2026-01-01' });
  await target.write({ ...NO_ROWS, ...rows });
  await target.finish([]);
  await releases.close();
}

async function differ(source?: string, options: Partial<DiffOptions> = {}) {
  const { streams, written } = keptStreams();
  const exit = await diffReleases(config, source, { format: 'text', ...options }, streams);
  return { exit, ...written() };
}

async function differJson(source?: string, options: Partial<DiffOptions> = {}): Promise<JsonDiff> {
  const { exit, stderr, stdout } = await differ(source, { ...options, format: 'json' });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return JSON.parse(stdout) as JsonDiff;
}

/** `kind code before > after` of the changes in one language. */
const briefly = ({ changes }: JsonDiff, language = 'en'): string[] =>
  changes
    .filter((change) => change.language === language)
    .map(({ kind, code, before, after }) => {
      const ids = [before, after].map((articles) => articles.map(({ id }) => id).join('+') || '-');
      return `${kind} ${code} ${ids.join(' > ')}`;
    })
    .sort();

describe('between the active release of a source and the one before it', () => {
  beforeEach(async () => {
    await importRelease('test-a', 'test-a-1', { mappings: [row('A00', 'topic-falls'), row('N53.14', 'topic-falls')] });
    await importRelease('test-a', 'test-a-2', { mappings: [row('A01', 'topic-falls'), row('N53.14', 'topic-asthma')] });
  });

  test('answers are added, changed and lost; the library stays as it is', async () => {
    const diff = await differJson('test-a');
    expect(diff).toMatchObject({ source: 'test-a', from: 'test-a-1', to: 'test-a-2', compared: 3 });
    expect(briefly(diff)).toEqual([
      'added A01 - > topic-falls',
      'changed N53.14 topic-falls > topic-asthma',
      'lost A00 topic-falls > -',
    ]);
    expect(await differJson('test-a')).toEqual(diff);
  });

  test('where a row goes, the layer below answers again', async () => {
    await importRelease('test-a', 'test-a-3', { mappings: [row('A01', 'topic-falls')] });
    expect(briefly(await differJson('test-a'))).toEqual(['changed N53.14 topic-asthma > ency-001282']);
  });

  test('is the last change where no source is named', async () => {
    await importRelease('test-b', 'test-b-1', { mappings: [row('B00', 'topic-falls')] });
    expect(await differJson()).toMatchObject({ source: 'test-a', from: 'test-a-1', to: 'test-a-2' });
    await importRelease('test-b', 'test-b-2', { mappings: [row('B01', 'topic-falls')] });
    expect(await differJson()).toMatchObject({ source: 'test-b', from: 'test-b-1', to: 'test-b-2' });
  });

  test('may be named, either way round', async () => {
    const diff = await differJson(undefined, { from: 'test-a-2', to: 'test-a-1' });
    expect(briefly(diff)).toEqual([
      'added A00 - > topic-falls',
      'changed N53.14 topic-asthma > topic-falls',
      'lost A01 topic-falls > -',
    ]);
  });

  test('is never of what was written over FHIR', async () => {
    const { written, library } = await openLibrary({ ...config, readOnly: false });
    await written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
    await written.close();
    await library.close();
    expect(await differJson()).toMatchObject({ from: 'test-a-1', to: 'test-a-2' });
    expect(await differ('written')).toMatchObject({
      exit: 1,
      stderr:
        'releases diff: what is written over FHIR has no releases to compare: education-connect export lists its versions\n',
    });
  });

  test('after a rollback is what the rollback did', async () => {
    const releases = await Releases.open({ ...config, readOnly: false });
    await releases.rollback('test-a');
    await releases.close();
    expect(await differJson('test-a')).toMatchObject({ from: 'test-a-2', to: 'test-a-1' });
  });

  test('is compared for the codes of a list, those that inherit their answer too, the most requested first', async () => {
    const codes = join(folder.path, 'mine.csv');
    writeFileSync(codes, 'system,code,count\nicd10,A01.1,3\nicd10,J45.909,500\nicd10,A00.9,40\n');
    const diff = await differJson('test-a', { codes });
    expect(diff.compared).toBe(3);
    expect(diff.changes.map(({ code, count, language }) => `${code} ${count} ${language}`)).toEqual([
      'A00.9 40 en',
      'A00.9 40 es',
      'A01.1 3 en',
      'A01.1 3 es',
    ]);
  });

  test('is told with titles as text', async () => {
    const { stdout } = await differ('test-a');
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'test-a: from test-a-1 to test-a-2',
      'Answers to 3 codes compared',
      '  en: 1 added, 1 changed, 1 lost',
      '  es: 1 added, 1 changed, 1 lost',
    ]);
    expect(stdout).toContain(
      'changed  ICD-10-CM N53.14 (Retrograde ejaculation), es\n  before: Falls\n  after:  Asma\n',
    );
    expect(stdout).toContain('lost     ICD-10-CM A00, en\n  before: Falls\n  after:  nothing\n');
  });

  test('is a line for each answer as CSV', async () => {
    const { stdout } = await differ('test-a', { format: 'csv' });
    const [header, ...lines] = stdout.trimEnd().split('\n');
    expect(header).toBe('change,system,code,title,count,language,before,before_titles,after,after_titles');
    expect(lines).toHaveLength(6);
    expect(lines).toContain('changed,icd-10-cm,N53.14,Retrograde ejaculation,0,es,topic-falls,Falls,topic-asthma,Asma');
  });
});

test('more changes than can be read are counted as text, and whole as CSV', async () => {
  const codes = Array.from({ length: 300 }, (_, index) => `Q${10 + (index % 90)}.${Math.floor(index / 90)}`);
  await importRelease('test-a', 'test-a-1', { mappings: codes.map((code) => row(code, 'topic-falls')) });
  const { stdout } = await differ('test-a');
  expect(stdout).toContain('Answers to 300 codes compared\n  en: 300 added, 0 changed, 0 lost\n');
  expect(stdout.match(/^added /gm)).toHaveLength(500);
  expect(stdout).toMatch(/\n… and 100 more; --format csv or json lists all\n$/);
  expect((await differ('test-a', { format: 'csv' })).stdout.trimEnd().split('\n')).toHaveLength(601);
});

test('the first release of a source is compared with the library without it', async () => {
  await importRelease('test-a', 'test-a-1', { mappings: [row('A00', 'topic-falls')] });
  const { exit, stdout } = await differ('test-a');
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^test-a: from the library without it to test-a-1\n/);
  expect(stdout).toContain('en: 1 added, 0 changed, 0 lost');
});

test('another title or address of an article, or none, changes the answers of its codes', async () => {
  const text = { article: 'topic-falls', language: 'en', title: 'Falling' } as const;
  await importRelease('test-a', 'test-a-1', { texts: [{ ...text, url: 'https://medlineplus.gov/falls.html' }] });
  const gone = { url: 'https://medlineplus.gov/falls.html', day: '2026-01-01', isGone: true };
  await importRelease('test-a', 'test-a-2', { texts: [{ ...text, linkCheck: gone }] });
  expect(briefly(await differJson('test-a'))).toEqual([
    'lost 900001 topic-falls > -',
    'lost E885 topic-falls > -',
    'lost E888 topic-falls > -',
    'lost W19 topic-falls > -',
  ]);
  const before = await differJson('test-a', { to: 'test-a-1', from: 'test-a-2' });
  expect(before.changes[0]?.after).toEqual([expect.objectContaining({ title: 'Falling' })]);
});

test('a crosswalk that leads elsewhere changes the answer', async () => {
  const from = { system: 'snomed-ct', code: '38341003' } as const;
  const to = (code: string) => ({ from, to: { system: 'icd-10-cm', code }, relationship: 'equivalent' }) as const;
  await importRelease('test-a', 'test-a-1', { crosswalks: [to('W19')] });
  await importRelease('test-a', 'test-a-2', { crosswalks: [to('E11')] });
  expect(briefly(await differJson('test-a'))).toEqual(['changed 38341003 topic-falls > topic-diabetestype2']);
});

describe('what cannot be compared ends with one line and exit code 1', () => {
  test.each<[string, string | undefined, Partial<DiffOptions>, RegExp]>([
    ['an unknown source', 'nowhere', {}, /no release of nowhere is in use/],
    ['an unknown release', 'starter', { to: 'nothing' }, /holds no release nothing: it holds .*starter-/],
    ['releases of two sources', undefined, { from: 'test-a-1', to: 'test-b-1' }, /only releases of one source/],
    ['a release of another source', 'starter', { to: 'test-b-1' }, /only releases of one source/],
    ['nothing before anything', undefined, {}, /no source has a release before its active one/],
    ['a list that is not there', 'test-a', { codes: 'nowhere.csv' }, /nowhere\.csv cannot be read/],
  ])('%s', async (_what, source, options, says) => {
    await importRelease('test-a', 'test-a-1', { mappings: [row('A00', 'topic-falls')] });
    await importRelease('test-b', 'test-b-1', { mappings: [row('B00', 'topic-falls')] });
    const { exit, stdout, stderr } = await differ(source, options);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^releases diff: [^\n]+\n$/);
  });
});

test('bad rows of the list are named; exit code 2', async () => {
  await importRelease('test-a', 'test-a-1', { mappings: [row('A00', 'topic-falls')] });
  const codes = join(folder.path, 'mine.csv');
  writeFileSync(codes, 'system,code\nicd10,A00\nicd10,12\n');
  const { exit, stdout, stderr } = await differ('test-a', { codes });
  expect(exit).toBe(2);
  expect(stdout).toContain('Answers to 1 codes compared');
  expect(stderr).toMatch(/mine\.csv:3: 12 is not a possible code/);
});

test('the command line lists without a subcommand, compares with one, and reads a finished file', async () => {
  await importRelease('test-a', 'test-a-1', { mappings: [row('A00', 'topic-falls')] });
  await buildLibraryFile({ ...config, readOnly: false }, true);
  const env = { LIBRARY_PATH: config.libraryPath, LIBRARY_READ_ONLY: 'true' };
  const diff = await runHere(['releases', 'diff', 'test-a'], env);
  expect(diff).toMatchObject({ code: 0, stderr: '' });
  expect(diff.stdout).toMatch(/^test-a: from the library without it to test-a-1\n/);
  expect((await runHere(['releases'], env)).stdout).toMatch(/^in use +imported +test-a.*\nin use +starter/);
  const none = await runHere(['releases'], { LIBRARY_PATH: join(folder.path, 'other.db') });
  expect(none).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^education-connect: cannot open [^\n]+\n$/),
  });
});
