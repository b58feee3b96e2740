/** The cells of a line of one of our own tables, whose cells hold no quotes: a quoted one ends at the next. */
export function cellsOfLine(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
