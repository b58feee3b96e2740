import type { Block, Run } from './rich-text.js';
import type { StructureElement, StructureType } from './tagged-document.js';
import type { TaggedPdf } from './tagged-pdf.js';
import { flatMap } from '../core/flat-map.js';

/** Indent of text after a bullet, in points per point of font size. */
const INDENT_PER_POINT = 1.5;

interface Place {
  /** Font size in points. */
  readonly size: number;
  readonly lang: string | undefined;
  readonly parent: StructureElement;
  readonly indent?: number;
}

/** Headings within an article are below its own (H2), without skipped levels. */
function chooseHeading(level: number, highest: number, hasHighest: boolean): StructureType {
  return level > highest && hasHighest ? 'H4' : 'H3';
}

function printList(pdf: TaggedPdf, list: Extract<Block, { kind: 'list' }>, place: Place): void {
  const { size, parent, indent = 0 } = place;
  const deeper = indent + size * INDENT_PER_POINT;
  const element = pdf.open('L', parent);
  for (const [index, blocks] of list.items.entries()) {
    const item = pdf.open('LI', element);
    const text = list.isOrdered ? `${index + 1}. ` : '• ';
    const label = { text, indent: indent + size * 0.4, element: pdf.open('Lbl', item) };
    const body = pdf.open('LBody', item);
    printBlocks(pdf, blocks, { ...place, indent: deeper, parent: body }, label);
    label.element.end();
    body.end();
    item.end();
  }
  element.end();
  if (indent === 0) pdf.y += size * 0.4;
}

type Label = { readonly text: string; readonly element: StructureElement; readonly indent: number };

/** Prints an article's text: headings, paragraphs, lists. @param label of the item of a list that the text is in */
export function printBlocks(pdf: TaggedPdf, blocks: readonly Block[], place: Place, label?: Label): void {
  const { size, lang, parent, indent = 0 } = place;
  const highest = Math.min(...flatMap(blocks, (block) => (block.kind === 'heading' ? [block.level] : [])));
  let hasHighest = false;
  let first = label;
  for (const block of blocks) {
    if (block.kind === 'list') printList(pdf, block, place);
    else if (block.kind === 'heading') {
      const type = chooseHeading(block.level, highest, hasHighest);
      hasHighest = hasHighest || block.level === highest;
      const runs: Run[] = block.runs.map((run) => ({ ...run, isBold: true }));
      const style = { size: size * 1.1, before: size * 0.5, after: 2, keepNext: size * 3, indent, lang };
      pdf.text(type, runs, style, parent);
    } else {
      const after = first ? size * 0.2 : size * 0.5;
      pdf.text('P', block.runs, { size, after, indent, lang, label: first }, parent);
      first = undefined;
    }
  }
}
