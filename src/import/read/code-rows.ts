import type { ConceptFacts, CrosswalkFacts } from '../../build/source.js';

/** Rows on codes, while they are collected. */
export interface CodeRows {
  readonly concepts: ConceptFacts[];
  readonly crosswalks: CrosswalkFacts[];
}

/** Turns portions of a file's rows into portions of rows on codes. @param read adds what a row states */
export async function* toCodeRows<Row>(
  portions: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
  read: (row: Row, rows: CodeRows) => void,
): AsyncGenerator<CodeRows> {
  for await (const portion of portions) {
    const rows: CodeRows = { concepts: [], crosswalks: [] };
    for (const row of portion) read(row, rows);
    yield rows;
  }
}

/** The names, each once, without the title. */
export const listOtherNames = (names: readonly string[], title: string): string[] =>
  [...new Set(names)].filter((name) => name !== '' && name !== title);

/** Items per portion. */
const PORTION = 1000;

/** Divides items into portions. */
export function* inPortions<Item>(items: Iterable<Item>): Generator<readonly Item[]> {
  let portion: Item[] = [];
  for (const item of items) {
    if (portion.push(item) < PORTION) continue;
    yield portion;
    portion = [];
  }
  yield portion;
}

/** The parts of a cell that are divided by semicolons. */
export const splitList = (cell: string): string[] =>
  cell
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
