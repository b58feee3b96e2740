import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** The most files that a recipe touches outside tests and documents. */
const MOST_FILES: Readonly<Record<string, number>> = {
  'A code system': 3,
  'An importer': 2,
  'An output format of the search': 2,
  'A search parameter of articles over FHIR': 2,
  'A protocol': 5,
  'A page': 5,
};

const [, recipes = ''] = readFileSync('CONTRIBUTING.md', 'utf8').split('\n## Recipes\n');
const sections = recipes.split('\n### ').slice(1);
/** The numbered steps of a recipe; what follows them is said beside it. */
const stepsOf = (section: string): string[] => section.split('\n').filter((line) => /^\d\. /.test(line));
const pathsOf = (step: string): string[] =>
  [...step.matchAll(/`((?:src|resources|mappings)\/[^`]+)`/g)].map(([, path = '']) => path);

test('there is a recipe for each of these', () => {
  expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(Object.keys(MOST_FILES));
});

test.each(sections.map((section) => [section.split('\n', 1)[0] ?? '', section]))(
  '%s: its files are there, with what it extends',
  (name, section) => {
    const steps = stepsOf(section);
    expect(new Set(steps.flatMap(pathsOf)).size).toBeLessThanOrEqual(MOST_FILES[name] ?? 0);
    for (const step of steps) {
      for (const path of pathsOf(step)) {
        // A new file has a name of its own, in a folder that is there.
        const isNew = path.includes('<');
        expect([path, existsSync(isNew ? (path.split('<', 1)[0] ?? '').replace(/[^/]*$/, '') : path)]).toEqual([
          path,
          true,
        ]);
        const [, extended] = /`, `(\w+)`/.exec(step) ?? [];
        if (!isNew && extended !== undefined)
          expect([path, readFileSync(path, 'utf8').includes(extended)]).toEqual([path, true]);
      }
    }
  },
);
