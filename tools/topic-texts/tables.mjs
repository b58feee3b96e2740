import { readFileSync } from 'node:fs';
import { splitWords, joinWords } from './mend.mjs';

/**
 * The tables of texts that have lost them: a line with id and language, then a row a line, its cells divided by bars. The first row is the head,
 * unless a line above it says that each row begins with its own.
 */
export function readTables() {
  const blocks = readFileSync(new URL('tables.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n\n');
  return blocks.map((block) => {
    const [of, ...rows] = block.split('\n');
    const hasRowHeaders = rows[0] === ROW_HEADERS;
    return { of, hasRowHeaders, rows: rows.slice(hasRowHeaders ? 1 : 0).map((row) => row.split(' | ')) };
  });
}

const ROW_HEADERS = '(row headers)';

function buildTable(rows, hasRowHeaders = false) {
  const buildRow = (cells, at) =>
    cells.map((cell, column) => {
      const tag = (hasRowHeaders ? column === 0 : at === 0) ? 'th' : 'td';
      return `<${tag}>${breakCell(cell)}</${tag}>`;
    });
  return `<table>${rows.map((cells, at) => `<tr>${buildRow(cells, at).join('')}</tr>`).join('')}</table>`;
}

/** A list within a cell, whose items are marked by stars, as lines of the cell. */
const breakCell = (cell) => cell.replace(/\s*\*\s*/g, (star, at) => (at === 0 ? '' : '<br />'));

/** Makes tables of neighbouring paragraphs whose cells are divided by bars. */
const makeTables = (html) =>
  html.replace(/(?:<p>(?:(?!<\/p>).)*? \| (?:(?!<\/p>).)*<\/p>){2,}/g, (found) =>
    buildTable([...found.matchAll(/<p>(.*?)<\/p>/g)].map(([, row]) => row.split(' | '))),
  );

/** Puts the cells of a table, which stand one behind the other as paragraphs or within one, into a table. */
function putTable(html, { rows, hasRowHeaders }) {
  const table = buildTable(rows, hasRowHeaders);
  const cells = rows.flat().map((cell) => cell.replace(/(?:^|\s)\*\s/g, ' ').trim());
  const paragraphs = cells.map((cell) => `<p>${cell}</p>`).join('');
  if (html.includes(paragraphs)) return html.replace(paragraphs, table);
  if (/<(?:a|em|strong|table)\b/.test(html.replace(/<table>.*?<\/table>/g, '')))
    throw new Error(`no table ${cells[0]}`);
  // Of several tables the first that is still none.
  const done = html.lastIndexOf('</table>');
  const head = done < 0 ? '' : html.slice(0, done + '</table>'.length);
  const words = splitWords(html.slice(head.length));
  const wanted = cells.join(' ').split(' ');
  const from = words.findIndex((_, at) => wanted.every((word, next) => words[at + next]?.word === word));
  if (from < 0) throw new Error(`no table ${cells[0]}`);
  const rest = words.slice(from + wanted.length);
  if (rest[0] && !rest[0].opens) {
    // Text behind a table within its last cell is a paragraph, or the question that is the next heading.
    const end = rest.findIndex(({ word }) => /[.?!:]$/.test(word));
    const isQuestion = rest[end]?.word.endsWith('?');
    rest[0].opens = { kind: isQuestion ? 'h3' : 'p', depth: 0 };
    if (isQuestion && rest[end + 1]) rest[end + 1].opens ??= { kind: 'p', depth: 0 };
  }
  return head + joinWords(words.slice(0, from)) + table + joinWords(rest);
}

/** A text with its tables. @param tables those of `readTables` */
export function mendTables({ id, language, html }, tables) {
  const own = tables.filter(({ of }) => of === `${id} ${language}`);
  return own.reduce(putTable, makeTables(html));
}
