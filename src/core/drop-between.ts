/**
 * A text without its parts from a beginning to the next end, both included; a part without an end stays. Takes one pass, where a pattern
 * with both would search for an end behind each beginning.
 * @param begin finds a beginning, with the flag `g`
 * @param end finds an end, with the flag `g`
 */
export function dropBetween(text: string, begin: RegExp, end: RegExp): string {
  let rest = '';
  let from = 0;
  begin.lastIndex = 0;
  for (let found = begin.exec(text); found; found = begin.exec(text)) {
    end.lastIndex = begin.lastIndex;
    if (!end.test(text)) break;
    rest += text.slice(from, found.index);
    from = end.lastIndex;
    begin.lastIndex = from;
  }
  return rest + text.slice(from);
}
