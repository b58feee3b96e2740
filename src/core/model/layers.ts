import { LAYERS, type Layer } from './library.js';

const findHeight = (layer: Layer): number => LAYERS.length - LAYERS.indexOf(layer);

/** Merges versions of one thing field by field: the highest layer with a value wins. */
export function mergeFields<T extends object>(
  versions: readonly { readonly layer: Layer; readonly fields: Partial<T> }[],
): Partial<T> {
  const merged: Partial<T> = {};
  for (const { fields } of [...versions].sort((a, b) => findHeight(a.layer) - findHeight(b.layer))) {
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) Object.assign(merged, { [name]: value });
    }
  }
  return merged;
}
