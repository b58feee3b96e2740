import { readDataFile } from '../read-data-file.js';
import type { Article } from '../model/article.js';
import { foldText } from '../search/text-tokens.js';

/** The marks of a text: of each label (`type`, `hepatitis`) its values (`2`, `b`). */
export type Marks = ReadonlyMap<string, ReadonlySet<string>>;

/** A longer text is no title; only its beginning is read. */
const MAX_CHARS = 400;

const DATA = readDataFile('titles/marks.yaml') as {
  readonly numbers: Readonly<Record<string, string>>;
  readonly read: readonly (readonly [label: string, pattern: string])[];
  readonly named: readonly (readonly [label: string, value: string | number, pattern: string])[];
  readonly adjectives: readonly string[];
  readonly always: readonly string[];
};

/** Meaning of each written number: `ii` → `2`. */
const NUMBERS = new Map(
  Object.entries(DATA.numbers).flatMap(([number, words]) => words.split(' ').map((word) => [word, number] as const)),
);
const NUMBER = `(?:\\d{1,2}[a-e]?|(?:${[...NUMBERS.keys()].sort((a, b) => b.length - a.length).join('|')})[a-b]?)(?![a-z0-9])`;
/** A blank between two words of it is read in one way: in two, each further word would double what a line costs. */
const JOINT = '(?: {0,2}(?:,|/|&|-|and|or|y|o|u|to|through|a))+ ?(?:type |stage |grade |tipo )?';
const LIST = `(${NUMBER}(?:${JOINT}${NUMBER})*)`;
const LETTERS = `([a-e](?![a-z0-9])(?:${JOINT}[a-e](?![a-z0-9]))*)`;

const toPattern = (source: string): RegExp =>
  new RegExp(source.replace('{list}', LIST).replace('{letters}', LETTERS), 'g');
const READ = DATA.read.map(([label, source]) => ({
  label,
  pattern: toPattern(source),
  isList: /\{(?:list|letters)\}/.test(source),
}));
const NAMED = DATA.named.map(([label, value, source]) => [label, String(value), new RegExp(source)] as const);

/** Labels that contradict a code's own name even where its articles do not depend on them. */
const ALWAYS: ReadonlySet<string> = new Set(DATA.always);

/** Labels of which an article's other names prove nothing. */
const ADJECTIVES: ReadonlySet<string> = new Set(DATA.adjectives);

/** A value as compared: `II` → `2`, `iia` → `2a`, `b-12` → `b12`. */
function toValue(text: string): string {
  const plain = text.replace(/[\s.-]+/g, '');
  const [, base = plain, letter = ''] = /^([a-z]+)([ab])$/.exec(plain) ?? [];
  const number = NUMBERS.get(plain) ?? (NUMBERS.has(base) ? `${NUMBERS.get(base) ?? ''}${letter}` : undefined);
  return number ?? plain;
}

const ITEM = new RegExp(`(?<![a-z0-9])(?:${NUMBER}|[a-e](?![a-z0-9]))`, 'g');
const IS_RANGE = /^\s*(?:-|to|through|a)\s*(?:[a-z]+ )?$/;

/** The values of a list: `1 or 2` → 1, 2; `1 through 4` → 1, 2, 3, 4. */
function readList(list: string): string[] {
  const found = [...list.matchAll(ITEM)];
  return found.flatMap((match, index) => {
    const value = toValue(match[0]);
    const before = found[index - 1];
    const joint = before ? list.slice(before.index + before[0].length, match.index) : '';
    const [first, last] = [Number(before ? toValue(before[0]) : NaN), Number(value)];
    const between =
      IS_RANGE.test(joint) && last > first
        ? Array.from({ length: last - first - 1 }, (_, step) => String(first + step + 1))
        : [];
    return [...between, value];
  });
}

/** The same as `matchAll`, which copies the pattern and often has to compile the copy: milliseconds each time. */
function* matchEach(line: string, pattern: RegExp): Generator<RegExpExecArray> {
  pattern.lastIndex = 0;
  for (let found = pattern.exec(line); found; found = pattern.exec(line)) yield found;
}

/**
 * Reads the numbers, letters and types by which titles of the same words differ: `Type II diabetes` → type: 2, `CKD
 * stage 3 or 4` → stage: 3, 4, `Hepatitis B` → hepatitis: b. Numbers of any other kind (strengths, ages, sides) are ignored.
 * @param only labels to read, if not all
 */
export function readMarks(text: string, only?: Pick<Marks, 'has'>): Marks {
  const line = foldText(text.slice(0, MAX_CHARS));
  const marks = new Map<string, Set<string>>();
  const add = (label: string, values: readonly string[]): void => {
    const known = marks.get(label) ?? new Set();
    for (const value of values) known.add(value);
    if (values.length > 0) marks.set(label, known);
  };
  for (const { label, pattern, isList } of READ) {
    if (only && !only.has(label)) continue;
    for (const [, ...groups] of matchEach(line, pattern)) {
      const value = groups.filter(Boolean).join(' ');
      add(label, isList ? readList(value) : [toValue(value)]);
    }
  }
  for (const [label, value, pattern] of NAMED)
    if ((!only || only.has(label)) && pattern.test(line)) add(label, [value]);
  return marks;
}

