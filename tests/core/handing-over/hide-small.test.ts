import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addLines, hideSmall, type DividedLine, type HiddenLine } from '../../../src/core/handing-over/hide-small.js';

const WIDTHS = [3, 3, 5];

/** Row echelon form by fractions: which unknowns do the equations determine? An independent way to the answer: no graph. */
function listDetermined(equations: readonly (readonly number[])[], unknowns: number): Set<number> {
  const rows = equations.map((row) => [...row]);
  let rank = 0;
  for (let column = 0; column < unknowns; column += 1) {
    const at = rows.findIndex((row, place) => place >= rank && Math.abs(row[column] ?? 0) > 1e-9);
    if (at < 0) continue;
    [rows[rank], rows[at]] = [rows[at] ?? [], rows[rank] ?? []];
    const pivot = rows[rank] ?? [];
    const factor = pivot[column] ?? 1;
    rows[rank] = pivot.map((value) => value / factor);
    for (const [place, row] of rows.entries()) {
      const times = row[column] ?? 0;
      if (place !== rank && Math.abs(times) > 1e-9)
        rows[place] = row.map((value, k) => value - times * (rows[rank]?.[k] ?? 0));
    }
    rank += 1;
  }
  const single = rows.flatMap((row) => {
    const places = row.flatMap((value, at) => (Math.abs(value) > 1e-9 ? at : []));
    return places.length === 1 ? (places[0] ?? []) : [];
  });
  return new Set(single);
}

/** All cells of a table in one list, with the equations between those that are hidden. */
function audit(truth: readonly DividedLine[], shown: readonly HiddenLine[]) {
  const flat = ({ all, divisions }: DividedLine | HiddenLine) => [all, ...divisions.flat()];
  const counts = truth.flatMap(flat);
  const hidden = shown.flatMap(flat).flatMap((cell, at) => (cell === undefined ? at : []));
  const width = flat(truth[0] as DividedLine).length;
  const sums: number[][] = [];
  const equation = (plus: readonly number[], minus: number): void => {
    sums.push(hidden.map((at) => (plus.includes(at) ? 1 : at === minus ? -1 : 0)));
  };
  for (const row of truth.keys()) {
    let place = row * width + 1;
    for (const parts of WIDTHS) {
      equation(
        Array.from({ length: parts }, (_none, k) => place + k),
        row * width,
      );
      place += parts;
    }
  }
  const total = truth.length - 1;
  for (let column = 0; column < width; column += 1)
    equation(
      Array.from({ length: total }, (_none, row) => row * width + column),
      total * width + column,
    );
  const determined = [...listDetermined(sums, hidden.length)].map((at) => hidden[at] ?? 0);
  return { counts, hidden, determined };
}

const cell = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 60 }));

/** A line: all of it divided three times. */
const line = fc
  .tuple(
    fc.array(cell, { minLength: 3, maxLength: 3 }),
    fc.array(fc.nat(5), { minLength: 3, maxLength: 3 }),
    fc.array(fc.nat(5), { minLength: 5, maxLength: 5 }),
  )
  .map(([first, ...weights]): DividedLine => {
    const all = first.reduce((sum, one) => sum + one, 0);
    const share = (some: readonly number[]): number[] => {
      const whole = some.reduce((sum, one) => sum + one, 0) || 1;
      const parts = some.map((one) => Math.floor((all * one) / whole));
      const rest = all - parts.reduce((sum, one) => sum + one, 0);
      return parts.with(0, (parts[0] ?? 0) + rest);
    };
    return { all, divisions: [first, ...weights.map(share)] };
  });

test('no count from 1 to 10 is shown, or follows from what is shown', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 7 }), (lines) => {
      const filled = lines.filter(({ all }) => all > 0);
      fc.pre(filled.length > 0);
      const { sum, lines: shown } = hideSmall(filled);
      const { counts, hidden, determined } = audit([...filled, addLines(filled)], [...shown, sum]);
      const isHidden = new Set(hidden);
      const small = counts.flatMap((count = 0, at) => (count > 0 && count < 11 ? at : []));
      expect(small.filter((at) => !isHidden.has(at))).toEqual([]);
      expect(determined.filter((at) => small.includes(at))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

const of = (...parts: readonly number[]): DividedLine => ({
  all: parts.reduce((sum, one) => sum + one, 0),
  divisions: [parts],
});

test.each([
  ['nothing is hidden without need', [of(20, 0, 0), of(15, 12, 0)], '47: 35 12 0 | 20: 20 0 0 | 27: 15 12 0'],
  ['a small one takes the next with it', [of(30, 12, 3)], '45: 30 - - | 45: 30 - -'],
  [
    'a small department takes the smallest other',
    [of(3, 0, 0), of(20, 0, 0), of(40, 0, 0)],
    '63: 63 0 0 | -: - - - | -: - - - | 40: 40 0 0',
  ],
  ['a small whole is hidden whole', [of(4, 0, 0), of(3, 0, 0)], '-: - - - | -: - - - | -: - - -'],
])('%s', (_name, lines, expected) => {
  const { sum, lines: shown } = hideSmall(lines);
  const write = ({ all, divisions }: HiddenLine): string =>
    `${all ?? '-'}: ${divisions
      .flat()
      .map((count) => count ?? '-')
      .join(' ')}`;
  expect([sum, ...shown].map(write).join(' | ')).toBe(expected);
});
