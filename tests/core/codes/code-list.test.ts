import { expect, test } from '@jest/globals';
import { CodeList, type ArticleCode } from '../../../src/core/codes/code-list.js';

const CODES: ArticleCode[] = [
  { system: 'icd-10-cm', code: 'N53.14', relationship: 'equivalent' },
  { system: 'snomed-ct', code: '44054006', relationship: 'broader' },
  { system: 'drug-name', code: 'a|name with a bar', relationship: 'related' },
];

test('a list gives back the codes that it was made of', () => {
  const list = CodeList.of(CODES);
  expect(list.toArray()).toEqual(CODES);
  expect(list).toHaveLength(3);
  expect(list.firstKey).toBe('icd-10-cm|N53.14');
  const tested: string[] = [];
  expect(list.some((key) => tested.push(key) === 2)).toBe(true);
  expect(tested).toEqual(['icd-10-cm|N53.14', 'snomed-ct|44054006']);
});

test('an empty list has no code to test', () => {
  const none = CodeList.of([]);
  expect([none.length, none.firstKey, none.toArray(), none.some(() => true)]).toEqual([0, undefined, [], false]);
});

test('lists are the same by codes, order and relationships', () => {
  const list = CodeList.of(CODES);
  const [first, ...others] = CODES as [ArticleCode, ...ArticleCode[]];
  expect(list.isSame(CodeList.of([...CODES]))).toBe(true);
  const different = [others, [...CODES].reverse(), [{ ...first, relationship: 'narrower' as const }, ...others]];
  expect(different.map((codes) => list.isSame(CodeList.of(codes)))).toEqual([false, false, false]);
});
