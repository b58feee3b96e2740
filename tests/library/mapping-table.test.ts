import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MappingTable } from '../../src/catalogue/releases/mapping-table.js';
import type { StatedMapping } from '../../src/core/codes/terminology-index.js';
import { anyText } from '../support/any-text.js';

const texts = fc.oneof(fc.constantFrom('N53.14', 'a"b', 'back\\slash', '[["x","y"', 'tab\tline\n', '", "'), anyText);
const rows = fc.uniqueArray(
  fc.record({
    system: fc.constantFrom<StatedMapping['system']>('icd-10-cm', 'snomed-ct', 'drug-name'),
    code: texts.filter((text) => text !== ''),
    article: fc.option(
      texts.filter((text) => text !== ''),
      { nil: undefined },
    ),
    relationship: fc.constantFrom<StatedMapping['relationship']>('equivalent', 'broader', 'none'),
    rank: fc.integer({ min: 1, max: 3 }),
    sensitivity: fc.constantFrom<StatedMapping['sensitivity']>('HIV', undefined),
    origin: fc.constant('curated'),
    note: texts,
  }),
  { selector: ({ system, code, article = '' }) => JSON.stringify([system, code, article]), maxLength: 30 },
);

const sorted = (list: readonly StatedMapping[] | undefined) => list?.map((row) => JSON.stringify(row)).sort();

test('a table returns every row by its code, every code in order, and every code of an article, whatever the texts are', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const table = MappingTable.ofRows(all);
      expect(table.size).toBe(all.length);
      for (const { system, code, article } of all) {
        const ofCode = all.filter((row) => row.system === system && row.code === code);
        const found = table.findRows({ system, code });
        expect(sorted(found)).toEqual(sorted(ofCode));
        expect(found?.map(({ rank }) => rank)).toEqual(ofCode.map(({ rank }) => rank).sort());
        expect(table.listCodesAfter(system, '', all.length)).toEqual(
          [...new Set(all.filter((row) => row.system === system).map((row) => row.code))].sort(),
        );
        const behind = table.listCodesAfter(system, code, 2);
        expect(behind).toEqual(
          table
            .listCodesAfter(system, '', all.length)
            .filter((one) => one > code)
            .slice(0, 2),
        );
        expect(table.has({ system, code })).toBe(true);
        if (article === undefined) continue;
        const codes = all
          .filter((row) => row.article === article && row.relationship !== 'none')
          .map((row) => `${row.system} ${row.code} ${row.relationship}`);
        const listed = table.codesTo(article).map((row) => `${row.system} ${row.code} ${row.relationship}`);
        expect(listed.sort()).toEqual(codes.sort());
        expect(table.leadsTo(article)).toBe(true);
      }
    }),
  );
});

test('a table knows nothing of what has no row', () => {
  const table = MappingTable.ofRows([]);
  const nothing = table.findRows({ system: 'icd-10-cm', code: 'I10' });
  expect([
    table.systems,
    nothing,
    table.listCodesAfter('icd-10-cm', '', 9),
    table.codesTo(''),
    table.leadsTo(''),
  ]).toEqual([...[[], undefined, [], [], false]]);
  expect(table.has({ system: 'icd-10-cm', code: 'I10' })).toBe(false);
});
