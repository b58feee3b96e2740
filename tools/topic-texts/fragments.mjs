import { OPENS_LIST } from './split-runs.mjs';
import { isCredit, isFragment, opensList, readPlain } from './defects.mjs';

/**
 * Makes items of paragraphs that end like items and follow the words that announce a list: all of them up to the next whole sentence. Behind an
 * item they are a list below it, where nothing tells which list the items behind them belong to.
 */
export function mendFragments(blocks) {
  const result = blocks.map((block) => ({ ...block }));
  for (let at = 1; at < result.length; at += 1) {
    const opener = result[at - 1];
    if (!opensList(opener) || !isFragment(result[at])) continue;
    let end = at;
    while (end < result.length && isFragment(result[end])) end += 1;
    const isFirstOfList = opener.kind === 'p' && result[end]?.kind === 'li';
    if (end - at < 2 && !isFirstOfList) continue;
    for (const block of result.slice(at, end)) Object.assign(block, { kind: 'li', depth: opener.depth + 1 });
    at = end;
  }
  return result;
}

const MOST_WORDS_OF_LABEL = 8;

/** Makes headings of short paragraphs that end without a mark and stand before a text: in bold below the headings of a text that has any. */
export function mendLabels(blocks) {
  const hasHeadings = blocks.some(({ kind }) => kind === 'h3');
  return blocks.map((block, at) => {
    const next = blocks[at + 1];
    const words = readPlain(block).split(/\s+/).length;
    const isLabel = isFragment(block) && words <= MOST_WORDS_OF_LABEL && next && next.kind !== 'li' && !isCredit(next);
    if (!isLabel || /<(?:strong|a)\b/.test(block.html) || /\p{Ll}$/u.test(readPlain(blocks[at - 1] ?? { html: '' })))
      return block;
    return hasHeadings ? { ...block, html: `<strong>${block.html}</strong>` } : { ...block, kind: 'h3' };
  });
}

/** Parts the first item of a list from the paragraph that announces the list. */
export function mendOpeners(blocks) {
  return blocks.flatMap((block, at) => {
    if (block.kind !== 'p' || blocks[at + 1]?.kind !== 'li' || !isFragment(block)) return [block];
    const colon = [...block.html.matchAll(/(\S+:) (?=\p{Lu})/gu)].find(([, word]) => OPENS_LIST.test(word));
    if (!colon) return [block];
    const end = colon.index + colon[1].length;
    const [opener, item] = [block.html.slice(0, end), block.html.slice(end + 1)];
    return [
      { ...block, html: opener },
      { kind: 'li', depth: 1, html: item },
    ];
  });
}
