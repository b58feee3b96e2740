import { expect, test } from '@jest/globals';
import { OFFERED, SHORT_ILLNESSES } from '../../src/core/charts/choose-pages.js';
import { NEARER_PAGES } from '../../src/core/charts/cover-pages.js';
import { PANELS } from '../../src/core/charts/panels.js';
import { FACTS } from './tables.js';

test.each<[string, Iterable<string>]>([
  ['pages that are noise', NEARER_PAGES.keys()],
  ['pages that make them so', [...NEARER_PAGES.values()].flatMap((near) => [...near])],
  ['panels and their parts', PANELS.flat(2)],
  ['short illnesses', SHORT_ILLNESSES],
  ['pages that are offered', OFFERED],
])('%s are articles of the catalogue', (_name, ids) => {
  expect([...ids].filter((id) => !FACTS.has(id))).toEqual([]);
});

test('no page makes itself noise, nor one that makes it noise', () => {
  const faults = [...NEARER_PAGES].flatMap(([id, nearer]) =>
    [...nearer].flatMap((near) => (near === id || NEARER_PAGES.get(near)?.has(id) ? [`${id} ${near}`] : [])),
  );
  expect(faults).toEqual([]);
});
