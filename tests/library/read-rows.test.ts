import { describe, expect, test } from '@jest/globals';
import { parseRecords } from '../../src/build/read-rows.js';
import { MOST_GROWTH, growthOf } from '../support/growth.js';

const linesOf = (text: string): (number | string)[] =>
  parseRecords(text).map(({ line, fault, record }) => (fault === undefined ? `${line} ${record.a ?? ''}` : line));
const several = (count: number, line: string): string => `${line}\n`.repeat(count);

describe('records are the same, however many lines are parsed at once', () => {
  test('behind a wrong quote, a cell of very many lines', () => {
    const long = `"${several(500, 'x')}"`;
    const text = `a,b\n1,2\nwrong"\n${long},y\n3,4\nwrong"\n${several(100, '5,6')}${long},z\n7,8`;
    const cell = several(500, 'x');
    const fives = Array.from({ length: 100 }, (_one, index) => `${index + 507} 5`);
    expect(linesOf(text)).toEqual(['2 1', 3, `4 ${cell}`, '505 3', 506, ...fives, `607 ${cell}`, '1108 7']);
  });

  test('a quote that is never closed costs its own line, however long the rest is', () => {
    const text = `a,b\nwrong"\n"open,1\n${several(200, '5,6')}`;
    const records = parseRecords(text);
    expect(records.filter(({ fault }) => fault !== undefined).map(({ line }) => line)).toEqual([2, 3]);
    expect(records).toHaveLength(202);
    expect(records.at(-1)).toEqual({ line: 203, record: { a: '5', b: '6' } });
  });

  test('empty lines behind a wrong quote are counted', () => {
    expect(linesOf(`a\n\nwrong"\n\n\n1\n\n${several(40, '')}2\n`)).toEqual([3, '6 1', '48 2']);
  });
});

test('a file with a wrong quote on each line is read in a time that grows with its length', async () => {
  const line = 'a"b'.padEnd(4000, 'x');
  const growth = await growthOf(2000, (lines) => {
    expect(parseRecords(`a,b\n${several(lines, line)}`)).toHaveLength(lines);
  });
  // Parsing all of the rest anew for each line takes some fifty times as long for eight times the lines.
  expect(growth).toBeLessThan(MOST_GROWTH);
});
