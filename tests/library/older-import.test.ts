import { expect, test } from '@jest/globals';
import { chooseSummary } from '../../src/catalogue/layered-articles.js';

const shipped = { layer: 'starter', summary: { html: '<p>Shipped.</p>', on: '2026-04-24' } } as const;
const imported = (on: string) => ({ layer: 'imported', summary: { html: '<p>Imported.</p>', on } }) as const;
const OWN = { layer: 'local', summary: { html: '<p>Our own.</p>', on: undefined } } as const;
const NONE = { layer: 'local', summary: undefined } as const;

test.each([
  ['a newer import', [shipped, imported('2026-11-21')], 'Imported'],
  ['an import of the same day', [shipped, imported('2026-04-24')], 'Imported'],
  ['an import that is older than what ships', [shipped, imported('2025-11-21')], 'Shipped'],
  ['an import alone', [imported('2012-07-21')], 'Imported'],
  ["a site's own words", [shipped, imported('2026-11-21'), OWN], 'Our own'],
  ['a layer that says nothing of it', [shipped, NONE], 'Shipped'],
])('%s: the summary that counts', (_what, versions, words) => {
  expect(chooseSummary(versions)?.html).toBe(`<p>${words}.</p>`);
});
