import type { Block, Run, TableCell } from './rich-text.js';
import type { StructureElement, StructureType } from './tagged-document.js';
import type { TaggedPdf, TextStyle } from './tagged-pdf.js';

/** Indent of text after a bullet, in points per point of font size. */
const INDENT_PER_POINT = 1.5;
/** Lines of a list that stay with the sentence that opens it; a list of few more stays together. */
const FIRST_LINES = 2.5;
const WHOLE_LINES = 6;

/** Rows of more columns, and higher ones, have their cells one below the other: a layout and no table. */
const MOST_COLUMNS = 6;
const MOST_ROW_HEIGHT = 400;
/** Points between columns. */
const GAP = 8;
/** Space that a row has to spare for each block, in points per point of font size. */
const SPACE = 0.7;

interface Place {
  /** Font size in points. */
  readonly size: number;
  readonly lang: string | undefined;
  readonly parent: StructureElement;
  readonly indent?: number;
  /** Points left free at the right. */
  readonly keepRight?: number;
}

type List = Extract<Block, { kind: 'list' }>;
type Table = Extract<Block, { kind: 'table' }>;

/** Headings within an article are below its own (H2), without skipped levels. */
function chooseHeading(level: number, highest: number, hasHighest: boolean): StructureType {
  return level > highest && hasHighest ? 'H4' : 'H3';
}

const deepen = ({ indent = 0, ...place }: Place): Place => ({
  ...place,
  indent: indent + place.size * INDENT_PER_POINT,
});

const styleHeading = ({ size, indent = 0, keepRight = 0, lang }: Place): TextStyle => ({
  size: size * 1.1,
  before: size * 0.5,
  after: 2,
  indent,
  keepRight,
  lang,
});

const styleText = ({ size, indent = 0, keepRight = 0, lang }: Place, isItem: boolean): TextStyle => ({
  size,
  after: size * (isItem ? 0.2 : 0.5),
  indent,
  keepRight,
  lang,
});

const toBold = (runs: readonly Run[]): Run[] => runs.map((run) => ({ ...run, isBold: true }));

/** Points that the first items of a list take at least, or all of a short one. */
function measureList(pdf: TaggedPdf, { items }: List, place: Place): number {
  const line = pdf.heightOf([{ text: 'x' }], styleText(place, true));
  let [all, first] = [0, 0];
  for (const blocks of items) {
    all += measureLead(pdf, blocks, deepen(place), true);
    if (first < FIRST_LINES * line) first = all;
    if (all > WHOLE_LINES * line) return first;
  }
  return all;
}

/** Points from the start of blocks that must be on one page: a heading with its text, a sentence with the list that it opens. */
export function measureLead(pdf: TaggedPdf, blocks: readonly Block[], place: Place, isItem = false): number {
  const [first, ...rest] = blocks;
  if (!first) return 0;
  if (first.kind === 'list') return measureList(pdf, first, place);
  if (first.kind === 'table') return 3 * pdf.heightOf([{ text: 'x' }], styleText(place, false));
  if (first.kind === 'heading')
    return pdf.heightOf(toBold(first.runs), styleHeading(place)) + measureLead(pdf, rest, place);
  const style = styleText(place, isItem);
  const opened = rest[0];
  return opened?.kind === 'list'
    ? pdf.heightOf(first.runs, style) + measureList(pdf, opened, place)
    : pdf.leadOf(first.runs, style);
}

function printList(pdf: TaggedPdf, list: List, place: Place): void {
  const { size, parent, indent = 0 } = place;
  const element = pdf.open('L', parent);
  for (const [index, blocks] of list.items.entries()) {
    const inner = deepen(place);
    // The last item is not alone on a page.
    if (index > 0 && index === list.items.length - 2) {
      pdf.ensure(
        pdf.heightOf(blocks.flatMap(getRuns), styleText(inner, true)) +
          measureLead(pdf, list.items[index + 1] ?? [], inner, true),
      );
    }
    const item = pdf.open('LI', element);
    const text = list.isOrdered ? `${index + 1}. ` : '• ';
    const label = { text, indent: indent + size * 0.4, element: pdf.open('Lbl', item) };
    const body = pdf.open('LBody', item);
    printBlocks(pdf, blocks, { ...inner, parent: body }, label);
    label.element.end();
    body.end();
    item.end();
  }
  element.end();
  if (indent === 0) pdf.y += size * 0.4;
}

