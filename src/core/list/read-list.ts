import { groupBy } from '../group-by.js';
import type { RequestCoding } from '../answer/knowledge-request.js';
import { codeSystem, type CodeSystemId } from '../codes/code-systems.js';
import type { Understanding } from '../words/understanding.js';
import { MAX_ENTRY_CHARS, divideLine, type Span } from './divide-line.js';
import { readEntry, withoutEnd } from './list-entry.js';
import type { Heading, ListLine } from './list-lines.js';
import { resolveEntries, type ResolvedEntry } from './resolve-entries.js';
import { WordReader, isFound, type ListContext } from './word-reader.js';

/**
 * Reading of an entry.
 * - `code`: of one system.
 * - `ambiguous-code`: of several systems that know it (`isKnown`), or of none.
 * - `words`: an abbreviation, a drug line, a statement, words, as in `understood`. Undefined where the list has more
 *   entries in words than are searched for.
 */
export type EntryReading =
  | { readonly kind: 'code'; readonly coding: RequestCoding }
  | {
      readonly kind: 'ambiguous-code';
      readonly code: string;
      readonly possible: readonly CodeSystemId[];
      readonly isKnown: boolean;
    }
  | { readonly kind: 'words'; readonly understood: Understanding | undefined };

/**
 * Whether the heading above an entry holds it back. The code of a diagnosis among allergies names an allergy itself, and is
 * searched for like any other.
 */
export function isHeldByHeading({ under, reading }: Pick<ListItem, 'under' | 'reading'>): boolean {
  if (!under || under.section === 'plain') return false;
  const { system } = reading.kind === 'code' ? reading.coding : { system: undefined };
  return under.section !== 'allergies' || system === undefined || codeSystem(system).kind !== 'diagnosis';
}

/** One entry of a list. */
export interface ListItem extends Span {
  /** As it was pasted. */
  readonly text: string;
  /** Words beside its code; the whole of it where it has none. */
  readonly title: string;
  readonly reading: EntryReading;
  /** The heading that it stands under. */
  readonly under: Heading | undefined;
  /** True if it is longer than an entry may be, and its end was not read. */
  readonly isCut: boolean;
  /** Number of times that the list has it. */
  readonly times: number;
}

interface Divided extends Span {
  readonly text: string;
  readonly under: Heading | undefined;
}

async function divideLines(
  text: string,
  lines: readonly ListLine[],
  words: WordReader,
  check: (entries: number) => void,
): Promise<Divided[]> {
  const entries: Divided[] = [];
  for (const line of lines) {
    for (const { from, to } of await divideLine(text, line, words)) {
      const own = withoutEnd(text.slice(from, Math.min(to, from + MAX_ENTRY_CHARS)).trim(), /[,;\s]/);
      // `CHF, COPD, and CKD`.
      entries.push({ text: own.replace(/^(?:and|y|e|&)\s+/i, ''), from, to, under: line.under });
    }
    check(entries.length);
  }
  return entries;
}

/** Reads an entry. A text that looks like a code and is in no release may be a word: B12, A1C, COVID-19. */
async function readOne({ entry, coding, isKnown, possible }: ResolvedEntry, words: WordReader): Promise<EntryReading> {
  const { code, systems, isNamed, text } = entry;
  const asCode: EntryReading | undefined = coding
    ? { kind: 'code', coding }
    : systems.length > 0
      ? { kind: 'ambiguous-code', code, possible, isKnown }
      : undefined;
  if (asCode && (isKnown || isNamed)) return asCode;
  const understood = await words.understand(text);
  if (!asCode) return { kind: 'words', understood };
  const isWord =
    understood && (isFound(understood) || understood.kind === 'abbreviation' || understood.kind === 'held');
  return isWord ? { kind: 'words', understood } : asCode;
}

/** Entries of the same text, under headings that say the same, are one. */
const buildKey = ({ text, under }: Divided): string => `${under?.section ?? 'plain'} ${text.toLowerCase()}`;

/**
 * Reads the lines of a list into entries, each with its own verdict; nothing is left out.
 * @param check called with the number of entries so far; throws where there are too many
 * @throws whatever `check` throws; else only the library's own errors
 */
export async function readList(
  text: string,
  lines: readonly ListLine[],
  check: (entries: number) => void,
  context: ListContext,
): Promise<ListItem[]> {
  const words = new WordReader(context);
  const divided = await divideLines(text, lines, words, check);
  const repeats = [...groupBy(divided, buildKey).values()];
  const entries = repeats.flatMap(([first]) => (first ? [readEntry(first.text)] : []));
  const resolved = resolveEntries(entries, context.library);
  const items: ListItem[] = [];
  for (const [index, one] of resolved.entries()) {
    const [entry] = repeats[index] ?? [];
    if (!entry) continue;
    const reading = await readOne(one, words);
    const title = reading.kind === 'words' ? entry.text : one.entry.title;
    const isCut = entry.to - entry.from > MAX_ENTRY_CHARS;
    items.push({ ...entry, title, reading, isCut, times: repeats[index]?.length ?? 1 });
  }
  return items;
}
