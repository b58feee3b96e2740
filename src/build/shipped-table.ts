import { readFileSync } from 'node:fs';

/** Splits a line of one of our own tables, whose cells contain no quotes: a quoted cell ends at the next quote. */
export function cellsOfLine(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** The text of one of our own tables below the line that names its columns; each line ends with a line feed. */
export function readRows(path: string): string {
  const text = readFileSync(path, 'utf8');
  return text.slice(text.indexOf('\n') + 1);
}

/** The lines of one of our own tables below the one that names its columns. */
export const readLines = (path: string): string[] => readRows(path).split('\n').slice(0, -1);

/** The rows of one of our own tables, by the names of its columns. */
export function readTable<Row>(path: string): Row[] {
  const [columns = [], ...lines] = readFileSync(path, 'utf8').split('\n').slice(0, -1).map(cellsOfLine);
  return lines.map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])) as Row);
}