const getRuns = (block: Block): readonly Run[] => (block.kind === 'list' || block.kind === 'table' ? [] : block.runs);

/** Points that blocks take at most. */
function measureBlocks(pdf: TaggedPdf, blocks: readonly Block[], place: Place): number {
  const { size } = place;
  let height = 0;
  for (const block of blocks) {
    if (block.kind === 'table') return Infinity;
    if (block.kind === 'list') {
      for (const item of block.items) height += measureBlocks(pdf, item, deepen(place));
      height += size;
      continue;
    }
    const isHeading = block.kind === 'heading';
    const runs = isHeading ? toBold(block.runs) : block.runs;
    height += pdf.heightOf(runs, isHeading ? styleHeading(place) : styleText(place, false)) + SPACE * size;
  }
  return height;
}

/** Places of a row's cells beside each other; undefined: one below the other. */
function placeCells(pdf: TaggedPdf, row: readonly TableCell[], columns: number, place: Place): Place[] | undefined {
  const { indent = 0, keepRight = 0 } = place;
  if (columns > MOST_COLUMNS || row.length < 2) return undefined;
  const width = (pdf.width - indent - keepRight) / columns;
  let column = 0;
  const places = row.map((cell): Place => {
    const left = indent + column * width;
    column += cell.columns;
    return { ...place, indent: left, keepRight: Math.max(0, pdf.width - left - cell.columns * width + GAP) };
  });
  const height = Math.max(...row.map(({ blocks }, at) => measureBlocks(pdf, blocks, places[at] ?? place)));
  if (height > MOST_ROW_HEIGHT) return undefined;
  pdf.ensure(height);
  return places;
}

const countColumns = (row: readonly TableCell[]): number => row.reduce((sum, { columns }) => sum + columns, 0);

/**
 * Prints a table: cells beside each other, in the order of rows, tagged as table, rows and cells. A table of one column is text in a frame,
 * and no table. A row that is too high for that has its cells one below the other.
 */
function printTable(pdf: TaggedPdf, { rows }: Table, place: Place): void {
  const columns = Math.max(...rows.map(countColumns));
  if (columns === 1) {
    for (const row of rows) for (const { blocks } of row) printBlocks(pdf, blocks, place);
    return;
  }
  const table = pdf.open('Table', place.parent);
  for (const row of rows) {
    const places = placeCells(pdf, row, columns, place);
    const element = pdf.open('TR', table);
    const [top, pages] = [pdf.y, pdf.pages];
    let bottom = top;
    for (const [at, { isHeader, columns: span, blocks }] of row.entries()) {
      // Cells that did not fit after all continue below what is printed.
      if (places && pdf.pages === pages) pdf.y = top;
      const cell = pdf.openCell(isHeader ? 'TH' : 'TD', element, span);
      printBlocks(pdf, blocks, { ...(places?.[at] ?? place), parent: cell });
      cell.end();
      bottom = pdf.pages === pages ? Math.max(bottom, pdf.y) : pdf.y;
    }
    pdf.y = bottom;
    element.end();
    pdf.rule({ before: 1, after: 3, from: place.indent ?? 0 });
  }
  table.end();
}

type Label = { readonly text: string; readonly element: StructureElement; readonly indent: number };

/** Prints an article's text: headings, paragraphs, lists. @param label of the item of a list that the text is in */
export function printBlocks(pdf: TaggedPdf, blocks: readonly Block[], place: Place, label?: Label): void {
  const { parent } = place;
  const highest = Math.min(...blocks.flatMap((block) => (block.kind === 'heading' ? [block.level] : [])));
  let hasHighest = false;
  let first = label;
  for (const [index, block] of blocks.entries()) {
    const rest = blocks.slice(index + 1);
    if (block.kind === 'list') printList(pdf, block, place);
    else if (block.kind === 'table') printTable(pdf, block, place);
    else if (block.kind === 'heading') {
      const type = chooseHeading(block.level, highest, hasHighest);
      hasHighest = hasHighest || block.level === highest;
      const keepNext = measureLead(pdf, rest, place);
      pdf.text(type, toBold(block.runs), { ...styleHeading(place), keepNext }, parent);
    } else {
      const keepNext = rest[0]?.kind === 'list' ? measureList(pdf, rest[0], place) : 0;
      pdf.text('P', block.runs, { ...styleText(place, first !== undefined), keepNext, label: first }, parent);
      first = undefined;
    }
  }
}
