import { describe, expect, test } from '@jest/globals';
import type { Relationship } from '../../../src/core/answer/knowledge-response.js';
import type { MappingRecord } from '../../../src/core/model/library.js';
import { selectRows } from '../../../src/core/codes/resolve-coding.js';

const record = (more: Partial<MappingRecord>): MappingRecord => ({
  system: 'icd-10-cm',
  code: 'E11.3',
  input: 0,
  layer: 'starter',
  levels: 0,
  crossings: 0,
  path: [],
  article: 'topic-a',
  relationship: 'equivalent',
  rank: 1,
  sensitivity: undefined,
  origin: 'curated',
  note: '',
  ...more,
});

const articlesOf = (records: readonly MappingRecord[]): string[] | undefined =>
  selectRows(records)?.rows.map(({ article }) => article);

test('no rows give no selection', () => {
  expect(selectRows([])).toBeUndefined();
});

test.each<readonly [name: string, records: MappingRecord[], article: string]>([
  ['own rows before an ancestor’s', [record({ article: 'topic-b', levels: 1 }), record({})], 'topic-a'],
  ['the nearer ancestor', [record({ article: 'topic-b', levels: 3 }), record({ levels: 2 })], 'topic-a'],
  ['own rows before a crosswalk', [record({ article: 'topic-b', crossings: 1 }), record({})], 'topic-a'],
  ['any ancestor before a crosswalk', [record({ article: 'topic-b', crossings: 1 }), record({ levels: 4 })], 'topic-a'],
  ['the shorter chain', [record({ article: 'topic-b', crossings: 2 }), record({ crossings: 1, levels: 4 })], 'topic-a'],
])('of several levels the nearest is taken: %s', (_name, records, article) => {
  expect(articlesOf(records)).toEqual([article]);
  expect(articlesOf([...records].reverse())).toEqual([article]);
});

test('all rows of the nearest level are taken', () => {
  const rows = [record({}), record({ article: 'topic-b', rank: 2 }), record({ article: 'topic-c', levels: 1 })];
  expect(articlesOf(rows)).toEqual(['topic-a', 'topic-b']);
});

test('an article that two crosswalks lead to is taken once', () => {
  expect(articlesOf([record({ crossings: 1 }), record({ crossings: 1, code: 'E10.3' })])).toEqual(['topic-a']);
});

describe('what an article is to the code', () => {
  test.each<Relationship>(['equivalent', 'broader', 'narrower', 'related'])('%s stays so on its own row', (own) => {
    expect(selectRows([record({ relationship: own })])?.rows[0]?.relationship).toBe(own);
  });

  test.each<Relationship>(['equivalent', 'broader'])('%s to an ancestor is broader than the code', (own) => {
    expect(selectRows([record({ relationship: own, levels: 1 })])?.rows[0]?.relationship).toBe('broader');
  });

  test.each<Relationship>(['narrower', 'related'])('%s to an ancestor is never exactly about the code', (own) => {
    const inherited = selectRows([record({ relationship: own, levels: 2 })])?.rows[0]?.relationship;
    expect(['equivalent', 'narrower']).not.toContain(inherited);
  });
});

describe('a none row', () => {
  const none = { article: undefined, relationship: 'none', note: 'a place is no topic' } as const;

  test('gives its note and no rows', () => {
    expect(selectRows([record(none)])).toEqual({ rows: [], noneNote: 'a place is no topic', suppressed: [] });
  });

  test('stops ancestors and crosswalks', () => {
    const rows = [record({ levels: 1 }), record(none), record({ crossings: 1 })];
    expect(selectRows(rows)).toEqual({ rows: [], noneNote: 'a place is no topic', suppressed: [] });
  });

  test('of an ancestor does not stop the own rows', () => {
    expect(selectRows([record({}), record({ ...none, levels: 1 })])?.noneNote).toBeUndefined();
  });
});
