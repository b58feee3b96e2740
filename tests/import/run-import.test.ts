import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ImportSource, ImportFacts } from '../../src/import/import-source.js';
import { ImportError } from '../../src/import/import-source.js';
import type { ImportOptions } from '../../src/import/run-import.js';
import { runImport } from '../../src/import/run-import.js';
import type { ImportIdentity } from '../../src/library/releases.js';
import type { ConceptFacts, LibraryRows, MappingFacts } from '../../src/build/source.js';

/** Actions on the target, in their order. */
let done: string[];
let identity: ImportIdentity | undefined;
let written: LibraryRows[];
beforeEach(() => {
  done = [];
  identity = undefined;
  written = [];
});

const OPTIONS: ImportOptions = {
  begin: async (asked) => {
    identity = asked;
    done.push('begin');
    return {
      name: `${asked.name}.2`,
      write: async (rows) => {
        done.push('write');
        written.push(rows);
      },
      finish: async (complete) => {
        done.push(`finish ${complete.join(' ')}`);
        return {} as never;
      },
      abort: async () => {
        done.push('abort');
      },
    };
  },
  rowsBefore: undefined,
  hasArticle: (id) => id === 'topic-known',
  isMapped: () => false,
  resourcesDir: 'resources',
  today: '2026-11-24',
  onRows: () => undefined,
};

const concept = (code: string): ConceptFacts => ({
  system: 'cvx',
  code,
  title: code,
  parent: undefined,
  billable: undefined,
  active: true,
  names: [],
});
const mapping = (code: string, article: string | undefined): MappingFacts => ({
  line: Number(code),
  system: 'cvx',
  code,
  article,
  relationship: article === undefined ? 'none' : 'equivalent',
  rank: 1,
  sensitivity: undefined,
  origin: 'imported',
  note: '',
});
const FACTS: ImportFacts = { version: '1', complete: ['cvx'] };

/** A source that yields these portions, as far as it comes. */
const sourceOf = (portions: readonly (Partial<LibraryRows> | Error)[], facts: ImportFacts = FACTS): ImportSource => ({
  name: 'test',
  description: '',
  read: async function* (_files, log) {
    log.release(facts);
    for (const portion of portions) {
      if (portion instanceof Error) throw portion;
      log.read(Object.values(portion).flat().length);
      yield portion;
    }
  },
});
const run = (source: ImportSource, change: Partial<ImportOptions> = {}) =>
  runImport(source, [], { ...OPTIONS, ...change });

test('portions of any size are written in batches; the swap comes last', async () => {
  const many = Array.from({ length: 12_000 }, (_, index) => ({ concepts: [concept(String(index))] }));
  const report = await run(sourceOf(many));
  expect(written.map(({ concepts }) => concepts.length)).toEqual([5000, 5000, 2000]);
  expect(done).toEqual(['begin', 'write', 'write', 'write', 'finish cvx']);
  expect(report).toMatchObject({ name: 'test-1.2', read: 12_000, imported: { concepts: 12_000, mappings: 0 } });
});

test('a release is named after its version, one from outside first, and dated by itself or today', async () => {
  await run(sourceOf([{ concepts: [concept('1')] }], { ...FACTS, date: '2026-11-01' }));
  expect(identity).toEqual({ source: 'test', name: 'test-1', builtOn: '2026-11-01' });
  await run(sourceOf([{ concepts: [concept('1')] }]), { version: 'a b/c' });
  expect(identity).toEqual({ source: 'test', name: 'test-a-b-c', builtOn: '2026-11-24' });
});

test('a dry run reads and counts, and begins nothing', async () => {
  const report = await run(sourceOf([{ concepts: [concept('1')] }]), { begin: undefined });
  expect(report).toMatchObject({ name: 'test-1', imported: { concepts: 1 }, content: undefined });
  expect(done).toEqual([]);
});

test('a row may come before its article; one whose article never comes is rejected', async () => {
  const text = { article: 'local-late', language: 'en', title: 'x', url: 'https://x.example/' } as const;
  const mappings = [
    mapping('1', 'local-late'),
    mapping('2', 'topic-known'),
    mapping('3', undefined),
    mapping('4', 'local-never'),
  ];
  const concepts = Array.from({ length: 5000 }, (_, index) => concept(String(index)));
  const report = await run(sourceOf([{ mappings, concepts }, { texts: [text] }]));
  expect(written.map((rows) => rows.mappings.map(({ code }) => code))).toEqual([['2', '3'], [], ['1']]);
  expect(report).toMatchObject({ imported: { mappings: 3, texts: 1 }, rejected: 1 });
  expect(report.complaints).toEqual([{ file: 'cvx.csv', line: 4, reason: '4: no article local-never' }]);
});

describe('an import that fails is taken back', () => {
  const whole = { concepts: [concept('1'), concept('2')] };

  test.each<[string, ImportSource, Partial<ImportOptions>, RegExp, string[]]>([
    [
      'in the middle',
      sourceOf([
        { concepts: Array.from({ length: 5000 }, (_, index) => concept(String(index))) },
        new ImportError('half'),
      ]),
      {},
      /^half$/,
      ['begin', 'write', 'abort'],
    ],
    ['for want of rows', sourceOf([]), {}, /none of its rows could be imported/, []],
    ['for want of a version', sourceOf([whole], { ...FACTS, version: undefined }), {}, /use --release/, []],
    [
      'with fewer rows than it announces',
      sourceOf([whole], { ...FACTS, announced: 3 }),
      {},
      /states 3 rows and has 2/,
      ['begin', 'write', 'abort'],
    ],
    [
      'with less than half of the rows before',
      sourceOf([whole]),
      { rowsBefore: 5 },
      /2 rows, the release in use 5/,
      ['begin', 'write', 'abort'],
    ],
  ])('%s', async (_what, source, change, says, steps) => {
    await expect(run(source, change)).rejects.toThrow(says);
    expect(done).toEqual(steps);
  });

  test('but not where it is forced, or holds half', async () => {
    await run(sourceOf([whole], { ...FACTS, announced: 3 }), { force: true, rowsBefore: 99 });
    await run(sourceOf([whole]), { rowsBefore: 4 });
    expect(done).toEqual(['begin', 'write', 'finish cvx', 'begin', 'write', 'finish cvx']);
  });
});
