import { expect, test } from '@jest/globals';
import { prepareTitles } from '../../../src/core/titles/prepare-titles.js';
import type { TitleFacts } from '../../../src/core/titles/title-facts.js';

test('what titles are judged by is read part by part, each in a step of its own', () => {
  const read: string[] = [];
  const facts = new Proxy({} as TitleFacts, { get: (_, name) => read.push(String(name)) });
  const steps = prepareTitles(facts);
  steps.next();
  expect(read).toEqual([]);
  for (const expected of ['words', 'stating', 'marks']) {
    steps.next();
    expect(read.at(-1)).toBe(expected);
  }
  // A step a use of each pattern.
  expect([...steps].length).toBeGreaterThan(100);
  expect(read).toHaveLength(3);
});

test('where titles are not judged there is nothing to prepare', () => {
  expect([...prepareTitles(undefined)]).toEqual([]);
});
