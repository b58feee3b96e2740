import { describe, expect, test } from '@jest/globals';
import { isCodeSystemId } from '../../src/core/codes/code-systems.js';
import type { CodeSystemId } from '../../src/core/codes/code-systems.js';
import { normalizeCode } from '../../src/core/codes/normalize-code.js';
import type { MappingLine } from './tables.js';
import { CROSSWALKS, ENGLISH, MAPPINGS, ROWS_OF, answering, name } from './tables.js';

const MOST_ROWS = 6;
const RELATIONSHIPS = ['equivalent', 'broader', 'narrower', 'related', 'none'];
const ORIGINS = ['curated', 'candidate-checked', 'recalled'];
const SENSITIVITIES = ['', 'HIV', 'STD', 'PSY', 'ETH', 'SDV', 'SEX', 'GDIS', 'TBOO'];

const failing = (isWrong: (row: MappingLine) => boolean): string[] => MAPPINGS.filter(isWrong).map(name);

describe('every mapping row', () => {
  test('is there at all', () => {
    expect(new Set(MAPPINGS.map(({ system }) => system))).toContain('icd-10-cm');
    expect(new Set(MAPPINGS.map(({ article }) => article)).size).toBeGreaterThan(250);
  });

  test('is in a file named after a code system', () => {
    expect(failing(({ system }) => !isCodeSystemId(system))).toEqual([]);
  });

  test('points to an article that has an English text, or says none', () => {
    expect(failing(({ article, relationship }) => !ENGLISH.has(article) && relationship !== 'none')).toEqual([]);
  });

  test('holds a code as its system writes it', () => {
    expect(failing(({ system, code }) => normalizeCode(system as CodeSystemId, code) !== code)).toEqual([]);
  });

  test('holds values that the tables know', () => {
    expect(
      failing(
        ({ relationship, origin, sensitivity }) =>
          !RELATIONSHIPS.includes(relationship) || !ORIGINS.includes(origin) || !SENSITIVITIES.includes(sensitivity),
      ),
    ).toEqual([]);
  });

  test('names no path of a machine and no address in its note', () => {
    expect(failing(({ note }) => /https?:|\/(home|tmp|work)\//.test(note))).toEqual([]);
  });
});

describe('the rows of a code', () => {
  const codes = [...ROWS_OF.values()];
  const failingCodes = (isWrong: (rows: readonly MappingLine[]) => boolean): string[] =>
    codes.filter(isWrong).map((rows) => rows.map(name).join('; '));

  test('name an article once', () => {
    expect(failingCodes((rows) => new Set(rows.map(({ article }) => article)).size < rows.length)).toEqual([]);
  });

  test('are six at most', () => {
    expect(failingCodes((rows) => rows.length > MOST_ROWS)).toEqual([]);
  });

  test('are ranked from 1 without a gap', () => {
    const ranks = (rows: readonly MappingLine[]): string =>
      rows
        .map(({ rank }) => Number(rank))
        .sort((a, b) => a - b)
        .join();
    const expected = (rows: readonly MappingLine[]): string => rows.map((_row, index) => index + 1).join();
    expect(
      failingCodes((rows) => rows.every(({ article }) => article !== '') && ranks(rows) !== expected(rows)),
    ).toEqual([]);
  });

  test('stand in one order by relationship and by rank, which is how they are shown', () => {
    const order = (rows: readonly MappingLine[]): string =>
      [...rows]
        .sort((a, b) => Number(a.rank) - Number(b.rank))
        .map(({ relationship }) => RELATIONSHIPS.indexOf(relationship))
        .join('');
    expect(failingCodes((rows) => order(rows) !== order(rows).split('').sort().join(''))).toEqual([]);
  });

  test('say none alone, without an article or a rank, and with a reason', () => {
    const isBad = ({ article, rank, note }: MappingLine): boolean => article !== '' || rank !== '' || note === '';
    expect(
      failingCodes((rows) => {
        const none = rows.filter(({ relationship }) => relationship === 'none');
        return none.length > 0 && (rows.length > 1 || none.some(isBad));
      }),
    ).toEqual([]);
  });

  test('do not repeat what the code would inherit anyway', () => {
    const inherited: Record<string, string> = { equivalent: 'broader', narrower: 'related' };
    const signature = (rows: readonly MappingLine[], isInherited: boolean): string =>
      [...rows]
        .sort((a, b) => Number(a.rank) - Number(b.rank))
        .map(({ article, relationship, sensitivity, note }) =>
          relationship === 'none'
            ? note
            : [article, isInherited ? (inherited[relationship] ?? relationship) : relationship, sensitivity].join(),
        )
        .join('|');
    expect(
      failingCodes((rows) => {
        const [first] = rows;
        const above = first ? answering(first.system, first.code, false) : [];
        return above.length > 0 && signature(rows, false) === signature(above, true);
      }),
    ).toEqual([]);
  });
});

describe('every crosswalk row', () => {
  const failingRows = (isWrong: (row: (typeof CROSSWALKS)[number]) => boolean): string[] =>
    CROSSWALKS.filter(isWrong).map(({ file, line, code, target }) => `${file}:${line} ${code} → ${target}`);

  test('is between two code systems, its codes written as they write them', () => {
    const isWrong = (system: string, code: string): boolean =>
      !isCodeSystemId(system) || normalizeCode(system, code) !== code;
    expect(failingRows(({ from, to, code, target }) => isWrong(from, code) || isWrong(to, target))).toEqual([]);
  });

  test('leads to a code that is answered or led on, and never to itself', () => {
    const leadOn = new Set(CROSSWALKS.map(({ from, code }) => `${from}|${code}`));
    expect(
      failingRows(
        ({ from, to, code, target }) =>
          `${from}|${code}` === `${to}|${target}` ||
          (answering(to, target).length === 0 && !leadOn.has(`${to}|${target}`)),
      ),
    ).toEqual([]);
  });

  test('is there once', () => {
    const keys = CROSSWALKS.map(({ file, code, target }) => `${file} ${code} ${target}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});
