import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

type Tree = { readonly [name: string]: string | Tree };

const keysOf = (tree: Tree, prefix = ''): string[] =>
  Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [prefix + name] : keysOf(value, `${prefix}${name}.`),
  );

const namesIn = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([name]) => name).sort();

function textOf(tree: Tree, key: string): string {
  const found = key
    .split('.')
    .reduce<string | Tree>((at, name) => (typeof at === 'string' ? at : (at[name] ?? '')), tree);
  return typeof found === 'string' ? found : '';
}

const read = (language: string): Tree => JSON.parse(readFileSync(`resources/i18n/${language}.json`, 'utf8')) as Tree;
const [english, spanish] = [read('en'), read('es')];

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => readFileSync(join('src', name), 'utf8'))
  .join('\n');

test('both languages have the same texts, with the same values in them', () => {
  expect(keysOf(spanish).sort()).toEqual(keysOf(english).sort());
  for (const key of keysOf(english)) {
    expect([key, namesIn(textOf(spanish, key))]).toEqual([key, namesIn(textOf(english, key))]);
  }
});

test('every text is used: by its key, or by a key that is put together of a prefix and a name', () => {
  const prefixes = new Set([...sources.matchAll(/[`']([\w.]+\.)\$\{/g)].map(([, prefix = '']) => prefix));
  // A name stands in quotes, or before a colon as the key of a table; some stand in data files.
  const words = new Set([...sources.matchAll(/'([\w-]+)'|\b([\w-]+):/g)].map(([, quoted, key]) => quoted ?? key));
  for (const file of ['charts/rules', 'code-systems/icd-10-cm-chapters'])
    for (const [word] of readFileSync(`resources/${file}.yaml`, 'utf8').matchAll(/[\w-]+/g)) words.add(word);
  const unused = keysOf(english).filter((key) => {
    const [, prefix = '', name = ''] = /^(.*\.)([^.]+)$/.exec(key) ?? [];
    return !sources.includes(`'${key}'`) && !(prefixes.has(prefix) && words.has(name));
  });
  expect(unused).toEqual([]);
});
