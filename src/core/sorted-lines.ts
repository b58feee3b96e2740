/**
 * Returns the value of a key in a table that stays the text that it was read as: there is nothing to load, and a lookup reads some
 * seventeen lines of a hundred thousand. Empty where the key stands alone; undefined: there is no line of it.
 * @param text lines `key,value` or `key`, sorted by key as JavaScript compares texts, no comma in a key; each ends with a line feed
 */
export function findLine(text: string, key: string): string | undefined {
  // Both are where lines begin; the key's line is not before `low`, and begins before `high`.
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = middle === 0 ? 0 : text.lastIndexOf('\n', middle - 1) + 1;
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end);
    const comma = line.indexOf(',');
    const here = comma === -1 ? line : line.slice(0, comma);
    if (here === key) return comma === -1 ? '' : line.slice(comma + 1);
    if (here < key) low = end + 1;
    else high = start;
  }
  return undefined;
}

/** Returns the keys of all lines that have one of some values. Reads the whole text: some milliseconds for several megabytes. */
export function findKeys(text: string, values: readonly string[]): string[] {
  return values.flatMap((value) => {
    const end = `,${value}\n`;
    const keys: string[] = [];
    for (let at = text.indexOf(end); at !== -1; at = text.indexOf(end, at + 1))
      keys.push(text.slice(text.lastIndexOf('\n', at) + 1, at));
    return keys;
  });
}

/** True if a line behind that of `key` begins with `beginning`; lines sorted as for `findLine`, and the beginning no earlier than the key. */
export function hasBeginning(text: string, beginning: string, key: string): boolean {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = middle === 0 ? 0 : text.lastIndexOf('\n', middle - 1) + 1;
    const end = text.indexOf('\n', start);
    const [here = ''] = text.slice(start, end).split(',');
    if (here <= key || here < beginning) low = end + 1;
    else high = start;
  }
  return text.startsWith(beginning, low);
}

/** Words that are tested for. */
export type WordSet = Pick<ReadonlySet<string>, 'has'>;

/** The words of a sorted text, a line each, which ends with a line feed. */
export const toSortedWords = (text: string): WordSet => ({ has: (word) => findLine(text, word) !== undefined });
