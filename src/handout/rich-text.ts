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

const BLOCKS = new Set(['p', 'div', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'section', 'article', 'blockquote', 'body']);
const BOLD = new Set(['b', 'strong']);
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

/** Collects blocks while a document is parsed. */
class BlockBuilder {
  readonly blocks: Block[] = [];
  readonly #lists: OpenList[] = [];
  #runs: Run[] = [];
  #heading: number | undefined;
  #bold = 0;
  #italic = 0;
  #href: string | undefined;

  #endBlock(): void {
    const runs = isBlank(this.#runs) ? [] : tidy(this.#runs);
    this.#runs = [];
    if (runs.length === 0) return;
    const into = this.#lists.at(-1)?.items.at(-1) ?? this.blocks;
    into.push(
      this.#heading === undefined ? { kind: 'paragraph', runs } : { kind: 'heading', level: this.#heading, runs },
    );
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (BLOCKS.has(name) || name === 'li' || name === 'ul' || name === 'ol') this.#endBlock();
    const level = /^h([1-6])$/.exec(name)?.[1];
    if (level !== undefined) this.#heading = Number(level);
    if (name === 'ul' || name === 'ol') this.#lists.push({ isOrdered: name === 'ol', items: [] });
    if (name === 'li') this.#lists.at(-1)?.items.push([]);
    if (name === 'br') this.#runs.push({ text: '\n' });
    if (BOLD.has(name)) this.#bold += 1;
    if (ITALIC.has(name)) this.#italic += 1;
    if (name === 'a') this.#href = attributes.href;
  }

  text(text: string): void {
    const collapsed = text.replace(/[ \t\r\n\f]+/g, ' ');
    const look = {
      ...(this.#bold > 0 ? { isBold: true } : {}),
      ...(this.#italic > 0 ? { isItalic: true } : {}),
      ...(this.#href === undefined ? {} : { href: this.#href }),
    };
    this.#runs.push({ text: collapsed, ...look });
  }

  close(name: string): void {
    if (BLOCKS.has(name) || name === 'li') this.#endBlock();
    if (/^h[1-6]$/.test(name)) this.#heading = undefined;
    if (name === 'ul' || name === 'ol') this.#closeList();
    if (BOLD.has(name)) this.#bold = Math.max(0, this.#bold - 1);
    if (ITALIC.has(name)) this.#italic = Math.max(0, this.#italic - 1);
    if (name === 'a') this.#href = undefined;
  }

  #closeList(): void {
    this.#endBlock();
    const list = this.#lists.pop();
    const items = list?.items.filter((item) => item.length > 0) ?? [];
    if (!list || items.length === 0) return;
    const into = this.#lists.at(-1)?.items.at(-1) ?? this.blocks;
    into.push({ kind: 'list', isOrdered: list.isOrdered, items });
  }

  end(): Block[] {
    while (this.#lists.length > 0) this.#closeList();
    this.#endBlock();
    return this.blocks;
  }
}

/**
 * Parses sanitised HTML (import/read/sanitize-summary.ts) into blocks: headings, paragraphs, lists with bold, italic and
 * linked text.
 */
export function readBlocks(html: string): Block[] {
  const builder = new BlockBuilder();
  const parser = new Parser({
    onopentag: (name, attributes) => {
      builder.open(name, attributes);
    },
    ontext: (text) => {
      builder.text(text);
    },
    onclosetag: (name) => {
      builder.close(name);
    },
  });
  parser.end(html);
  return builder.end();
}
