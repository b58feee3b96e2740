import { Parser } from 'htmlparser2';

/** Text of one style. A line break within it is `\n`. */
export interface Run {
  readonly text: string;
  readonly isBold?: boolean;
  readonly isItalic?: boolean;
  /** Target of its link. */
  readonly href?: string | undefined;
  /** Name of the place at its beginning, to which the contents of a leaflet lead. */
  readonly anchor?: string;
  /** A mark of ours within another's text, set apart from it. */
  readonly isMark?: boolean;
}

/** A cell of a table, which may reach over several columns and rows. */
export interface Cell {
  readonly isHeader: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly blocks: readonly Block[];
}

/** HTML's letters for lists whose items have letters or roman numbers. */
const NUMBERINGS = ['a', 'A', 'i', 'I'] as const;
export type Numbering = (typeof NUMBERINGS)[number];

/** A block of text that both the page and the PDF can print. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly runs: readonly Run[] }
  | { readonly kind: 'paragraph'; readonly runs: readonly Run[] }
  | {
      readonly kind: 'list';
      readonly isOrdered: boolean;
      readonly numbering?: Numbering;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly kind: 'table'; readonly rows: readonly (readonly Cell[])[] };

const BLOCKS = new Set(['p', 'div', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'section', 'article', 'blockquote', 'body']);
const BOLD = new Set(['b', 'strong', 'th']);
const CELLS = new Set(['th', 'td']);
/** Begin or end what stands on lines of its own. */
const DIVIDING = new Set([...BLOCKS, ...CELLS, 'li', 'ul', 'ol', 'table', 'tr', 'caption']);
const ITALIC = new Set(['i', 'em']);

interface OpenList {
  readonly kind: 'list';
  readonly isOrdered: boolean;
  readonly numbering?: Numbering;
  readonly items: Block[][];
}

type OpenCell = Cell & { readonly blocks: Block[] };

interface OpenTable {
  readonly kind: 'table';
  readonly rows: OpenCell[][];
  /** Rows of its foot, which is shown last wherever it is written. */
  readonly foot: OpenCell[][];
  isInFoot: boolean;
}

/** Columns or rows that a cell may reach over. */
const MOST_SPANNED = 50;

const readSpan = (value = '1'): number =>
  /^\d{1,3}$/.test(value) ? Math.max(1, Math.min(Number(value), MOST_SPANNED)) : 1;

/** The rows of a table's body or foot, whichever is being read. */
const rowsOf = ({ rows, foot, isInFoot }: OpenTable): OpenCell[][] => (isInFoot ? foot : rows);

/** The innermost item or cell of a list or table. */
const findPlace = (open: OpenList | OpenTable): Block[] | undefined =>
  open.kind === 'list' ? open.items.at(-1) : rowsOf(open).at(-1)?.at(-1)?.blocks;

/** The finished list or table; undefined if it holds no text. */
function close(open: OpenList | OpenTable): Block | undefined {
  if (open.kind === 'list') {
    const items = open.items.filter((item) => item.length > 0);
    return items.length === 0 ? undefined : { ...open, items };
  }
  const rows = [...open.rows, ...open.foot].filter((row) => row.length > 0);
  return rows.some((row) => row.some(({ blocks }) => blocks.length > 0)) ? { kind: 'table', rows } : undefined;
}

const isBlank = (runs: readonly Run[]): boolean => runs.every(({ text }) => text.trim() === '');

const hasSameLook = (a: Run, b: Run): boolean =>
  a.isBold === b.isBold && a.isItalic === b.isItalic && a.href === b.href && a.isMark === b.isMark;

