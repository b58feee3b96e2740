import { isCredit, isFragment, readPlain } from './defects.mjs';

/** Words that end neither a paragraph nor an item. */
const ENDS_NOTHING = /(?:^|\s)(?:an?|the|it|in|can|or|and|of|to|el|los?|las?|[oy]|del?|con|una?|al)$|,$/i;
/** A word that is no item by itself: its item was broken behind it. */
const LONE_VERB = /^(?:Are|Is|Have|Has|Had|Were|Be|Son|Es|Tienen?|Ha)$/;
/** Words that begin neither. */
const BEGINS_NOTHING = /^(?:and|or|also|goes|[yeo])\s/;
/** Words that end nothing in a text whose lists were inferred: names within its sentences were taken for the beginnings of items. */
const ENDS_NO_INFERRED =
  /(?:^|\s)(?:an?|the|and|or|of|such as|U\.S\. Environmental|el|los?|las?|[oy]|del?|en|con|una?|al|por|para|que|sus?)$|(?:\S+\s){4}(?:in|by)$/;

const isSmall = (text) => /^\p{Ll}/u.test(text);

/** True for a block that goes on with the sentence of the one before it. */
function isSameSentence(before, block, isInferred) {
  if ([before, block].some(({ kind }) => kind === 'h3' || kind === 'table')) return false;
  const [end, start] = [readPlain(before), readPlain(block)];
  // The name of the organisation behind a text, broken in two.
  if (isCredit(before) && isFragment(block)) return !end.includes('.') && start.split(' ').length < 3;
  if (start === '.' || LONE_VERB.test(end)) return true;
  if (isInferred && block.depth <= before.depth && ENDS_NO_INFERRED.test(end)) return true;
  if (!isSmall(start) || /[.:?!;]$/.test(end)) return false;
  if (block.kind === 'p') return before.kind === 'p';
  return ENDS_NOTHING.test(end) || BEGINS_NOTHING.test(start);
}

/** Joins blocks that a sentence was broken into. @param isInferred whether the lists of the text were guessed where it was collected */
export function joinSentences(blocks, isInferred) {
  const result = [];
  for (const block of blocks) {
    const before = result.at(-1);
    if (before && isSameSentence(before, block, isInferred)) before.html = `${before.html} ${block.html}`;
    else result.push({ ...block });
  }
  return result;
}

/** Fewer headings that follow each other are headings. */
const LEAST_BARE = 3;

/** Makes items of headings that follow each other without a text: questions of a list. */
export function mendHeadings(blocks) {
  const result = [...blocks];
  for (let from = 0; from < blocks.length; from += 1) {
    let to = from;
    while (blocks[to]?.kind === 'h3') to += 1;
    if (to - from >= LEAST_BARE)
      for (let at = from; at < to; at += 1) result[at] = { ...blocks[at], kind: 'li', depth: 1 };
    from = Math.max(from, to - 1);
  }
  return result;
}
