import type { Language } from '../../model/language.js';
import { readDataFile } from '../../read-data-file.js';
import { toAmericanSpelling } from '../../search/american-spelling.js';
import { foldText } from '../../search/text-tokens.js';
import type { KnownWord } from '../../words/known-word.js';
import type { Vocabulary } from '../../words/vocabulary.js';
import { writeOut } from '../../words/word-weights.js';
import { abbreviates } from '../plain-words.js';

/** Words of a title as abbreviations are written: `COPD`, `T2DM`, `PT/INR`. */
const WORDS = /[\p{L}\d][\p{L}\d&/+-]*/gu;
/** An abbreviation among other words. */
const CAPITALS = /^(?=[^a-z]*[A-Z][^A-Z]*[A-Z\d])[A-Za-z][A-Za-z\d&/+-]{1,9}$/;
/** An abbreviation with the words that it stands for: `BV (bacterial vaginosis)`, `Bacterial vaginosis (BV)`. */
const GLOSSED = /^([A-Z][A-Z\d/&+-]{1,8})s? ?(?:\(([^()]{6,100})\)|[-:] ([^()]{6,100}))(?=$|[ ,])/;
const GLOSS = / \([A-Z][A-Za-z\d/&+-]{1,8}\)/g;
/** A title in capitals: its words are none of their own. */
const IN_CAPITALS = /^[^a-z]*$/;
/** A unit behind its number: 100 MG of a drug are no myasthenia gravis. */
const UNIT = /^(?:MC?G|ML|MM|CM|KG|HR|IU)$/;

/** Meanings of the abbreviations among a title's words. */
export const listMeanings = (line: string, { known }: Vocabulary, language: Language = 'en'): string[] =>
  (line.match(WORDS) ?? []).flatMap(
    (word) => known.findAbbreviation(word, language)?.meanings.map(({ means }) => means) ?? [],
  );

/**
 * The one meaning of an abbreviation; of the first word of a title the one that pages are about. Undefined if there are several, none may be guessed, or it
 * is written as another: `PsA` is no `PSA`.
 */
function findMeaning(typed: string, word: KnownWord | undefined, isFirst: boolean): string | undefined {
  const isOther = /[a-z]/.test(typed) && typed !== word?.text && typed.toLowerCase() === word?.text.toLowerCase();
  if (!word || word.isErrorProne || isOther) return undefined;
  const explained = word.meanings.filter(({ articles }) => articles.length > 0);
  const [first, other] = isFirst && explained.length > 0 ? explained : word.meanings;
  return other ? undefined : first?.means;
}

/**
 * The title with its abbreviations written out: `COPD exacerbation` → `chronic obstructive pulmonary disease exacerbation`; with the words that it
 * gives in parentheses for its own. Undefined if there are none.
 */
export function writeOutTitle(
  title: string,
  { known, plainWords }: Vocabulary,
  language: Language = 'en',
): string | undefined {
  const [whole = '', short = '', inside, behind] = GLOSSED.exec(title) ?? [];
  const gloss = inside ?? behind ?? '';
  const isGloss = gloss.includes(' ') && abbreviates(short.toLowerCase(), gloss.toLowerCase());
  const line = writeOut(isGloss ? `${gloss}${title.slice(whole.length)}` : title.replace(GLOSS, ''));
  const isInCapitals = IN_CAPITALS.test(line);
  const written = line.replace(WORDS, (word: string, at: number) => {
    if (UNIT.test(word) && /\d ?$/.test(line.slice(0, at))) return word;
    const decided = MEANT.find(([abbreviation, , beside]) => abbreviation === word && beside.test(line));
    if (decided) return decided[1];
    const isPlain = isInCapitals && plainWords[language].has(foldText(word));
    const abbreviation = CAPITALS.test(word) && !isPlain ? known.findAbbreviation(word, language) : undefined;
    return (
      (isInCapitals && abbreviation?.isWord === true ? undefined : findMeaning(word, abbreviation, at === 0)) ?? word
    );
  });
  return written === title ? undefined : written;
}

/** Wordings of a title that are read. */
const MOST_WORDINGS = 5;
type Rewrites = readonly (readonly [pattern: string, plain: string])[];
const { meant, rewrites, orders, spanish, spanishCause, spanishWhole } = readDataFile('titles/frames.yaml') as {
  readonly meant: readonly (readonly [abbreviation: string, means: string, beside: string])[];
  readonly rewrites: Rewrites;
  readonly orders: Rewrites;
  readonly spanish: readonly string[];
  readonly spanishCause: string;
  readonly spanishWhole: string;
};
/** Abbreviations of several meanings, and the words beside which one is meant. */
const MEANT = meant.map(([abbreviation, means, beside]) => [abbreviation, means, new RegExp(beside, 'i')] as const);
const toPairs = (rows: Rewrites) => rows.map(([pattern, plain]) => [new RegExp(pattern, 'i'), plain] as const);
const [REWRITES, ORDERS] = [toPairs(rewrites), toPairs(orders)];
/** Words of Spanish titles that tell one case of a thing from another, folded; each is a step further from the title. */
const SPANISH_QUALIFIERS = spanish.map((pattern) => new RegExp(pattern, 'g'));
const [SPANISH_CAUSE, SPANISH_WHOLE] = [new RegExp(spanishCause), new RegExp(spanishWhole)];
/** Marks and small words of Spanish. */
const IS_SPANISH = /[áéíóúñ¿]|\b(?:del?|con|sin|por|tipo|estadio|grado)\b/i;

/** Languages in which a title is read, the likeliest first. */
export function listLanguages(title: string, reader: Language): readonly Language[] {
  if (IS_SPANISH.test(title)) return ['es', 'en'];
  return reader === 'es' ? ['en', 'es'] : ['en'];
}

/** Wordings of a Spanish title: as it is, written out, and each without what tells one case from another, a step at a time. */
export function listSpanishWordings(line: string, expanded: string | undefined): string[] {
  const lines = [line, ...(expanded === undefined ? [] : [expanded])];
  const plain = lines.flatMap((one) => {
    const folded = foldText(one);
    let left = SPANISH_WHOLE.test(folded) ? folded : folded.replace(SPANISH_CAUSE, '');
    return SPANISH_QUALIFIERS.map((pattern) => {
      left = left.replace(pattern, ' ').replace(/\s+/g, ' ').trim();
      return left;
    });
  });
  return [...new Set([...lines, ...plain])].filter((one) => one !== '');
}

const spellAsPages = (line: string): string =>
  line.replace(/[a-z]{5,}/gi, (word) => {
    const [folded, spelt] = [word.toLowerCase(), toAmericanSpelling(word.toLowerCase())];
    return spelt === folded ? word : spelt;
  });

/** The test or picture that a line orders: `CT HEAD W/O CONTRAST` → `head ct scan`. */
const nameOrdered = (line: string): string =>
  ORDERS.reduce((left, [pattern, plain]) => left.replace(pattern, plain), line).trim();

/** Wordings of the line: as it is, as it is ordered, written out, in American spelling, and as everyday names put it, each a step further from it. */
export function listWordings(line: string, expanded = ''): string[] {
  const wordings = [line, nameOrdered(line), spellAsPages(line), spellAsPages(expanded)].filter(Boolean);
  for (const [pattern, plain] of REWRITES) wordings.push((wordings.at(-1) ?? line).replace(pattern, plain).trim());
  return [...new Set(wordings)].filter((wording) => wording !== '').slice(0, MOST_WORDINGS);
}
