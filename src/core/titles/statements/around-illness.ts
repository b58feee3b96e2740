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

/** Beginning of the word that stands for a phrase. */
const MARK = '//';

type Kinds = Readonly<Partial<Record<StatementKind, string>>>;
const { around: DATA } = readDataFile('titles/statements.yaml') as {
  readonly around: {
    readonly cues: Kinds;
    readonly weak: Kinds;
    readonly rewrites: readonly (readonly [pattern: string, plain: string])[];
    readonly phrases: readonly (readonly [StatementKind, string])[];
  } & Readonly<Record<'present' | 'fillers' | 'deniable' | 'company' | 'ofName', string>>;
};
const toSets = (kinds: Kinds): readonly (readonly [StatementKind, ReadonlySet<string>])[] =>
  (Object.keys(kinds) as StatementKind[]).map((kind) => [kind, toWordSet(`${MARK}${kind} ${kinds[kind] ?? ''}`)]);
/** Words of statements, and those that are none beside an illness that is there; the first kind of which a word is there is stated. */
const [CUES, WEAK] = [toSets(DATA.cues), toSets(DATA.weak)];
const [RELATIVES, DENIALS] = (['family-history', 'negated'] as const).map((kind) => new Map(CUES).get(kind));
const [DENIABLE, COMPANY] = [toWordSet(DATA.deniable), new RegExp(DATA.company)];
/** The time of a diagnosis is none of an illness that is over: `diagnosed 2 years ago`. */
const BEGUN = /^(?:dx|dx'd|diagnos(?:ed|tic\w+)|since|desde|onset|began|started|inicio)$/;
const OF_TIME = /^(?:\/\/history|ago|back|earlier|atras)$/;
const [PRESENT, FILLERS] = [toWordSet(DATA.present), toWordSet(DATA.fillers)];
const PHRASES = DATA.phrases.map(([kind, pattern]) => [new RegExp(pattern, 'g'), ` ${MARK}${kind} `] as const);
const KNOWN: ReadonlySet<string> = new Set([...CUES, ...WEAK].flatMap(([, words]) => [...words]));
/** Words of a person's age, behind or before a number. */
const OF_AGE: ReadonlySet<string> = new Set(['age', 'aged', 'edad', 'anos']);

/** A date, a year, a decade; any other number is a filler. */
const DATE = /^(?:(?:19|20)\d\d|'\d\d|\d{1,2}\/(?:\d{1,2}\/)?(?:\d{4}|\d\d)|(?:19)?\d0'?s)$/;
const NUMBER = /^\d{1,4}$/;
const TOKEN = /\?+|[a-z0-9'/+-]+/g;
const HAS_WORD = /[a-z0-9?]/;
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

/** Words that are a part of the name where no other is between: `male partner`, `cancer de mama`, `exposure keratitis`. */
const BEHIND = /^(?:partner|child|famil\w+|de mama)\b/;
const BEFORE = /^(?:exposure|contact|travel\w*)s?$/;
const OF_NAME = new RegExp(DATA.ofName);
/** A name does not end so: `cancer de` before `mama`. */
const UNENDED = / (?:of|de|del|la|el|in|en|with|con|to|a|and|y)$/;
const REWRITES = DATA.rewrites.map(([pattern, plain]) => [new RegExp(pattern, 'g'), plain] as const);
/** The mark of an absence: `gallstones (-)`. */
const ABSENT = /[([]\s?-\s?[)\]]/g;

/** Words of what is behind a name, without a denial of something else and without company: `gout, no meds`, `asthma, mom at visit`. */
function readBehind(words: readonly string[]): readonly string[] {
  const denial = words.findIndex((word) => DENIALS?.has(word));
  const isOfOther = denial >= 0 && words.slice(denial + 1).some((word) => !DENIABLE.has(word) && !KNOWN.has(word));
  const isCompany = COMPANY.test(words.join(' '));
  return words.filter((word) => !(isOfOther && DENIALS?.has(word)) && !(isCompany && RELATIVES?.has(word)));
}

/** The kind that words around a name state. */
function findKind(around: readonly string[], named: Exclude<NamedKind, 'other'>): StatementKind | undefined {
  const isBegun = around.some((word) => BEGUN.test(word));
  const [strong] =
    CUES.find(([, words]) => around.some((word) => words.has(word) && !(isBegun && OF_TIME.test(word)))) ?? [];
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
  const noted = line.replace(ABSENT, ` ${MARK}negated `);
  const plain = [...REWRITES, ...PHRASES].reduce((text, [pattern, word]) => text.replace(pattern, word), noted);
  const tokens = [...plain.matchAll(TOKEN)].flatMap(({ 0: text, index }) =>
    HAS_WORD.test(text) ? [{ word: text.replace(/'s$/, ''), start: index, end: index + text.length }] : [],
  );
  if (tokens.length > MOST_TOKENS) return undefined;
  const isCue = ({ word }: Token): boolean => KNOWN.has(word) || isDate(word) || OF_AGE.has(word);
  if (!tokens.some(isCue) || findIllness(noted)) return undefined;
  const first = tokens.findIndex((token) => !isAround(token));
  const last = tokens.findLastIndex((token) => !isAround(token));
  const [left, right] = first < 0 ? [tokens.length - 1, 0] : [first, tokens.length - 1 - last];
  // The longest name: a word of notes beside it may be a part of it.
  for (let all = 1; all <= Math.min(left + right, 2 * MOST_AROUND); all += 1)
    for (let ahead = Math.max(0, all - right); ahead <= Math.min(left, all); ahead += 1) {
      const inner = tokens.slice(ahead, tokens.length - (all - ahead));
      const sides = [tokens.slice(0, ahead), tokens.slice(tokens.length - (all - ahead))] as const;
      const [start, end] = [inner[0]?.start, inner.at(-1)?.end];
      const subject = plain.slice(start, end);
      if (start === undefined || subject.includes(MARK) || UNENDED.test(subject)) continue;
      const named = findIllness(subject);
      const [before, behind] = sides.map((side) => side.map(({ word }) => word));
      const words = [...(before ?? []), ...readBehind(behind ?? [])];
      const isOfName = OF_NAME.test(subject) && BEFORE.test(sides[0].at(-1)?.word ?? '');
      const isPart = isOfName || BEHIND.test(behind?.join(' ') ?? '');
      if (!named || named === 'other' || isPart) continue;
      const kind = findKind(words, named);
      if (kind) return { kind, phrase: words.join(' ').replaceAll(MARK, ''), subject };
    }
  return undefined;
}
