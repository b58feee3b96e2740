import { expect, test } from '@jest/globals';
import type { UseCount } from '../../../src/core/handing-over/record.js';
import { ALL, OTHERS, reportUse, toUseCells, type UseRow } from '../../../src/core/handing-over/use-report.js';

const MONTHS = [{ month: '2026-10', from: 'a', to: 'b' }];
const count = (
  article: string,
  department: string,
  given: number,
  language: UseCount['language'] = 'en',
): UseCount => ({
  article,
  title: `Page on ${article}`,
  department,
  language,
  given,
});

async function report(counts: readonly UseCount[]): Promise<UseRow[]> {
  const rows: UseRow[] = [];
  for await (const row of reportUse({ countArticles: () => Promise.resolve(counts) }, MONTHS)) rows.push(row);
  return rows;
}
const shownOf = ({ given, languages, departments }: UseRow) => [given, ...languages.values(), ...departments.values()];

test('a month by article, language and department, with its sums', async () => {
  const rows = await report([
    count('topic-asthma', '5 West', 30),
    count('topic-asthma', '5 West', 12, 'es'),
    count('topic-asthma', '', 40),
    count('topic-fever', '5 West', 25),
    count('topic-fever', '', 20, 'es'),
  ]);
  expect(rows.map(({ article }) => article)).toEqual([ALL, 'topic-asthma', 'topic-fever']);
  expect(rows.map(shownOf)).toEqual([
    [127, 95, 32, 60, 67],
    [82, 70, 12, 40, 42],
    [45, 25, 20, 20, 25],
  ]);
  expect(rows.flatMap(toUseCells).slice(5, 8)).toEqual([
    ['2026-10', 'topic-asthma', 'Page on topic-asthma', ALL, ALL, 82],
    ['2026-10', 'topic-asthma', 'Page on topic-asthma', ALL, 'en', 70],
    ['2026-10', 'topic-asthma', 'Page on topic-asthma', ALL, 'es', 12],
  ]);
});

test('counts from 1 to 10 are hidden, and no small one follows from the sums', async () => {
  const rows = await report([
    count('topic-asthma', 'A', 30),
    count('topic-asthma', 'B', 3),
    count('topic-asthma', 'C', 20),
    count('topic-fever', 'A', 25),
    count('topic-fever', 'B', 40),
    count('topic-rare', 'A', 4),
  ]);
  const cells = rows.flatMap(shownOf);
  expect(cells.filter((one) => one !== undefined && one > 0 && one < 11)).toEqual([]);
  const hidden = rows.find(({ article }) => article === 'topic-asthma');
  expect([...(hidden?.departments.values() ?? [])].filter((one) => one === undefined).length).toBeGreaterThan(1);
  const lines = rows.slice(1).map(({ given }) => given);
  expect(lines.filter((one) => one === undefined).length).toBeGreaterThan(1);
});

test('a month with few pages has no list of them', async () => {
  expect(await report([count('topic-asthma', 'A', 6), count('topic-hiv', 'B', 3)])).toEqual([
    expect.objectContaining({ article: ALL, given: undefined }),
  ]);
  expect(await report([])).toEqual([]);
});

test('many articles and departments are bounded: those given least are one line', async () => {
  const many = Array.from({ length: 1000 }, (_one, at) =>
    Array.from({ length: 30 }, (_other, ward) => count(`topic-${at}`, `Ward ${ward}`, (at * 7 + ward * 13) % 41)),
  ).flat();
  const rows = await report(many);
  expect(rows).toHaveLength(102);
  expect(rows.some(({ article }) => article === OTHERS)).toBe(true);
  expect(rows[0]?.departments.size).toBe(21);
  expect(rows.flatMap(shownOf).filter((one) => one !== undefined && one > 0 && one < 11)).toEqual([]);
});
