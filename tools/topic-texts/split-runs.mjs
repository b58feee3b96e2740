/** Words that end no item of a list. */
const FUNCTION_WORDS = new Set(
  (
    'a al and as at by con como de del e el en for from in is la las los lo o of on or para por que si su sus the to u un una with y your ' +
    'National Instituto'
  ).split(' '),
);
/** A word stands in small letters this often, or it is a name. */
const LEAST_SMALL = 8;
const CAPITAL = /^(?:\p{Lu}\p{Ll}+|A)$/u;
const CAPITAL_BEGINNING = /^[¿¡"“(]*\p{Lu}/u;
const CLOSED = /[.:;,!?…"”’]$/;

const strip = (word) => word.replace(/^[¿¡"“(]+|[.:;,!?…"”)]+$/gu, '');

/** Fewer words before a colon introduce no list. */
const LEAST_OF_INTRODUCTION = 4;

/** Counts the words in small letters of all texts of a language: a capital within a sentence that is none of these begins a name. */
export function countSmallWords(texts) {
  const counts = new Map();
  for (const { html } of texts) {
    for (const [word] of html.replace(/<[^>]*>/g, ' ').matchAll(/(?<![\p{L}])\p{Ll}+(?![\p{L}])/gu))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/**
 * Splits the blocks of a text in which a list runs on as one sentence: an item begins with a capital behind a word that ends no sentence.
 * The first item begins behind the first colon; items behind one that ends with a colon are below it; a last item that is a whole sentence
 * with a full stop, where the others have none, is a paragraph again. Words stay as they are: each only learns which block it opens.
 */
export function splitRuns(words, small) {
  const isCommon = (word) => (small.get(strip(word).toLowerCase()) ?? 0) >= LEAST_SMALL;
  const result = words.map((one) => ({ ...one }));
  const isCut = (at) => {
    const { word } = words[at];
    const before = words[at - 1]?.word ?? '';
    if (!CAPITAL.test(strip(word)) || !isCommon(word)) return false;
    if (CLOSED.test(before) || FUNCTION_WORDS.has(strip(before))) return false;
    return !CAPITAL_BEGINNING.test(before) || before.endsWith(')') || /^\p{Lu}{2,}s?$/u.test(strip(before));
  };
  let from = 0;
  while (from < words.length) {
    let to = from + 1;
    while (to < words.length && !words[to].opens) to += 1;
    splitBlock(result, from, to, isCut);
    from = to;
  }
  return result;
}

function splitBlock(words, from, to, isCut) {
  const { kind, depth } = words[from].opens ?? {};
  if (kind === 'h3') return;
  const cuts = [];
  for (let at = from + 1; at < to; at += 1) if (isCut(at)) cuts.push(at);
  if (cuts.length < (kind === 'li' ? 1 : 2)) return;
  let first;
  let sentence = from;
  for (let at = from + 1; at < cuts[0]; at += 1) {
    const before = words[at - 1].word;
    if (/[.?!]$/.test(before)) sentence = at;
    if (!before.endsWith(':') || !CAPITAL_BEGINNING.test(words[at].word)) continue;
    const opens = OPENS_LIST.test(before);
    if (kind === 'li' && !opens) break;
    // A few words before the colon are a label, with which the first item begins.
    first = at - sentence < LEAST_OF_INTRODUCTION && !opens ? sentence : at;
    if (first === from) first = undefined;
    break;
  }
  const starts = kind === 'li' && first === undefined ? cuts : first === undefined ? [from, ...cuts] : [first, ...cuts];
  const base = kind === 'li' ? (first === undefined ? depth : depth + 1) : 1;
  // A paragraph that begins within its first item is an item itself.
  let below = false;
  for (const [place, start] of starts.entries()) {
    const end = starts[place + 1] ?? to;
    const inner = findOpening(words, start, end);
    if (inner !== undefined) below = false;
    const isLast = place === starts.length - 1;
    const others = starts.slice(1).filter((next) => words[next - 1].word.endsWith('.')).length;
    const isSentence = words[end - 1].word.endsWith('.') && others === 0 && end - start > 6;
    if (isLast && place > 1 && isSentence && kind !== 'li') words[start].opens = { kind: 'p', depth: 0 };
    else words[start].opens = { kind: 'li', depth: base + (below ? 1 : 0) };
    if (inner !== undefined) {
      words[inner].opens = { kind: 'li', depth: base + 1 };
      below = true;
    }
  }
}

/** Words before a colon behind which a list begins, whatever its first item is. */
export const OPENS_LIST =
  /^(?:\p{Ll}+[aei]r|si|incluye|incluyen|incluir|incluyendo|provocar|como|ejemplo|son|if|include|includes|including|as|you|quienes|que|de|con|para|al|for):$/iu;

/** The place in an item behind the colon that opens a list below it. */
function findOpening(words, start, end) {
  for (let at = start + 2; at < end; at += 1) {
    if (OPENS_LIST.test(words[at - 1].word) && CAPITAL_BEGINNING.test(words[at].word)) return at;
  }
  return undefined;
}
