/**
 * A table that stays the text that it was read as: lines `key,value` or `key` alone, sorted by key as JavaScript compares texts, no comma
 * in a key. There is nothing to load, and a lookup reads some seventeen lines of a hundred thousand.
 */
export class SortedLines {
  readonly #text: string;

  /** @param text without a header; each line ends with a line feed */
  constructor(text: string) {
    this.#text = text;
  }

  /** Whether it has a line of a key. */
  has(key: string): boolean {
    return this.find(key) !== undefined;
  }

  /** Returns the value of a key, empty where the key stands alone; undefined: there is no line of it. */
  find(key: string): string | undefined {
    const text = this.#text;
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
}
