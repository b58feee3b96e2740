import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { SHORT_ILLNESSES } from '../../src/core/charts/choose-pages.js';
import { NEARER_PAGES } from '../../src/core/charts/nearer-pages.js';
import { HIGH_RISK_INGREDIENTS } from '../../src/core/charts/high-risk-drugs.js';
import { WEIGHED_PAGES } from '../../src/core/charts/page-weights.js';
import { PANELS } from '../../src/core/charts/panels.js';
import { FACTS } from './tables.js';

test.each<[string, Iterable<string>]>([
  ['pages that are noise', NEARER_PAGES.keys()],
  ['pages that make them so', [...NEARER_PAGES.values()].flatMap((near) => [...near])],
  ['panels and their parts', PANELS.flat(2)],
  ['short illnesses', SHORT_ILLNESSES],
  ...Object.entries(WEIGHED_PAGES),
])('%s are articles of the catalogue', (_name, ids) => {
  expect([...ids].filter((id) => !FACTS.has(id))).toEqual([]);
});

test('no page makes itself noise, nor one that makes it noise', () => {
  const faults = [...NEARER_PAGES].flatMap(([id, nearer]) =>
    [...nearer].flatMap((near) => (near === id || NEARER_PAGES.get(near)?.has(id) ? [`${id} ${near}`] : [])),
  );
  expect(faults).toEqual([]);
});

test('high-risk ingredients are names of the drug tables', () => {
  const tables = ['names', 'other-names'].map((file) => readFileSync(`resources/drugs/${file}.csv`, 'utf8')).join('\n');
  const known = new Set(tables.split(/\n|,| \/ /));
  expect([...HIGH_RISK_INGREDIENTS].filter((name) => !known.has(name))).toEqual([]);
});
