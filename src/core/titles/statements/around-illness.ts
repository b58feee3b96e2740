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

/** Names of illnesses that the library has. */
export interface KnownIllnesses {
  readonly find: (name: string) => NamedKind | undefined;
  /** True of a word in a name of any article, or in a title of a code that leads to one. */
  readonly hasWord: (word: string) => boolean;
}

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
type Words = Pick<ReadonlySet<string>, 'has'>;

/** A word without the ending of its gender, number or time, if a stem of five letters is left: `excluded`, `negadas`. */
const toStem = (word: string): string =>
  word.replace(/(?<=[a-z]{4})(?:y|ies|ied)$/, 'i').replace(/(?<=[a-z]{5})(?:ings?|ed|[aeo]s?|s)$/, '');

/** Words of a list, also with other endings; a participle of the list (`cleared`) is not the word itself (`clear`). */
function toForms(list: string): Words {
  const words = toWordSet(list);
  const stems = new Set([...words].filter((word) => !/(?:ed|ing|s)$/.test(word)).map(toStem));
  return { has: (word) => words.has(word) || stems.has(toStem(word)) };
}

const toSets = (kinds: Kinds): readonly (readonly [StatementKind, Words])[] =>
  (Object.keys(kinds) as StatementKind[]).map((kind) => [kind, toForms(`${MARK}${kind} ${kinds[kind] ?? ''}`)]);
