import type { Block, Run } from './rich-text.js';
import type { StructureElement, StructureType } from './tagged-document.js';
import type { TaggedPdf, TextStyle } from './tagged-pdf.js';

/** Indent of text after a bullet, in points per point of font size. */
const INDENT_PER_POINT = 1.5;
/** Lines of a list that stay with the sentence that opens it; a list of few more stays together. */
const FIRST_LINES = 2.5;
const WHOLE_LINES = 6;

interface Place {
  /** Font size in points. */
  readonly size: number;
  readonly lang: string | undefined;
  readonly parent: StructureElement;
  readonly indent?: number;
}

type List = Extract<Block, { kind: 'list' }>;

/** Headings within an article are below its own (H2), without skipped levels. */
function chooseHeading(level: number, highest: number, hasHighest: boolean): StructureType {
  return level > highest && hasHighest ? 'H4' : 'H3';
}

const deepen = ({ indent = 0, ...place }: Place): Place => ({
  ...place,
  indent: indent + place.size * INDENT_PER_POINT,
});

const styleHeading = ({ size, indent = 0, lang }: Place): TextStyle => ({
  size: size * 1.1,
  before: size * 0.5,
  after: 2,
  indent,
  lang,
});

const styleText = ({ size, indent = 0, lang }: Place, isItem: boolean): TextStyle => ({
  size,
  after: size * (isItem ? 0.2 : 0.5),
  indent,
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

const getRuns = (block: Block): readonly Run[] => (block.kind === 'list' ? [] : block.runs);

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
