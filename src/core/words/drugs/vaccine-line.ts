import { readDataFile, toWordSet } from '../../read-data-file.js';
import { foldText } from '../../search/text-tokens.js';

/** A vaccine's name in a line, as a pattern, and CDC's statements on it. */
interface NameRow {
  readonly name: string;
  readonly statements: string;
  /** The name is a disease's as well. */
  readonly mark?: boolean;
  /** The name counts only where no other is found. */
  readonly alone?: boolean;
  readonly with?: string;
  readonly unless?: string;
}

const data = readDataFile('search/vaccine-lines.yaml') as {
  readonly carriers: readonly string[];
  readonly marks: string;
  readonly beside: readonly string[];
  readonly words: string;
  readonly names: readonly NameRow[];
};

/** Longer lines are no record of a shot. */
const MOST_CHARS = 240;
const toGlobal = (pattern: string): RegExp => new RegExp(pattern, 'g');
const CARRIERS = data.carriers.map(toGlobal);
const BESIDE = data.beside.map(toGlobal);
const MARKS = new RegExp(data.marks);
const WORDS = toWordSet(data.words);
const NAMES = data.names.map(({ name, statements, mark = false, alone = false, with: needed, unless }) => ({
  pattern: new RegExp(`(?<![a-z0-9])(?:${name})(?![a-z0-9])`, 'g'),
  statements: statements.split(' '),
  isDisease: mark,
  isAlone: alone,
  needed: needed === undefined ? undefined : new RegExp(needed),
  excluded: unless === undefined ? undefined : new RegExp(unless),
}));

/**
 * Returns the ids of CDC's statements on the vaccine, or on each of several, that a line records or orders, whatever it has on its dose, site and lot:
 * `Tdap #2 given`. Undefined if a word of the line is neither of a vaccine's name nor of its record: `reaction to flu shot`.
 */
export function readVaccineLine(line: string): readonly string[] | undefined {
  if (line.length > MOST_CHARS) return undefined;
  const whole = foldText(line);
  const isMarked = MARKS.test(whole);
  const found = new Set<string>();
  const without = (text: string, patterns: readonly RegExp[]): string =>
    patterns.reduce((rest, pattern) => rest.replace(pattern, ' '), text);
  let remaining = without(whole, CARRIERS);
  for (const { pattern, statements, isDisease, isAlone, needed, excluded } of NAMES) {
    if (found.size === 0 ? isDisease && !isMarked : isAlone) continue;
    if (needed?.test(whole) === false || excluded?.test(whole) === true) continue;
    const rest = remaining.replace(pattern, ' ');
    if (rest !== remaining) for (const statement of statements) found.add(statement);
    remaining = rest;
  }
  const isRecord = without(remaining, BESIDE)
    .split(/[^a-z0-9]+/)
    .every((word) => WORDS.has(word) || /^\d*$/.test(word));
  return found.size > 0 && isRecord ? [...found] : undefined;
}