/** Whether two values may mean the same: equal, or one is a part of the other (`b` and `b12`, `2` and `2a`; never `1` and `12`). */
export function isLikeMark(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (!long.startsWith(short)) return false;
  const [end, next] = [short.at(-1) ?? '', long[short.length] ?? ''];
  return next === '' || /\d/.test(end) !== /\d/.test(next);
}

/** The marks of several texts together. */
export function joinMarks(all: readonly Marks[]): Marks {
  const joined = new Map<string, Set<string>>();
  for (const marks of all)
    for (const [label, values] of marks) joined.set(label, new Set([...(joined.get(label) ?? []), ...values]));
  return joined;
}

/** Whether two sets of values have nothing in common; an unknown set differs from none. */
const isApart = (values: ReadonlySet<string> | undefined, others: ReadonlySet<string> | undefined): boolean =>
  values !== undefined &&
  others !== undefined &&
  ![...values].some((one) => [...others].some((other) => isLikeMark(one, other)));

type PageNames = Pick<Article, 'texts'>;

/** The marks of an article: those of its titles, and of its other names those that are no adjectives. */
export function readPageMarks({ texts }: PageNames, only?: Pick<Marks, 'has'>): Marks {
  const all = Object.values(texts);
  const ofTitles = all.map(({ title }) => readMarks(title, only));
  const ofOthers = all.flatMap(({ alsoCalled }) => alsoCalled.map((name) => readMarks(name, only)));
  const plain = ofOthers.map((marks) => new Map([...marks].filter(([label]) => !ADJECTIVES.has(label))));
  return joinMarks([...ofTitles, ...plain]);
}

/** True if an article's title names a number, letter or type that a text does not: `Diabetes Type 2` of `Diabetic eye disease`. */
export function namesFurtherMark({ texts }: PageNames, text: string): boolean {
  const stated = readMarks(text);
  return Object.values(texts).some(({ title }) =>
    [...readMarks(title)].some(
      ([label, values]) => !ADJECTIVES.has(label) && (!stated.has(label) || isApart(values, stated.get(label))),
    ),
  );
}

/** A mark in a title that is not the code's own. */
export interface OtherMark {
  readonly label: string;
  readonly values: ReadonlySet<string>;
}

/** Code that the marks of a title are compared with. */
export interface MarkedCode {
  readonly pages: readonly PageNames[];
  /** The values that lead to the code's own articles, where others do not (resources/titles/marked-codes.csv). */
  readonly telling: Marks | undefined;
  /** The code's own names, if the library has any; undefined before it is queried: then every possible mark is returned. */
  readonly names: readonly string[] | undefined;
}

/**
 * The marks of a title that differ from the code's where the articles differ with them: the code is known to have others
 * for another value, or an article of its own names one value, and the title another.
 */
export function findOtherMarks(title: string, { pages, telling, names }: MarkedCode): OtherMark[] {
  const stated = readMarks(title);
  if (stated.size === 0) return [];
  const readNames = (all: readonly string[]): Marks => joinMarks(all.map((name) => readMarks(name, stated)));
  const ofPages = pages.map((page) => readPageMarks(page, stated));
  const ofCode = readNames(names ?? []);
  return [...stated].flatMap(([label, values]) => {
    const known = telling?.get(label);
    if (known) return isApart(values, known) ? [{ label, values }] : [];
    const own = ofCode.get(label) ?? joinMarks(ofPages).get(label);
    const isMisled = ofPages.some((marks) => isApart(values, marks.get(label)));
    const isTelling = isMisled || (ALWAYS.has(label) && (!names || ofCode.has(label)));
    return isTelling && (!names || isApart(values, own)) ? [{ label, values }] : [];
  });
}

/** Spellings of a number, the number itself first. */
const listWritten = (value: string): string[] => [
  value,
  ...[...NUMBERS].filter(([, number]) => number === value).map(([word]) => word),
];

/**
 * Names like those of the code's articles with the title's value in place of theirs: `Diabetes Type 2` and type: 1 →
 * `Diabetes Type 1`, `Diabetes Type I` ...
 */
export function exchangeMark(names: readonly string[], { label, values }: OtherMark): string[] {
  return names.flatMap((name) => {
    const own = readMarks(name).get(label);
    if (!own) return [];
    const words = foldText(name).split(/[^a-z0-9]+/);
    const place = words.findIndex((word) => own.has(toValue(word)));
    if (place < 0) return [];
    return [...values].flatMap((value) => listWritten(value).map((written) => words.with(place, written).join(' ')));
  });
}
