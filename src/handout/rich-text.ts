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
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly TableCell[])[] };

/** A cell of a table. */
export interface TableCell {
  readonly isHeader: boolean;
  /** Columns that it takes. */
  readonly columns: number;
  readonly blocks: readonly Block[];
}

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

interface OpenTable {
  readonly rows: TableCell[][];
  /** Rows of its foot, which is shown last wherever it is written. */
  readonly foot: TableCell[][];
  isInFoot: boolean;
}

/** Text that a document or a cell of a table holds. */
interface Frame {
  readonly blocks: Block[];
  readonly lists: OpenList[];
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

const isCaption = (name: string): boolean => name === 'caption';

/** Reads the blocks of a document, tag by tag. */
class BlockReader {
  readonly #whole: Frame = { blocks: [], lists: [] };
  readonly #frames: Frame[] = [this.#whole];
  readonly #tables: OpenTable[] = [];
  readonly #hasTables: boolean;
  #runs: Run[] = [];
  #heading: number | undefined;
  #bold = 0;
  #italic = 0;
  #raised = 0;
  #href: string | undefined;

  constructor(hasTables: boolean) {
    this.#hasTables = hasTables;
  }

  get #now(): Frame {
    return this.#frames.at(-1) ?? this.#whole;
  }

  #add(block: Block): void {
    const { lists, blocks } = this.#now;
    (lists.at(-1)?.items.at(-1) ?? blocks).push(block);
  }

  #endBlock(): void {
    const tidied = isBlank(this.#runs) ? [] : tidy(this.#runs);
    this.#runs = [];
    if (tidied.length === 0) return;
    const level = this.#heading;
    this.#add(level === undefined ? { kind: 'paragraph', runs: tidied } : { kind: 'heading', level, runs: tidied });
  }

  #closeList(): void {
    this.#endBlock();
    const list = this.#now.lists.pop();
    const items = list?.items.filter((item) => item.length > 0) ?? [];
    if (list && items.length > 0) this.#add({ kind: 'list', isOrdered: list.isOrdered, items });
  }

  #openInTable(name: string, { colspan = '1' }: Readonly<Record<string, string>>): void {
    if (name === 'table') {
      this.#endBlock();
      this.#tables.push({ rows: [], foot: [], isInFoot: false });
    }
    const table = this.#tables.at(-1);
    if (!table) return;
    if (name === 'tfoot' || name === 'tbody' || name === 'thead') table.isInFoot = name === 'tfoot';
    const rows = table.isInFoot ? table.foot : table.rows;
    if (name === 'tr') rows.push([]);
    if (!CELLS.has(name)) return;
    const blocks: Block[] = [];
    const columns = Math.max(1, Number.parseInt(colspan, 10) || 1);
    rows.at(-1)?.push({ isHeader: name === 'th', columns, blocks });
    this.#frames.push({ blocks, lists: [] });
  }

  #closeInTable(name: string): void {
    if (CELLS.has(name) && this.#frames.length > 1) {
      this.#endBlock();
      while (this.#now.lists.length > 0) this.#closeList();
      this.#frames.pop();
    }
    const table = name === 'table' ? this.#tables.pop() : undefined;
    const written = table ? [...table.rows, ...table.foot] : [];
    const rows = written.filter((row) => row.some(({ blocks }) => blocks.length > 0));
    if (rows.length > 0) this.#add({ kind: 'table', rows });
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (BLOCKS.has(name) || isCaption(name) || name === 'li' || name === 'ul' || name === 'ol') this.#endBlock();
    if (this.#hasTables) this.#openInTable(name, attributes);
    const level = /^h([1-6])$/.exec(name)?.[1];
    if (level !== undefined) this.#heading = Number(level);
    const { lists } = this.#now;
    if (name === 'ul' || name === 'ol') lists.push({ isOrdered: name === 'ol', items: [] });
    if (name === 'li') lists.at(-1)?.items.push([]);
    if (name === 'br') this.#runs.push({ text: '\n' });
    if (!this.#hasTables && CELLS.has(name) && this.#runs.length > 0) this.#runs.push({ text: ' | ' });
    if (BOLD.has(name)) this.#bold += 1;
    if (ITALIC.has(name)) this.#italic += 1;
    if (name === 'sup') this.#raised += 1;
    if (name === 'a') this.#href = attributes.href;
  }

  text(text: string): void {
    // A power is no further digit of its number.
    const isPower = this.#raised > 0 && /^\d/.test(text) && /\d$/.test(this.#runs.at(-1)?.text ?? '');
    this.#runs.push({
      text: (isPower ? '^' : '') + text.replace(/[ \t\r\n\f]+/g, ' '),
      ...(this.#bold > 0 ? { isBold: true } : {}),
      ...(this.#italic > 0 ? { isItalic: true } : {}),
      ...(this.#href === undefined ? {} : { href: this.#href }),
    });
  }

  close(name: string): void {
    if (BLOCKS.has(name) || isCaption(name) || name === 'li') this.#endBlock();
    if (this.#hasTables) this.#closeInTable(name);
    if (/^h[1-6]$/.test(name)) this.#heading = undefined;
    if (name === 'ul' || name === 'ol') this.#closeList();
    if (BOLD.has(name)) this.#bold = Math.max(0, this.#bold - 1);
    if (ITALIC.has(name)) this.#italic = Math.max(0, this.#italic - 1);
    if (name === 'sup') this.#raised = Math.max(0, this.#raised - 1);
    if (name === 'a') this.#href = undefined;
  }

  finish(): Block[] {
    while (this.#frames.length > 1) this.#closeInTable('td');
    while (this.#tables.length > 0) this.#closeInTable('table');
    while (this.#whole.lists.length > 0) this.#closeList();
    this.#endBlock();
    return this.#whole.blocks;
  }
}

/**
 * Parses sanitised HTML (import/read/sanitize-summary.ts) into blocks: headings, paragraphs, lists with bold, italic and
 * linked text.
 * @param hasTables false: the rows of a table are paragraphs
 */
export function readBlocks(html: string, hasTables = false): Block[] {
  const reader = new BlockReader(hasTables);
  const parser = new Parser({
    onopentag: (name, attributes) => {
      reader.open(name, attributes);
    },
    ontext: (text) => {
      reader.text(text);
    },
    onclosetag: (name) => {
      reader.close(name);
    },
  });
  parser.end(html);
  return reader.finish();
}
