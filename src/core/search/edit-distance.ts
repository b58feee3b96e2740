/**
 * Number of edits (insert, delete, substitute, transpose neighbours) between two words (optimal string alignment).
 * @param most larger distances are not measured and returned as `most + 1`
 */
export function editDistance(a: string, b: string, most = Math.max(a.length, b.length)): number {
  const shorter = Math.min(a.length, b.length);
  if (Math.max(a.length, b.length) - shorter > most) return most + 1;
  // Skips the common prefix and suffix.
  let start = 0;
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  let end = 0;
  while (end < shorter - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end += 1;
  return measureDistance(a.slice(start, a.length - end), b.slice(start, b.length - end), most);
}

/** Three rows of distances, used again by every comparison: a word is compared with thousands. */
let rows = createRows(1);

function createRows(length: number): [Uint16Array, Uint16Array, Uint16Array] {
  return [new Uint16Array(length), new Uint16Array(length), new Uint16Array(length)];
}

function measureDistance(a: string, b: string, most: number): number {
  if (rows[0].length <= b.length + 1) rows = createRows(2 * b.length + 2);
  let [before, above, current] = rows;
  for (let column = 0; column <= b.length; column += 1) above[column] = column;
  for (let row = 1; row <= a.length; row += 1) {
    const [letter, last] = [a.charCodeAt(row - 1), a.charCodeAt(row - 2)];
    // Cells further from the diagonal than `most` are more edits away than that: they are not computed.
    const [from, to] = [Math.max(1, row - most), Math.min(b.length, row + most)];
    current[from - 1] = from === 1 ? row : most + 1;
    let least = current[from - 1] ?? 0;
    for (let column = from; column <= to; column += 1) {
      const other = b.charCodeAt(column - 1);
      const change = (above[column - 1] ?? 0) + (letter === other ? 0 : 1);
      let cost = Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const isSwap = row > 1 && column > 1 && last === other && letter === b.charCodeAt(column - 2);
      if (isSwap) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current[column] = cost;
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    current[to + 1] = most + 1;
    [before, above, current] = [above, current, before];
  }
  return Math.min(above[b.length] ?? 0, most + 1);
}

/** Whether two words differ in two letters alone that have changed places, wherever these are: `metmorfina`, `metformina`. */
export function isExchanged(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  let to = a.length - 1;
  while (to > from && a[to] === b[to]) to -= 1;
  return from < to && a[from] === b[to] && a[to] === b[from] && a.slice(from + 1, to) === b.slice(from + 1, to);
}
