import type { Language } from '../model/language.js';
import { parseQuery } from '../search/text-query.js';
import { losesDenial } from './everyday-words.js';
import type { KnownWord } from './known-word.js';
import type { KnownWords } from './known-words.js';
import { isAmbiguous } from './known-word.js';
import { isNumber, isPerson, isQualifier, weighWords } from './word-weights.js';

/** Subject of a line, without the words around it. */
export interface Subject {
  /** Its words, folded, in their order: with those that qualify them, and without. */
  readonly texts: readonly string[];
  /** Phrases of the line that are known, perhaps with some of the words around its subject: the longest first. */
  readonly words: readonly KnownWord[];
  /** Words of the subject that are in none of them. */
  readonly rest: string;
  /** Number of words of the longest of them; 0 where none is known. */
  readonly covered: number;
  /** The rest tells more than the longest of them, or as much and stands before it. */
  readonly isRestFirst: boolean;
}

/** Words of the longest phrase that surrounds a subject: `wont go away`. */
const MOST_WORDS_AROUND = 4;
/** "no" negates the line, so it is never around the subject. */
const DENIAL = 'no';

/** Words behind a verb. */
const PARTICLES: ReadonlySet<string> = new Set('away back down off out over through up'.split(' '));

/** For each word whether it stands in a phrase that only surrounds what the line is about: `diet` in `gout diet`, `since yesterday`. */
function findContext(words: readonly string[], language: Language, known: KnownWords): boolean[] {
  const isContext = words.map(() => false);
  for (let length = MOST_WORDS_AROUND; length > 0; length -= 1) {
    for (let from = 0; from + length <= words.length; from += 1) {
      if (known.isContext(words.slice(from, from + length).join(' '), language))
        isContext.fill(true, from, from + length);
    }
  }
  return isContext;
}

/** Some neighbouring words of a line, from the first to before the last, and how many of them are its subject's. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly meaningful: number;
}

/** Places in which the phrases of a line are looked up. */
export interface SubjectPlaces {
  readonly known: KnownWords;
  /** The articles that have a text as one of their names. */
  readonly named: (text: string) => readonly string[];
}

/** Neighbouring words with at least one of the subject's, those with most of these first, of equals the longest. */
function listSpans(isAround: readonly boolean[]): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < isAround.length; from += 1) {
    for (let to = from + 1; to <= isAround.length; to += 1) {
      const meaningful = isAround.slice(from, to).filter((around) => !around).length;
      if (meaningful > 0) spans.push({ from, to, meaningful });
    }
  }
  return spans.sort((a, b) => b.meaningful - a.meaningful || b.to - b.from - (a.to - a.from));
}

const isOne = (word: KnownWord | undefined): word is KnownWord =>
  word !== undefined && !word.isWord && !isAmbiguous(word);

/** A span, and whether the forms of its verbs do not matter. */
interface LookUp {
  readonly span: Span;
  readonly isLoose: boolean;
}

/** Each span as it is written and with any forms of its verbs: of spans with as many of the subject's words, all as they are written first. */
function* listLookUps(spans: readonly Span[]): Generator<LookUp> {
  const counts = [...new Set(spans.map(({ meaningful }) => meaningful))];
  for (const count of counts) {
    const some = spans.filter(({ meaningful }) => meaningful === count);
    for (const isLoose of [false, true]) for (const span of some) yield { span, isLoose };
  }
}

/** The longest known phrase of several words with a part of the body, of a line in which all words surround something: `back to work after knee surgery`. */
function findAtPart(words: readonly string[], language: Language, known: KnownWords): Subject | undefined {
  const isNoPart = words.map((word) => !known.isPart(word, language));
  const phrases = listSpans(isNoPart)
    .filter(({ from, to }) => to - from > 1)
    .map(({ from, to }) => words.slice(from, to))
    .sort((a, b) => b.length - a.length);
  const word = phrases.map((phrase) => known.findAsWritten(phrase.join(' '), language)).find(isOne);
  return word && { texts: [], words: [word], rest: '', covered: 1, isRestFirst: false };
}

