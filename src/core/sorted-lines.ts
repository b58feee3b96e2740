/**
 * Returns the value of a key in a table that stays the text that it was read as: there is nothing to load, and a lookup reads some
 * seventeen lines of a hundred thousand. Undefined: it has none.
 * @param text lines `key,value`, sorted by key as JavaScript compares texts, no comma in a key; each ends with a line feed
 */
export function findLine(text: string, key: string): string | undefined {
  // Both are where lines begin; the key's line is not before `low`, and begins before `high`.
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = middle === 0 ? 0 : text.lastIndexOf('\n', middle - 1) + 1;
    const comma = text.indexOf(',', start);
    const here = text.slice(start, comma);
    const end = text.indexOf('\n', comma);
    if (here === key) return text.slice(comma + 1, end);
    if (here < key) low = end + 1;
    else high = start;
  }
  return undefined;
}
