import { countDefects, isCredit, opensList, readPlain } from './defects.mjs';

/** A block that has no counterpart costs as much as one that is so much longer than its counterpart, as a logarithm. */
const COST_OF_GAP = 0.8;
/** Lengths of short blocks say little: so many characters are added to both. */
const PADDING = 20;

function costOfPair(one, other) {
  if (one.kind === 'table' || other.kind === 'table') return one.kind === other.kind ? 0 : Infinity;
  if ((one.kind === 'h3') !== (other.kind === 'h3') || isCredit(one) !== isCredit(other)) return Infinity;
  const lengths = [one, other].map((block) => readPlain(block).length + PADDING);
  return Math.abs(Math.log(lengths[0] / lengths[1])) + (opensList(one) === opensList(other) ? 0 : 0.3);
}

/** Pairs the blocks of a text with those of its twin, in their order and with the least difference of lengths. @returns indexes of the twin */
export function pairBlocks(own, twin) {
  const costs = Array.from({ length: own.length + 1 }, () => new Float64Array(twin.length + 1));
  for (let a = own.length; a >= 0; a -= 1) {
    for (let b = twin.length; b >= 0; b -= 1) {
      if (a === own.length || b === twin.length) costs[a][b] = (own.length - a + twin.length - b) * COST_OF_GAP;
      else
        costs[a][b] = Math.min(
          costs[a + 1][b + 1] + costOfPair(own[a], twin[b]),
          costs[a + 1][b] + COST_OF_GAP,
          costs[a][b + 1] + COST_OF_GAP,
        );
    }
  }
  const pairs = new Map();
  for (let a = 0, b = 0; a < own.length && b < twin.length;) {
    const paired = costs[a + 1][b + 1] + costOfPair(own[a], twin[b]);
    if (paired <= costs[a][b] + 1e-9) pairs.set(a++, b++);
    else if (costs[a + 1][b] + COST_OF_GAP <= costs[a][b] + 1e-9) a += 1;
    else b += 1;
  }
  return pairs;
}

/** The ends of runs of blocks under one heading: a run ends before a heading and before a table. */
function splitSections(blocks) {
  const sections = [];
  for (const [at, { kind }] of blocks.entries()) {
    if (at === 0 || kind === 'h3' || kind === 'table') sections.push([]);
    sections.at(-1).push(at);
  }
  return sections;
}

/**
 * Mends the lists of a text by the same text in the other language: NLM writes both alike, and what one crawl of pages lost of its lists the
 * other often kept. A section changes only where its blocks have counterparts, and where fewer signs of lost lists are left.
 */
export function mendByTwin(blocks, twin) {
  const pairs = pairBlocks(blocks, twin);
  return splitSections(blocks).flatMap((section) => {
    const own = section.map((at) => blocks[at]);
    const isWhole = section.every((at) => pairs.has(at) || isCredit(blocks[at]) || isApart(blocks, at));
    if (!isWhole) return own;
    const taken = section.map((at) => {
      const { kind, depth } = twin[pairs.get(at)] ?? blocks[at];
      return isCredit(blocks[at]) ? blocks[at] : { ...blocks[at], kind, depth };
    });
    return countDefects(taken) < countDefects(own) ? taken : own;
  });
}

/** True for a paragraph of whole sentences, which is right without a counterpart. */
const isApart = (blocks, at) =>
  blocks[at].kind === 'p' && /[.?!]$/.test(readPlain(blocks[at])) && blocks[at].html.length > 80;
