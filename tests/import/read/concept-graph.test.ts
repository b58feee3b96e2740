import { describe, expect, test } from '@jest/globals';
import { ConceptGraph, type PagesOfRow } from '../../../src/import/read/concept-graph.js';

/** Relations as "child > parent", rows as "code kind"; the pairs found as "code ← ancestor". */
function inherit(
  relations: readonly string[],
  rows: Readonly<Record<string, PagesOfRow>>,
  roots: string[] = ['1'],
): string[] {
  const pairs = relations.map((one) => one.split(' > ') as [string, string]);
  const graph = new ConceptGraph([...new Set(pairs.flat())]);
  for (const [child, parent] of pairs) graph.addParent(child, parent);
  return [...graph.inherit((code) => rows[code], new Set(roots))].map(([code, above]) => `${code} ← ${above}`);
}

describe('the nearest ancestor with a page', () => {
  test('is found over several levels and parents, the nearest first', () => {
    const relations = ['10 > 1', '20 > 10', '30 > 20', '40 > 30', '50 > 40', '50 > 20'];
    expect(inherit(relations, { 20: 'page', 40: 'page' })).toEqual(['30 ← 20', '50 ← 20']);
    expect(inherit([...relations, '60 > 50', '60 > 40'], { 20: 'page', 40: 'page' })).toContain('60 ← 40');
  });

  test('is never a root, nor what is right below it', () => {
    expect(inherit(['10 > 1', '20 > 10', '30 > 20'], { 1: 'page', 10: 'page' })).toEqual([]);
  });

  test('hides what is above a code without a page on purpose', () => {
    expect(inherit(['10 > 1', '20 > 10', '30 > 20', '40 > 30'], { 20: 'page', 30: 'none' })).toEqual([]);
  });

  test('is not found for anything below a grave page, by whatever way', () => {
    const relations = ['10 > 1', '20 > 10', '30 > 20', '40 > 30', '50 > 20', '50 > 40'];
    // 50 is right below 20, and a kind of 40 as well.
    expect(inherit(relations, { 20: 'page', 30: 'grave' })).toEqual([]);
  });

  test('ends in a hierarchy with a cycle', () => {
    expect(inherit(['10 > 1', '20 > 10', '30 > 20', '20 > 30', '40 > 30'], { 20: 'page' })).toEqual([
      '30 ← 20',
      '40 ← 20',
    ]);
  });

  test('has codes of eighteen digits', () => {
    const [long, longer] = ['900000000000207008', '900000000000207013'];
    expect(inherit(['10 > 1', `${long} > 10`, `${longer} > ${long}`], { [long]: 'page' })).toEqual([
      `${longer} ← ${long}`,
    ]);
  });
});
