/** Splits a line of one of our own tables, whose cells contain no quotes: a quoted cell ends at the next quote. */
export function cellsOfLine(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
