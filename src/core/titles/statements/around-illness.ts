import { readDataFile, toWordSet } from '../../read-data-file.js';

/**
 * Kinds of statement about a subject that is not named as the patient's present condition: absent, to be or already ruled out, only
 * suspected, a relative's, over, screened for, or an exposure only.
 */
export const STATEMENT_KINDS = [
  'negated',
  'ruled-out',
  'suspected',
  'family-history',
  'history',
  'screening',
  'exposure',
] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

/** The kind of thing that a name is: an illness, a complaint that an illness may have, or another thing with a code of that title. */
export type NamedKind = 'illness' | 'complaint' | 'other';
export type FindIllness = (name: string) => NamedKind | undefined;

/** A statement around the name of an illness. */
interface AroundIllness {
  readonly kind: StatementKind;
  readonly phrase: string;
  readonly subject: string;
}

type Kinds = Readonly<Partial<Record<StatementKind, string>>>;
const { around: DATA } = readDataFile('titles/statements.yaml') as {
  readonly around: {
    readonly cues: Kinds;
    readonly weak: Kinds;
    readonly present: string;
    readonly fillers: string;
  };
};
const toSets = (kinds: Kinds): readonly (readonly [StatementKind, ReadonlySet<string>])[] =>
  (Object.keys(kinds) as StatementKind[]).map((kind) => [kind, toWordSet(kinds[kind] ?? '')]);
/** Words of statements, and those that are none beside an illness that is there; the first kind of which a word is there is stated. */
const [CUES, WEAK] = [toSets(DATA.cues), toSets(DATA.weak)];
const [PRESENT, FILLERS] = [toWordSet(DATA.present), toWordSet(DATA.fillers)];
const KNOWN: ReadonlySet<string> = new Set([...CUES, ...WEAK].flatMap(([, words]) => [...words]));
/** Words of a person's age, behind or before a number. */
const OF_AGE: ReadonlySet<string> = new Set(['age', 'aged', 'edad', 'anos']);

/** A date, a year, a decade; any other number is a filler. */
const DATE = /^(?:(?:19|20)\d\d|'\d\d|\d{1,2}\/(?:\d{1,2}\/)?(?:\d{4}|\d\d)|(?:19)?\d0'?s)$/;
const NUMBER = /^\d{1,4}$/;
const TOKEN = /\?+|[a-z0-9'/+-]+/g;
const HAS_WORD = /[a-z0-9?]/;
/** The patient's age is no time of the illness: `12 year old with asthma`. */
const AGE_OF_PATIENT = /\b\d{1,3}[ -]?(?:y\/?o|m\/?o|years?[ -]old|months?[ -]old)\b/g;
/** Of what comes after another thing an adjective is a part of the name: `post traumatic arthritis`. */
const AFTERMATH = /\bpost (?=[a-z]+(?:ic|al|ive|ous|ory|um)\b|covid)/g;
/** Words of a longer title are not read, nor more than these around a name. */
const MOST_TOKENS = 24;
const MOST_AROUND = 9;

interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const isDate = (word: string): boolean => DATE.test(word);
const isAround = ({ word }: Token): boolean =>
  KNOWN.has(word) || FILLERS.has(word) || PRESENT.has(word) || NUMBER.test(word) || isDate(word);

/** Words that are a part of the name where no other is between: `male partner`, `exposure keratitis`. */
const BEHIND = /^(?:partner|child|famil\w+)$/;
const BEFORE = /^(?:exposure|contact)s?$/;

/** The kind that words around a name state. */
function findKind(around: readonly string[], named: NamedKind): StatementKind | undefined {
  if (named === 'other') return undefined;
  const [strong] = CUES.find(([, words]) => around.some((word) => words.has(word))) ?? [];
  if (strong || named === 'complaint' || around.some((word) => PRESENT.has(word))) return strong;
  const [weak] = WEAK.find(([, words]) => around.some((word) => words.has(word))) ?? [];
  const isDated =
    around.some(isDate) || (around.some((word) => OF_AGE.has(word)) && around.some((word) => NUMBER.test(word)));
  return weak ?? (isDated ? 'history' : undefined);
}

/**
 * Reads what the words around the name of an illness state, whatever their order: `Sent for evaluation of gallstones`, `HIV 6/2014`, `gota a los
 * 12 anos`. All of them are words of notes, and one at least is a cue. A title that is itself a name states nothing.
 * @param line folded
 */
export function readAroundIllness(line: string, findIllness: FindIllness): AroundIllness | undefined {
  const plain = line.replace(AGE_OF_PATIENT, ' ').replace(AFTERMATH, 'post-');
  const tokens = [...plain.matchAll(TOKEN)].flatMap(({ 0: text, index }) =>
    HAS_WORD.test(text) ? [{ word: text.replace(/'s$/, ''), start: index, end: index + text.length }] : [],
  );
  if (tokens.length > MOST_TOKENS) return undefined;
  const isCue = ({ word }: Token): boolean => KNOWN.has(word) || isDate(word) || OF_AGE.has(word);
  if (!tokens.some(isCue) || findIllness(line)) return undefined;
  const first = tokens.findIndex((token) => !isAround(token));
  const last = tokens.findLastIndex((token) => !isAround(token));
  const [left, right] = first < 0 ? [tokens.length - 1, 0] : [first, tokens.length - 1 - last];
  // The longest name: a word of notes beside it may be a part of it.
  for (let all = 1; all <= Math.min(left + right, 2 * MOST_AROUND); all += 1)
    for (let before = Math.max(0, all - right); before <= Math.min(left, all); before += 1) {
      const inner = tokens.slice(before, tokens.length - (all - before));
      const sides = [tokens.slice(0, before), tokens.slice(tokens.length - (all - before))] as const;
      const around = sides.flat();
      const [start, end] = [inner[0]?.start, inner.at(-1)?.end];
      if (start === undefined || end === undefined || !around.some(isCue)) continue;
      const subject = plain.slice(start, end);
      const named = findIllness(subject);
      const words = around.map(({ word }) => word);
      const isPart = BEFORE.test(sides[0].at(-1)?.word ?? '') || BEHIND.test(sides[1][0]?.word ?? '');
      const kind = named && !isPart ? findKind(words, named) : undefined;
      if (kind) return { kind, phrase: words.join(' '), subject };
    }
  return undefined;
}
