import { Parser } from 'htmlparser2';

/** Text of one style. A line break within it is `\n`. */
export interface Run {
  readonly text: string;
  readonly isBold?: boolean;
  readonly isItalic?: boolean;
  /** Target of its link. */
  readonly href?: string | undefined;
}

/** A block of text that both the page and the PDF can print. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly runs: readonly Run[] }
  | { readonly kind: 'paragraph'; readonly runs: readonly Run[] }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Block[])[] };

const BLOCKS = new Set([
  'p',
  'div',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'section',
  'article',
  'blockquote',
  'body',
  'tr',
]);
const BOLD = new Set(['b', 'strong', 'th']);
/** The cells of a row stand on one line, with a bar between them. */
const CELLS = new Set(['th', 'td']);
const ITALIC = new Set(['i', 'em']);

interface OpenList {
  readonly isOrdered: boolean;
  readonly items: Block[][];
}

const isBlank = (runs: readonly Run[]): boolean => runs.every(({ text }) => text.trim() === '');

/** Trims a block's first and last run, and joins neighbours of the same style. */
function tidy(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const isSame = last && last.isBold === run.isBold && last.isItalic === run.isItalic && last.href === run.href;
    const before = last?.text ?? ' ';
    const text = /\s$/.test(before) ? run.text.replace(/^ +/, '') : run.text;
    if (text === '') continue;
    if (last && isSame) joined[joined.length - 1] = { ...last, text: last.text + text };
    else joined.push({ ...run, text });
  }
  const last = joined.at(-1);
  if (last) joined[joined.length - 1] = { ...last, text: last.text.trimEnd() };
  return joined.filter(({ text }) => text !== '');
}

/**
 * Parses sanitised HTML (import/read/sanitize-summary.ts) into blocks: headings, paragraphs, lists with bold, italic and
 * linked text.
 */
export function readBlocks(html: string): Block[] {
  const blocks: Block[] = [];
  const lists: OpenList[] = [];
  let runs: Run[] = [];
  let heading: number | undefined;
  let [bold, italic] = [0, 0];
  let href: string | undefined;
  const add = (block: Block): void => {
    (lists.at(-1)?.items.at(-1) ?? blocks).push(block);
  };
  const endBlock = (): void => {
    const tidied = isBlank(runs) ? [] : tidy(runs);
    runs = [];
    if (tidied.length === 0) return;
    add(
      heading === undefined ? { kind: 'paragraph', runs: tidied } : { kind: 'heading', level: heading, runs: tidied },
    );
  };
  const closeList = (): void => {
    endBlock();
    const list = lists.pop();
    const items = list?.items.filter((item) => item.length > 0) ?? [];
    if (list && items.length > 0) add({ kind: 'list', isOrdered: list.isOrdered, items });
  };
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (BLOCKS.has(name) || name === 'li' || name === 'ul' || name === 'ol') endBlock();
      const level = /^h([1-6])$/.exec(name)?.[1];
      if (level !== undefined) heading = Number(level);
      if (name === 'ul' || name === 'ol') lists.push({ isOrdered: name === 'ol', items: [] });
      if (name === 'li') lists.at(-1)?.items.push([]);
      if (name === 'br') runs.push({ text: '\n' });
      if (CELLS.has(name) && runs.length > 0) runs.push({ text: ' | ' });
      if (BOLD.has(name)) bold += 1;
      if (ITALIC.has(name)) italic += 1;
      if (name === 'a') ({ href } = attributes);
    },
    ontext: (text) => {
      runs.push({
        text: text.replace(/[ \t\r\n\f]+/g, ' '),
        ...(bold > 0 ? { isBold: true } : {}),
        ...(italic > 0 ? { isItalic: true } : {}),
        ...(href === undefined ? {} : { href }),
      });
    },
    onclosetag: (name) => {
      if (BLOCKS.has(name) || name === 'li') endBlock();
      if (/^h[1-6]$/.test(name)) heading = undefined;
      if (name === 'ul' || name === 'ol') closeList();
      if (BOLD.has(name)) bold = Math.max(0, bold - 1);
      if (ITALIC.has(name)) italic = Math.max(0, italic - 1);
      if (name === 'a') href = undefined;
    },
  });
  parser.end(html);
  while (lists.length > 0) closeList();
  endBlock();
  return blocks;
}
