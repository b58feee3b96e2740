import type { Block, Cell, Run } from './rich-text.js';
import type { StructureElement } from './tagged-document.js';
import type { TaggedPdf } from './tagged-pdf.js';

/** Distances in points between columns, and above and below the text of a row. */
const [GAP, PADDING] = [10, 3];
/** Shares of a page: a table of at most the first is not divided, and a row of at most the second stands on one page. */
const [WHOLE, MOST_ROW] = [0.25, 0.5];

export type Table = Extract<Block, { kind: 'table' }>;

/** Part of the width of a page, in points from its side margins, and the element that the text belongs to. */
export interface Region {
  readonly size: number;
  readonly lang: string | undefined;
  readonly parent: StructureElement;
  readonly indent?: number;
  readonly keepRight?: number;
  /** Whether paragraphs stand close to each other. */
  readonly isTight?: boolean;
}

/** Printing and measuring of what stands in a cell. */
export interface CellPrinter {
  readonly print: (blocks: readonly Block[], region: Region) => void;
  /** In points. */
  readonly measure: (blocks: readonly Block[], region: Region) => number;
}

/** A cell with its first column, counted from 0. */
interface PlacedCell {
  readonly cell: Cell;
  readonly column: number;
}

interface Row {
  readonly cells: readonly (PlacedCell & { readonly region: Omit<Region, 'parent'> })[];
  /** In points. */
  readonly height: number;
}

/** Places cells in columns: one that reaches over several rows leaves its columns empty in the later ones. */
function placeCells(rows: Table['rows']): PlacedCell[][] {
  const spanned: number[] = [];
  return rows.map((row) => {
    let column = 0;
    const placed = row.map((cell) => {
      while ((spanned[column] ?? 0) > 0) column += 1;
      const at = column;
      for (; column < at + cell.columns; column += 1) spanned[column] = cell.rows;
      return { cell, column: at };
    });
    for (const [index, count = 0] of spanned.entries()) spanned[index] = count - 1;
    return placed;
  });
}

/** Lines of text in blocks. */
const listTexts = (blocks: readonly Block[]): (readonly Run[])[] =>
  blocks.flatMap((block) => {
    if (block.kind === 'list') return block.items.flatMap(listTexts);
    return block.kind === 'table' ? block.rows.flat().flatMap((cell) => listTexts(cell.blocks)) : [block.runs];
  });

/**
 * Widths of columns in points: as wide as their text, or as it can be if all is wider than the page.
 * @returns undefined where the longest words have no room beside each other
 */
function findWidths(pdf: TaggedPdf, placed: readonly PlacedCell[][], size: number, room: number): number[] | undefined {
  const [least, wished]: [number[], number[]] = [[], []];
  for (const { cell, column } of placed.flat()) {
    least[column] ??= 0;
    wished[column] ??= 0;
    if (cell.columns > 1) continue;
    // A list's items are behind their bullets.
    const bullet = cell.blocks.some(({ kind }) => kind === 'list') ? 2 * size : 0;
    for (const runs of listTexts(cell.blocks)) {
      const { longestWord, whole } = pdf.widthsOf(runs, size);
      least[column] = Math.max(least[column] ?? 0, longestWord + bullet);
      wished[column] = Math.max(wished[column] ?? 0, whole + bullet);
    }
  }
  const columns = Math.max(...placed.flat().map(({ cell, column }) => column + cell.columns));
  // A table of one column is text in a frame.
  if (columns < 2) return undefined;
  const all = Array.from({ length: columns }, (_, at) => [least[at] ?? 0, wished[at] ?? 0] as const);
  const sum = (index: 0 | 1): number => all.reduce((total, one) => total + one[index], 0);
  const free = room - (columns - 1) * GAP - sum(0);
  if (free < 0) return undefined;
  const share = Math.min(1, free / Math.max(1, sum(1) - sum(0)));
  return all.map(([small, large]) => small + share * (large - small));
}

