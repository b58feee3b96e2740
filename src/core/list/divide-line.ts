import { readStatement } from '../titles/statements/stated-otherwise.js';
import { findCodeAt } from './list-entry.js';
import type { ListLine, ListPart } from './list-lines.js';

/** Longer than any title; what is longer is cut, so that reading stays cheap. */
export const MAX_ENTRY_CHARS = 500;
/** A line of more parts is a list, whatever they are: no title has so many. */
const MOST_JUDGED = 40;

/** A code that looks like nothing else: blanks alone may stand between such. */
const ICD_CODE = /^(?:[a-z]\d[\da-z](?:\.[\da-z]{1,4})?|\d{3}\.\d{1,2})$/i;

/** Words that begin a qualification of the thing before them: `type 2 diabetes mellitus, without complications`. */
const QUALIFIES = /^(?:without|w\/o|with|sin|con)\s/i;

/** Characters of the whole text that are one entry of it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Judgments of the library and the known words on a text; each is queried once. */
export interface LineJudge {
  /** True if a text is a thing by itself: a code, a known word, a drug, or the very name of an article. */
  readonly stands: (text: string) => Promise<boolean>;
  /** The words of several parts are one name: `Diabetes, type 2`. */
  readonly isOneName: (text: string) => Promise<boolean>;
  /** Its words find something, though not by its very name. */
  readonly finds: (text: string) => Promise<boolean>;
  /** True if a text is the title of the code before it, and nothing beside it. */
  readonly isTitle: (code: string, text: string) => Promise<boolean>;
}

const cutText = (text: string, { from, to }: Span): string =>
  text.slice(from, Math.min(to, from + MAX_ENTRY_CHARS)).trim();

const isBareCode = (text: string): boolean => findCodeAt(text)?.title === '';

/** Whether everything behind it is governed by what the text states: `denies fever, chills`, `screening for HIV, hepatitis C`. */
const governs = (text: string): boolean => readStatement(text) !== undefined;

/** Two things that `and` joins: `tos y fiebre`. One thing where it is a name, a drug of several ingredients, or a statement. */
async function divideAtAnd(text: string, span: Span, judge: LineJudge): Promise<Span[]> {
  const whole = cutText(text, span);
  const found = [...whole.matchAll(/\s(?:and|y|e|&|\+)\s/gi)];
  if (found.length === 0 || found.length > 3 || governs(whole) || findCodeAt(whole) || (await judge.stands(whole))) {
    return [span];
  }
  const start = span.from + text.slice(span.from, span.to).search(/\S/);
  const bounds = [
    ...found.map(({ index, 0: { length } }) => ({ at: start + index, length })),
    { at: span.to, length: 0 },
  ];
  let from = span.from;
  const parts = bounds.map(({ at, length }): Span => {
    const part = { from, to: at };
    from = at + length;
    return part;
  });
  for (const part of parts) if (!(await judge.stands(cutText(text, part)))) return [span];
  return parts;
}

/** Codes of an ICD with blanks alone between them. */
function divideAtBlanks(text: string, span: Span): Span[] {
  const words = [...cutText(text, span).matchAll(/\S+/g)];
  if (words.length < 2 || !words.every(([word]) => ICD_CODE.test(word))) return [span];
  const start = span.from + text.slice(span.from, span.to).search(/\S/);
  return words.map(({ index, 0: { length } }) => ({ from: start + index, to: start + index + length }));
}

/** Whether a part begins a new entry behind the one that has been read so far. */
async function isNewEntry(
  text: string,
  head: Span,
  part: ListPart,
  { judge, isGoverned }: { readonly judge: LineJudge; readonly isGoverned: boolean },
): Promise<boolean> {
  const own = cutText(text, part);
  const before = cutText(text, head);
  if (findCodeAt(own) || part.divider === 'number') return true;
  if (isGoverned && part.divider !== 'semicolon') return false;
  const standsAlone = async (): Promise<boolean> =>
    governs(own) || (await judge.stands(own)) || (await divideAtAnd(text, part, judge)).length > 1;
  const stands = !QUALIFIES.test(own) && (await standsAlone());
  if (isBareCode(before)) return stands && !(await judge.isTitle(before, own));
  // A code's title may have semicolons in it.
  if (part.divider === 'semicolon') return stands || !findCodeAt(before);
  if (!stands) return false;
  return findCodeAt(before) !== undefined || judge.stands(before);
}

/**
 * Divides a line of which no part is known by its name, and which finds nothing as a whole, at parts that each find something by their
 * words.
 */
async function divideByWords(text: string, parts: readonly ListPart[], whole: Span, judge: LineJudge): Promise<Span[]> {
  const all = cutText(text, whole);
  if (governs(all) || findCodeAt(all) || (await judge.finds(all))) return [whole];
  for (const part of parts) if (!(await judge.finds(cutText(text, part)))) return [whole];
  return [...parts];
}

/**
 * Divides a line into its entries. Codes, drugs and words that are known or an article's very name are entries of their own; what is
 * not so stands with what is before it: `Diabetes, type 2`, `take 1 tablet, daily`. All that a denial or a relative's history begins
 * is one entry.
 */
export async function divideLine(text: string, { parts }: ListLine, judge: LineJudge): Promise<Span[]> {
  const [first] = parts;
  const last = parts.at(-1);
  if (!first || !last) return [];
  if (parts.length > MOST_JUDGED) return [...parts];
  const whole = { from: first.from, to: last.to };
  const isSimple = parts.length === 1;
  if (!isSimple && !findCodeAt(cutText(text, whole)) && (await judge.isOneName(cutText(text, whole)))) return [whole];
  const spans: Span[] = [];
  let head: Span = first;
  let isGoverned = governs(cutText(text, first));
  for (const part of parts.slice(1)) {
    if (await isNewEntry(text, head, part, { judge, isGoverned })) {
      spans.push(head);
      head = part;
      isGoverned = governs(cutText(text, part));
    } else head = { from: head.from, to: part.to };
  }
  spans.push(head);
  const divided = spans.length === 1 && !isSimple ? await divideByWords(text, parts, whole, judge) : spans;
  const entries: Span[] = [];
  for (const span of divided) {
    for (const one of divideAtBlanks(text, span)) entries.push(...(await divideAtAnd(text, one, judge)));
  }
  return entries;
}