/** Trims a block's first and last run, and joins neighbours of the same style. */
function tidy(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const isSame = last && hasSameLook(last, run) && run.anchor === undefined;
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

/** Collects the blocks of a text while it is parsed. */
class BlockReader {
  readonly blocks: Block[] = [];
  readonly #open: (OpenList | OpenTable)[] = [];
  #runs: Run[] = [];
  #heading: number | undefined;
  #bold = 0;
  #italic = 0;
  #raised = 0;
  #href: string | undefined;
  #anchor: string | undefined;
  #marks = 0;

  #add(block: Block): void {
    const place = this.#open.map(findPlace).findLast((one) => one !== undefined);
    (place ?? this.blocks).push(block);
  }

  #endBlock(): void {
    const runs = isBlank(this.#runs) ? [] : tidy(this.#runs);
    this.#runs = [];
    if (runs.length === 0) return;
    const level = this.#heading;
    this.#add(level === undefined ? { kind: 'paragraph', runs } : { kind: 'heading', level, runs });
  }

  #closeLast(): void {
    const open = this.#open.pop();
    const block = open && close(open);
    if (block) this.#add(block);
  }

  #openList(name: string, type: string | undefined): void {
    const numbering = NUMBERINGS.find((one) => one === type);
    this.#open.push({ kind: 'list', isOrdered: name === 'ol', ...(numbering ? { numbering } : {}), items: [] });
  }

  #openCell(name: string, { colspan, rowspan }: Readonly<Record<string, string>>): void {
    const open = this.#open.at(-1);
    if (open?.kind !== 'table') return;
    if (rowsOf(open).length === 0) rowsOf(open).push([]);
    const [columns, rows] = [readSpan(colspan), readSpan(rowspan)];
    rowsOf(open)
      .at(-1)
      ?.push({ isHeader: name === 'th', columns, rows, blocks: [] });
  }

  readonly openTag = (name: string, attributes: Readonly<Record<string, string>>): void => {
    if (DIVIDING.has(name)) this.#endBlock();
    const open = this.#open.at(-1);
    const level = /^h([1-6])$/.exec(name)?.[1];
    if (level !== undefined) this.#heading = Number(level);
    if (name === 'ul' || name === 'ol') this.#openList(name, attributes['type']);
    if (name === 'table') this.#open.push({ kind: 'table', rows: [], foot: [], isInFoot: false });
    if (name === 'li' && open?.kind === 'list') open.items.push([]);
    if (open?.kind === 'table' && /^t(?:head|body|foot)$/.test(name)) open.isInFoot = name === 'tfoot';
    if (name === 'tr' && open?.kind === 'table') rowsOf(open).push([]);
    if (CELLS.has(name)) this.#openCell(name, attributes);
    if (name === 'br') this.#runs.push({ text: '\n' });
    if (BOLD.has(name)) this.#bold += 1;
    if (ITALIC.has(name)) this.#italic += 1;
    if (name === 'sup') this.#raised += 1;
    if (name === 'a') this.#href = attributes['href'];
    if (name === 'mark') this.#marks += 1;
    if (name === 'mark' || name === 'span') this.#anchor = attributes['id'];
  };

  readonly text = (text: string): void => {
    // A power is no further digit of its number.
    const isPower = this.#raised > 0 && /^\d/.test(text) && /\d$/.test(this.#runs.at(-1)?.text ?? '');
    const isMark = this.#marks > 0;
    const anchor = text.trim() === '' ? undefined : this.#anchor;
    if (anchor !== undefined) this.#anchor = undefined;
    this.#runs.push({
      // A mark is not broken into lines.
      text: (isPower ? '^' : '') + text.replace(/[ \t\r\n\f]+/g, isMark ? '\u00a0' : ' '),
      ...(this.#bold > 0 && !isMark ? { isBold: true } : {}),
      ...(this.#italic > 0 ? { isItalic: true } : {}),
      ...(this.#href === undefined ? {} : { href: this.#href }),
      ...(anchor === undefined ? {} : { anchor }),
      ...(isMark ? { isMark } : {}),
    });
  };

  readonly closeTag = (name: string): void => {
    if (DIVIDING.has(name)) this.#endBlock();
    if (/^h[1-6]$/.test(name)) this.#heading = undefined;
    if (name === 'ul' || name === 'ol' || name === 'table') this.#closeLast();
    if (BOLD.has(name)) this.#bold = Math.max(0, this.#bold - 1);
    if (ITALIC.has(name)) this.#italic = Math.max(0, this.#italic - 1);
    if (name === 'sup') this.#raised = Math.max(0, this.#raised - 1);
    if (name === 'a') this.#href = undefined;
    if (name === 'mark') this.#marks = Math.max(0, this.#marks - 1);
  };

  /** Ends what the text left open. */
  end(): void {
    this.#endBlock();
    while (this.#open.length > 0) this.#closeLast();
  }
}

/**
 * Parses sanitised HTML (import/read/sanitize-summary.ts) into blocks: headings, paragraphs, lists and tables with bold, italic and
 * linked text.
 */
export function readBlocks(html: string): Block[] {
  const reader = new BlockReader();
  const parser = new Parser({ onopentag: reader.openTag, ontext: reader.text, onclosetag: reader.closeTag });
  parser.end(html);
  reader.end();
  return reader.blocks;
}