/** Rows with the regions of their cells; undefined if the table has no room beside or on a page. */
function layOut(pdf: TaggedPdf, { rows }: Table, region: Region, { measure }: CellPrinter): Row[] | undefined {
  const { size, indent = 0, keepRight = 0, isTight } = region;
  // A table within a cell is text: each level would be measured once more for each level above it.
  if (isTight) return undefined;
  const room = pdf.width - indent - keepRight;
  const placed = placeCells(rows);
  const widths = findWidths(pdf, placed, size, room);
  if (!widths) return undefined;
  const startOf = (column: number): number => widths.slice(0, column).reduce((sum, width) => sum + width + GAP, indent);
  const laid = placed.map((row) => {
    const cells = row.map(({ cell, column }) => {
      const [from, to] = [startOf(column), startOf(column + cell.columns) - GAP];
      // A hair's breadth, so that a text as wide as its column is one line.
      return { cell, column, region: { ...region, isTight: true, indent: from, keepRight: pdf.width - to - 0.01 } };
    });
    const heights = cells.map(({ cell, region: own }) => measure(cell.blocks, { ...own, parent: region.parent }));
    return { cells, height: Math.max(0, ...heights) + 2 * PADDING };
  });
  return laid.some(({ height }) => height > pdf.room * MOST_ROW) ? undefined : laid;
}

const isHeaderRow = ({ cells }: Row): boolean => cells.every(({ cell }) => cell.isHeader);

/** Points from the start of a table that must be on one page: a short one as a whole, else its head and its first row. */
function leadOf(pdf: TaggedPdf, rows: readonly Row[]): number {
  const sum = (some: readonly Row[]): number => some.reduce((total, { height }) => total + height, 0);
  const whole = sum(rows);
  return whole <= pdf.room * WHOLE ? whole : sum(rows.slice(0, 2));
}

/** Points from the start of a table that must be on one page, also where its cells are text. */
export function measureTableLead(pdf: TaggedPdf, table: Table, region: Region, printer: CellPrinter): number {
  const rows = layOut(pdf, table, region, printer);
  return rows ? leadOf(pdf, rows) : printer.measure(table.rows[0]?.[0]?.blocks ?? [], region);
}

/** Points that a table takes. */
export function measureTable(pdf: TaggedPdf, table: Table, region: Region, printer: CellPrinter): number {
  const rows = layOut(pdf, table, region, printer);
  if (rows) return rows.reduce((sum, { height }) => sum + height, region.size / 2);
  return table.rows.flat().reduce((sum, { blocks }) => sum + printer.measure(blocks, region), 0);
}

/** Opens the element of a cell (ISO 32000-1 section 14.8.4.3.4), whose attributes say what it heads and how far it reaches. */
function openCell(
  pdf: TaggedPdf,
  { cell, column }: PlacedCell,
  isHead: boolean,
  row: StructureElement,
): StructureElement {
  const scope = isHead || column > 0 ? 'Column' : 'Row';
  const element = pdf.open(cell.isHeader ? 'TH' : 'TD', row, cell.isHeader ? { scope } : {});
  const spans = { ...(cell.columns > 1 && { ColSpan: cell.columns }), ...(cell.rows > 1 && { RowSpan: cell.rows }) };
  const data = element.dictionary?.data;
  if (data && Object.keys(spans).length > 0) data['A'] = { ...(data['A'] as object | undefined), O: 'Table', ...spans };
  return element;
}

function drawRule(pdf: TaggedPdf, { indent = 0 }: Region, rows: readonly Row[], thickness: number): void {
  const right = Math.min(...rows.flatMap(({ cells }) => cells.map(({ region }) => region.keepRight ?? 0)));
  pdf.artifact((document, left, top) => {
    document
      .lineWidth(thickness)
      .moveTo(left + indent, top)
      .lineTo(left + pdf.width - right, top)
      .stroke('#555');
  });
}

/**
 * Prints a table: rows with rules between them. Where its columns have no room beside each other, each cell's text stands below the one
 * before.
 */
export function printTable(pdf: TaggedPdf, table: Table, region: Region, printer: CellPrinter): void {
  const rows = layOut(pdf, table, region, printer);
  if (!rows) {
    for (const { blocks } of table.rows.flat()) printer.print(blocks, region);
    return;
  }
  pdf.ensure(leadOf(pdf, rows));
  const element = pdf.open('Table', region.parent);
  for (const row of rows) {
    pdf.ensure(row.height);
    drawRule(pdf, region, rows, 0.5);
    const top = pdf.y;
    const rowElement = pdf.open('TR', element);
    for (const placed of row.cells) {
      pdf.y = top + PADDING;
      const parent = openCell(pdf, placed, isHeaderRow(row), rowElement);
      printer.print(placed.cell.blocks, { ...placed.region, parent });
      parent.end();
    }
    rowElement.end();
    pdf.y = top + row.height;
    if (isHeaderRow(row)) drawRule(pdf, region, rows, 1);
  }
  element.end();
  drawRule(pdf, region, rows, 0.5);
  pdf.y += region.size / 2;
}
