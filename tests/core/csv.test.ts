import { describe, expect, test } from '@jest/globals';
import { csvLine } from '../../src/core/csv.js';
import { parseRecords } from '../../src/build/read-rows.js';

describe('a line of a CSV file', () => {
  test.each([
    ['=cmd|"/c calc"!A1', `"'=cmd|""/c calc""!A1"`],
    ['+1+cmd', "'+1+cmd"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ["'=1", "''=1"],
  ])('marks %j, which a spreadsheet would run', (cell, written) => {
    expect(csvLine([cell])).toBe(`${written}\n`);
  });

  test.each(['E11.9', '-5', '+12.5', "O'Brien's", "'tis", 'a=b', '250.00', '1234-5', ''])(
    'leaves %j as it is',
    (cell) => {
      expect(csvLine([cell])).toBe(`${cell}\n`);
    },
  );

  test('numbers are numbers', () => {
    expect(csvLine([-1, 2, undefined])).toBe('-1,2,\n');
  });

  test('is read back as it was', () => {
    const cells = ['=1', "'=1", "''-x", '-5', "'-5", '@a', "'a", '\t=1', 'a\n=b', '- a note', '+49 30', "'"];
    const columns = cells.map((_cell, index) => `c${index}`);
    const [read] = parseRecords(csvLine(columns) + csvLine(cells));
    expect(Object.values(read?.record ?? {})).toEqual(cells);
  });
});
