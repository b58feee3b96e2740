import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const modules = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => join('src', path));

test('a name of a type that modules share means one thing', () => {
  const places = new Map<string, string[]>();
  for (const path of modules) {
    const source = readFileSync(path, 'utf8');
    for (const [, name = ''] of source.matchAll(/^export (?:abstract )?(?:interface|type|class) (\w+)/gm)) {
      places.set(name, [...(places.get(name) ?? []), path]);
    }
  }
  expect(places.get('Article')).toHaveLength(1);
  expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
});
