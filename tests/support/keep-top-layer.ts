import { codingKey, type Coding } from '../../src/core/codes/concept.js';
import { LAYERS, type Layer } from '../../src/core/model/library.js';

const findHeight = (layer: Layer): number => LAYERS.length - LAYERS.indexOf(layer);

/** Keeps the rows of each code's highest layer: the higher layer replaces all rows of a code. */
export function keepTopLayer<T extends Coding & { readonly layer: Layer }>(rows: readonly T[]): T[] {
  const [first] = rows;
  if (rows.every(({ layer }) => layer === first?.layer)) return [...rows];
  const top = new Map<string, number>();
  for (const row of rows) {
    const key = codingKey(row);
    top.set(key, Math.max(top.get(key) ?? 0, findHeight(row.layer)));
  }
  return rows.filter((row) => findHeight(row.layer) === top.get(codingKey(row)));
}
