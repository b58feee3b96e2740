import { readFileSync } from 'node:fs';

const KINDS = {
  p: { kind: 'p', depth: 0 },
  h3: { kind: 'h3', depth: 0 },
  li: { kind: 'li', depth: 1 },
  li2: { kind: 'li', depth: 2 },
};

/**
 * The blocks of texts that no rule finds: a line with id and language, then a line for each block: its kind and the words with which it begins.
 * `join` puts a block at the end of the one before it.
 */
export function readBreaks() {
  const texts = readFileSync(new URL('breaks.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n\n')
    .map((text) => text.split('\n'));
  return new Map(
    texts.map(([of, ...lines]) => [
      of,
      lines.map((line) => {
        const [, kind, words] = /^(\S+) (.+)$/.exec(line);
        return { kind, words };
      }),
    ]),
  );
}

/** The place of words in blocks from one place on: at the beginning of a word, or where two words have no blank between them. */
function findWords(blocks, words, from) {
  for (let at = from.block; at < blocks.length; at += 1) {
    const { html } = blocks[at];
    const start = at === from.block ? from.offset : 0;
    for (let offset = html.indexOf(words, start); offset >= 0; offset = html.indexOf(words, offset + 1)) {
      if (/^(?:<[^>]*>)*$/.test(html.slice(0, offset))) return { block: at, offset: 0 };
      if (!/[\p{L}\d]/u.test(html[offset - 1]) || /^\p{Ll}\p{Lu}/u.test(html.slice(offset - 1)))
        return { block: at, offset };
    }
  }
  return undefined;
}

/** A text with blocks where `breaks` tell, in the order of the text. */
export function breakBlocks(blocks, breaks) {
  const result = blocks.map((block) => ({ ...block }));
  let from = { block: 0, offset: 0 };
  for (const { kind, words } of breaks) {
    const found = findWords(result, words, from);
    if (found === undefined) throw new Error(`no words: ${words}`);
    const block = result[found.block];
    if (kind === 'join') {
      if (found.offset > 0) throw new Error(`no beginning of a block: ${words}`);
      const before = result[found.block - 1];
      result.splice(found.block, 1);
      from = { block: found.block - 1, offset: before.html.length };
      before.html = `${before.html} ${block.html}`;
      continue;
    }
    if (!KINDS[kind]) throw new Error(`no kind: ${kind}`);
    if (found.offset === 0) Object.assign(block, KINDS[kind]);
    else {
      const rest = block.html.slice(found.offset);
      block.html = block.html.slice(0, found.offset).trimEnd();
      result.splice(found.block + 1, 0, { ...KINDS[kind], html: rest });
    }
    from = { block: found.offset === 0 ? found.block : found.block + 1, offset: 1 };
  }
  return result;
}
