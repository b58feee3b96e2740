import { measureTable, measureTableLead, printTable, type CellPrinter, type Region } from './print-table.js';
import type { Block, Run, Numbering } from './rich-text.js';
import type { StructureElement, StructureType } from './tagged-document.js';
import type { TaggedPdf, TextStyle } from './tagged-pdf.js';

const ROMAN = [
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
] as const;
const LETTERS = 26;

/** Roman numbers up to 39; longer lists of a leaflet have figures. */
function toRoman(number: number): string {
  let [left, written] = [number, ''];
  for (const [value, letters] of ROMAN) {
    while (left >= value) {
      written += letters;
      left -= value;
    }
  }
  return written;
}

const MOST_ROMAN = 39;

/** Writes the number of a list's item, from 1, in the list's way; beyond letters and short roman numbers in figures. */
export function numberItem(number: number, numbering: Numbering | undefined): string {
  const isRoman = numbering === 'i' || numbering === 'I';
  if (numbering === undefined || number > (isRoman ? MOST_ROMAN : LETTERS)) return String(number);
  const text = isRoman ? toRoman(number) : String.fromCharCode('a'.charCodeAt(0) + number - 1);
  return numbering === 'A' || numbering === 'I' ? text.toUpperCase() : text;
}

/** Indent of text after a bullet, in points per point of font size. */
const INDENT_PER_POINT = 1.5;
/** Lines of a list that stay with the sentence that opens it; a list or a sentence of few more stays together. */
const FIRST_LINES = 2.5;
const WHOLE_LINES = 6;
/** Blocks in a row of which each introduces the next, and that stay together. */
const MOST_TOGETHER = 4;

type Place = Region;

type List = Extract<Block, { kind: 'list' }>;

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

const styleText = ({ size, indent = 0, keepRight = 0, isTight = false, lang }: Place, isItem: boolean): TextStyle => ({
  size,
  after: size * (isItem || isTight ? 0.2 : 0.5),
  indent,
  keepRight,
  lang,
});

const toBold = (runs: readonly Run[]): Run[] => runs.map((run) => ({ ...run, isBold: true }));

/** Points that blocks take. */
function measureBlocks(pdf: TaggedPdf, blocks: readonly Block[], place: Place): number {
  const heights = blocks.map((block) => {
    if (block.kind === 'heading') return pdf.heightOf(toBold(block.runs), styleHeading(place));
    if (block.kind === 'paragraph') return pdf.heightOf(block.runs, styleText(place, false));
    if (block.kind === 'table') return measureTable(pdf, block, place, cellPrinter(pdf));
    const inner = deepen(place);
    return block.items.reduce((sum, item) => sum + measureBlocks(pdf, item, inner), 0);
  });
  return heights.reduce((sum, height) => sum + height, 0);
}

const cellPrinter = (pdf: TaggedPdf): CellPrinter => ({
  print: (blocks, region) => {
    printBlocks(pdf, blocks, region);
  },
  measure: (blocks, region) => measureBlocks(pdf, blocks, region),
});

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

/** Whether a paragraph stays with what follows: a list, a table, what it announces, or what it is the title of. */
const opens = (runs: readonly Run[], next: Block | undefined): boolean =>
  next?.kind === 'list' ||
  next?.kind === 'table' ||
  runs.at(-1)?.text.trimEnd().endsWith(':') === true ||
  runs.every(({ isBold, isMark }) => isBold ?? isMark);

/** Points from the start of blocks that must be on one page: a heading with its text, a sentence with the list that it opens. */
export function measureLead(pdf: TaggedPdf, blocks: readonly Block[], place: Place, isItem = false): number {
  const [first, ...rest] = blocks.slice(0, MOST_TOGETHER);
  if (!first) return 0;
  if (first.kind === 'list') return measureList(pdf, first, place);
  if (first.kind === 'table') return measureTableLead(pdf, first, place, cellPrinter(pdf));
  if (first.kind === 'heading')
    return pdf.heightOf(toBold(first.runs), styleHeading(place)) + measureLead(pdf, rest, place);
  const style = styleText(place, isItem);
  const whole = pdf.heightOf(first.runs, style);
  // Of a long one the last lines alone stay with what follows.
  const isLong = whole > WHOLE_LINES * pdf.heightOf([{ text: 'x' }], style);
  return opens(first.runs, rest[0]) && !isLong ? whole + measureLead(pdf, rest, place) : pdf.leadOf(first.runs, style);
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
    const text = list.isOrdered ? `${numberItem(index + 1, list.numbering)}. ` : '• ';
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

const getRuns = (block: Block): readonly Run[] => ('runs' in block ? block.runs : []);

type Label = { readonly text: string; readonly element: StructureElement; readonly indent: number };

/** Prints an article's text: headings, paragraphs, lists, tables. @param label of the item of a list that the text is in */
export function printBlocks(pdf: TaggedPdf, blocks: readonly Block[], place: Place, label?: Label): void {
  const { parent } = place;
  const highest = Math.min(...blocks.flatMap((block) => (block.kind === 'heading' ? [block.level] : [])));
  let hasHighest = false;
  let first = label;
  for (const [index, block] of blocks.entries()) {
    const rest = blocks.slice(index + 1, index + 1 + MOST_TOGETHER);
    if (block.kind === 'list') printList(pdf, block, place);
    else if (block.kind === 'table') printTable(pdf, block, place, cellPrinter(pdf));
    else if (block.kind === 'heading') {
      const type = chooseHeading(block.level, highest, hasHighest);
      hasHighest = hasHighest || block.level === highest;
      const keepNext = measureLead(pdf, rest, place);
      pdf.text(type, toBold(block.runs), { ...styleHeading(place), keepNext }, parent);
    } else {
      const keepNext = opens(block.runs, rest[0]) ? measureLead(pdf, rest, place) : 0;
      pdf.text('P', block.runs, { ...styleText(place, first !== undefined), keepNext, label: first }, parent);
      first = undefined;
    }
  }
}