/** Words of statements, and those that are none beside an illness that is there; the first kind of which a word is there is stated. */
const [CUES, WEAK] = [toSets(DATA.cues), toSets(DATA.weak)];
const [RELATIVES, DENIALS] = (['family-history', 'negated'] as const).map((kind) => new Map(CUES).get(kind));
const [DENIABLE, COMPANY] = [toForms(DATA.deniable), new RegExp(DATA.company)];
/** The time of a diagnosis is none of an illness that is over: `diagnosed 2 years ago`. */
const BEGUN = /^(?:dx|dx'd|diagnos(?:ed|tic\w+)|since|desde|onset|began|started|inicio)$/;
const OF_TIME = /^(?:\/\/history|ago|back|earlier|atras)$/;
const [PRESENT, FILLERS] = [toForms(DATA.present), toForms(DATA.fillers)];
const PHRASES = DATA.phrases.map(([kind, pattern]) => [new RegExp(pattern, 'g'), ` ${MARK}${kind} `] as const);
const KNOWN = toForms(
  [...Object.values(DATA.cues), ...Object.values(DATA.weak), ...STATEMENT_KINDS.map((kind) => MARK + kind)].join(' '),
);
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
/** Words of a name that is looked for within others. */
const MOST_OF_NAME = 4;

interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const isDate = (word: string): boolean => DATE.test(word);
const isAround = ({ word }: Token): boolean =>
  KNOWN.has(word) || FILLERS.has(word) || PRESENT.has(word) || NUMBER.test(word) || isDate(word);
/** True of a word that no name has; a shorter one may be an abbreviation of anything. */
const isPlain = ({ word }: Token, { hasWord }: KnownIllnesses): boolean => /^[a-z]{5,}$/.test(word) && !hasWord(word);

/** Words between a weak cue and what it is about. */
const LEADS = /^(?:for|of|about|regarding|de|por|para)$/;

/** The kind of the longest name of an illness or a complaint among words, of which those behind the first 24 are not read. */
export function findWithin(all: readonly string[], find: KnownIllnesses['find']): NamedKind | undefined {
  const words = all.slice(0, MOST_TOKENS);
  for (let count = Math.min(words.length, MOST_OF_NAME); count > 0; count -= 1)
    for (let from = 0; from + count <= words.length; from += 1) {
      const kind = find(words.slice(from, from + count).join(' '));
      if (kind && kind !== 'other') return kind;
    }
  return undefined;
}

/** A line without the words that change nothing before a statement, one fewer each: `Findings raise the possibility of gout`. */
export function* listBeginnings(line: string): Generator<string> {
  for (let rest = line, left = MOST_AROUND; left >= 0; left -= 1) {
    yield rest;
    const [beginning = '', word = ''] = /^[^a-z0-9?]*([a-z0-9]+(?:['/+-][a-z0-9]+)*)[^a-z0-9?]+/.exec(rest) ?? [];
    if (!FILLERS.has(word) || KNOWN.has(word) || PRESENT.has(word)) return;
    rest = rest.slice(beginning.length);
  }
}

const BREAK = /[,;:(]| - | (?:by|per|on|at|but|after|until|por|segun|pero|tras) /g;

/** Parts of a line before a break behind which no illness is named: `gout (suspected) - to clinic`, `gout ruled out by biopsy`. */
export function* listEndings(line: string, { find }: KnownIllnesses): Generator<string> {
  const breaks = [...line.matchAll(BREAK)].slice(0, MOST_AROUND);
  const words = breaks.length > 0 ? [...line.matchAll(TOKEN)] : [];
  if (words.length > MOST_TOKENS) return;
  const lastNamed = words.findLast((_, from) =>
    words.slice(from, from + MOST_OF_NAME).some((_, more, near) => {
      const kind = find(
        near
          .slice(0, more + 1)
          .map(([word]) => word)
          .join(' '),
      );
      return kind !== undefined && kind !== 'other';
    }),
  );
  for (const { index, 0: text } of breaks) {
    if (!lastNamed || lastNamed.index < index + text.length) yield line.slice(0, index);
  }
}

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

/** The kind that words around a name state; weak ones do among those of the last list. */
function findKind(
  around: readonly string[],
  named: Exclude<NamedKind, 'other'>,
  beside = around,
): StatementKind | undefined {
  const isBegun = around.some((word) => BEGUN.test(word));
  const [strong] =
    CUES.find(([, words]) => around.some((word) => words.has(word) && !(isBegun && OF_TIME.test(word)))) ?? [];
  if (strong || named === 'complaint' || around.some((word) => PRESENT.has(word))) return strong;
  const [weak] = WEAK.find(([, words]) => beside.some((word) => words.has(word))) ?? [];
  const isDated =
    around.some(isDate) || (around.some((word) => OF_AGE.has(word)) && around.some((word) => NUMBER.test(word)));
  return weak ?? (isDated ? 'history' : undefined);
}

/**
 * Reads what the words around the name of an illness state, whatever their order: `Sent for evaluation of gallstones`, `HIV 6/2014`, `gota a los
 * 12 anos`. All of them are words of notes, and one at least is a cue. A title that is itself a name states nothing.
 * @param line folded
 */
export function readAroundIllness(line: string, known: KnownIllnesses): AroundIllness | undefined {
  const noted = line.replace(ABSENT, ` ${MARK}negated `);
  const plain = [...REWRITES, ...PHRASES].reduce((text, [pattern, word]) => text.replace(pattern, word), noted);
  const tokens = [...plain.matchAll(TOKEN)].flatMap(({ 0: text, index }) =>
    HAS_WORD.test(text) ? [{ word: text.replace(/'s$/, ''), start: index, end: index + text.length }] : [],
  );
  if (tokens.length > MOST_TOKENS) return undefined;
  const isCue = ({ word }: Token): boolean => KNOWN.has(word) || isDate(word) || OF_AGE.has(word);
  if (!tokens.some(isCue) || known.find(noted)) return undefined;
  const others = tokens.flatMap((token, at) => (isAround(token) ? [] : [{ at, isNamed: !isPlain(token, known) }]));
  const named = others.filter(({ isNamed }) => isNamed);
  // A name of which no word is an article's may be any of them.
  const [first, last] = named.length > 0 ? [named[0], named.at(-1)] : [others.at(-1), others[0]];
  const end = tokens.length - 1;
  const [left, right] = [first?.at ?? end, end - (last?.at ?? end)];
  const judge = (ahead: number, behind: number, find: KnownIllnesses['find']): AroundIllness | undefined => {
    const sides = [tokens.slice(0, ahead), tokens.slice(tokens.length - behind)] as const;
    const inner = tokens.slice(ahead, tokens.length - behind);
    const start = inner[0]?.start;
    const subject = plain.slice(start, inner.at(-1)?.end);
    if (start === undefined || subject.includes(MARK) || UNENDED.test(subject)) return undefined;
    const kindOfName = find(subject);
    const [before = [], after = []] = sides.map((side) => side.map(({ word }) => word));
    const isOfName = OF_NAME.test(subject) && BEFORE.test(before.at(-1) ?? '');
    if (!kindOfName || kindOfName === 'other' || isOfName || BEHIND.test(after.join(' '))) return undefined;
    // Behind a name an unknown word may be what the cue there is about.
    const around = [...before, ...(sides[1].every(isAround) ? readBehind(after) : [])];
    // Of a name that is not known: `Post infarct angina`, `Prophylactic mastectomy`, but `Evaluate for fecal peritonitis`.
    const isWhole = find === known.find;
    const kind = isWhole
      ? findKind(around, kindOfName)
      : findKind(
          around.filter((word) => word !== 'post'),
          kindOfName,
          LEADS.test(before.at(-1) ?? '') ? before : [],
        );
    return kind && { kind, phrase: [...before, ...after].join(' ').replaceAll(MARK, ''), subject };
  };
  // The longest name: a word of notes beside it may be a part of it.
  for (let all = 1; all <= Math.min(left + right, 2 * MOST_AROUND); all += 1)
    for (let ahead = Math.max(0, all - right); ahead <= Math.min(left, all); ahead += 1) {
      const found = judge(ahead, all - ahead, known.find);
      if (found) return found;
    }
  // A name that no other is, of which one is a part: `Recurrent bronchiectasis`.
  return judge(left, right, (name) =>
    /[,;:]/.test(name) || (name.match(TOKEN) ?? []).some((word) => KNOWN.has(word))
      ? undefined
      : findWithin(name.match(TOKEN) ?? [], known.find),
  );
}