/** Known word that a phrase is; of several words, the articles that have it as a name. */
function findPhrase(words: readonly string[], isLoose: boolean, language: Language, { known, named }: SubjectPlaces) {
  const text = words.join(' ');
  const word = isLoose ? known.find(text, language) : known.findAsWritten(text, language);
  if (word || words.length < 2) return word;
  const articles = named(text);
  const meanings = [{ means: text, language, articles }];
  return articles.length === 0
    ? undefined
    : { text, meanings, isErrorProne: false, isWord: false, isAbbreviation: false };
}

/**
 * Subject of a line, where all its other words only surround that (`my knee hurts when I walk up stairs`, `gout diet`, `foods to avoid with
 * warfarin`), and each thing that it is about where several are known (`swollen feet and chest pain`). Undefined where the line has nothing
 * but what surrounds a subject, and where it denies something.
 */
export function findSubject(line: string, language: Language, places: SubjectPlaces): Subject | undefined {
  const { known } = places;
  if (losesDenial(line)) return undefined;
  const words = known.join(
    parseQuery(line).map(({ word }) => word),
    language,
  );
  const isContext = findContext(words, language, known);
  const weights = weighWords(words);
  // The part of the body that something is at surrounds it as well: `arthritis in my hands`.
  const isTelling = (word: string): boolean => isQualifier(word) || known.isPart(word, language);
  const isAround = words.map(
    (word, at) => isContext[at] || isNumber(word) || (word !== DENIAL && ((weights[at] ?? 1) < 1 || isTelling(word))),
  );
  const core = words.filter((_, at) => !isAround[at]);
  const isOfSubject = (word: string, at: number): boolean =>
    !isAround[at] || (!isContext[at] && known.isPart(word, language));
  const lookUp = ({ span: { from, to }, isLoose }: LookUp): KnownWord | undefined =>
    findPhrase(words.slice(from, to), isLoose, language, places);
  if (core.length === 0) return findAtPart(words, language, known);
  // The words of a question make no name of two words: `when does my milk come in`.
  const isQualifying = (word: string, at: number): boolean => !isContext[at] && weights[at] !== 0 && isTelling(word);
  const qualified = words.filter((word, at) => !isAround[at] || isQualifying(word, at)).join(' ');
  const texts = core.length === words.length || core.includes(DENIAL) ? [] : [...new Set([qualified, core.join(' ')])];
  const isLeft = isAround.map((around) => !around);
  const spans = listSpans(isAround);
  // With whom it is about, and where, it tells more than a shorter phrase: `bebé mocos`, `neck stiff headache`.
  const described = words.filter((word, at) => isOfSubject(word, at) || isPerson(word));
  const ofWhole = spans.find((span) => span.meaningful === core.length && isOne(lookUp({ span, isLoose: true })));
  const length = ofWhole ? ofWhole.to - ofWhole.from : core.length;
  // The subject without what stands within it comes behind the whole of it, and before its parts.
  const wholes = [...(described.length > length ? [described] : []), ...(ofWhole ? [] : [core])];
  const whole = wholes.map((some) => known.find(some.join(' '), language)).find(isOne);
  if (whole) return { texts, words: [whole], rest: '', covered: core.length, isRestFirst: false };
  const found: KnownWord[] = [];
  let first: Span | undefined;
  for (const one of listLookUps(spans)) {
    const { from, to, meaningful } = one.span;
    if (isLeft.slice(from, to).filter((left) => left).length < meaningful) continue;
    const word = lookUp(one);
    if (!isOne(word)) continue;
    first ??= one.span;
    found.push(word);
    isLeft.fill(false, from, to);
  }
  const rest = words.filter((_, at) => isLeft[at]);
  const isRestFirst =
    first !== undefined &&
    (rest.length > first.meaningful || (rest.length === first.meaningful && isLeft.indexOf(true) < first.from));
  const span = first ? words.slice(first.from, first.to) : [];
  // An event that something met is no name of it: `sensor fell off`.
  const isEvent = PARTICLES.has(span.at(-1) ?? '');
  const covered = isEvent && first ? first.meaningful : span.length;
  return { texts, words: found, rest: rest.join(' '), covered, isRestFirst };
}
