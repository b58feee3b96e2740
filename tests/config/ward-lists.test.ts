import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/limits.js';
import { readWardLists } from '../../src/read-ward-lists.js';
import { temporaryFolder } from '../support/connector.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

function read(content: string): ReturnType<typeof readWardLists> {
  writeFileSync(join(folder.path, 'lists.csv'), content);
  return readWardLists(folder.path);
}

test('a list is its rows in their order, under its names', () => {
  const rows = ['name,name.es,article', 'Heart,Corazón,topic-b', 'Eyes,,topic-c', 'Heart,,topic-a', 'Heart,,topic-b'];
  expect(read(`\ufeff${rows.join('\r\n')}\r\n`)).toEqual({
    lists: [
      { names: { en: 'Heart', es: 'Corazón' }, articles: ['topic-b', 'topic-a'] },
      { names: { en: 'Eyes' }, articles: ['topic-c'] },
    ],
    complaints: [],
  });
});

test('no folder and no file are no list', () => {
  expect(readWardLists(undefined)).toEqual({ lists: [], complaints: [] });
  expect(readWardLists(join(folder.path, 'nowhere'))).toEqual({ lists: [], complaints: [] });
});

test.each([
  ['a row without a name', 'name,article\n,topic-a\n', 2, 'name is missing'],
  ['what is no id', 'name,article\nHeart,<b>\n', 2, 'not an article id'],
  ['an unknown column', 'nome,article\nHeart,topic-a\n', 0, 'nome'],
  ['a file that is no CSV', 'name,article\n"Heart,topic-a\n', 0, 'Quote'],
  ['a file that is too large', `name,article\nHeart,topic-${'a'.repeat(LIMITS.maxListsBytes)}\n`, 0, 'larger'],
])('%s is left out and told of', (_name, content, line, reason) => {
  const { lists, complaints } = read(content);
  expect(lists).toEqual([]);
  expect(complaints).toEqual([{ file: 'lists.csv', line, reason: expect.stringContaining(reason) as unknown }]);
});

test('takes so many lists, and so many articles of each', () => {
  const many = Array.from({ length: LIMITS.maxWardLists + 1 }, (_, at) => `List ${at},topic-a`);
  const long = Array.from({ length: LIMITS.maxHandoutArticles + 1 }, (_, at) => `Long,topic-${at}`);
  expect(read(`name,article\n${many.join('\n')}\n`).lists).toHaveLength(LIMITS.maxWardLists);
  const { lists, complaints } = read(`name,article\n${long.join('\n')}\n`);
  expect([lists[0]?.articles.length, complaints.length]).toEqual([LIMITS.maxHandoutArticles, 1]);
});
