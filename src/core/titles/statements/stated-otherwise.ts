import { readVaccineLine } from '../../words/drugs/vaccine-line.js';
import { readDataFile } from '../../read-data-file.js';
import { foldText } from '../../search/text-tokens.js';
import { findOwn } from '../../find-own.js';
import {
  listBeginnings,
  listEndings,
  readAroundIllness,
  type KnownIllnesses,
  type StatementKind,
} from './around-illness.js';

export interface Statement {
  readonly kind: StatementKind;
  /** The words of the statement, folded: lower case, without accents (`denies`, `antecedente de`). */
  readonly phrase: string;
  /** The subject of the statement, folded; never empty. */
  readonly subject: string;
}

/** A longer text is not a title or a search line; only its beginning is read. */
const MAX_CHARS = 500;

type Row = readonly [StatementKind, string];
type Cue = readonly [StatementKind, RegExp];

const DATA = readDataFile('titles/statements.yaml') as Readonly<
  Record<'before' | 'lacking' | 'negativeKind' | 'isPresent', string> &
    Record<'leading' | 'trailing' | 'partOfName', readonly Row[]> & {
      readonly pages: Readonly<Record<string, StatementKind | undefined>>;
      readonly titles: Readonly<Record<'leading' | 'trailing', readonly Row[]>>;
      readonly agreeing: Readonly<Partial<Record<StatementKind, string>>>;
    }
>;
const toCues = (rows: readonly Row[]): Cue[] => rows.map(([kind, pattern]) => [kind, new RegExp(pattern)]);

/** Words that may precede a statement: who it is about, or why the patient came. */
const BEFORE = new RegExp(DATA.before);
/** Things whose lack is the complaint itself: "no appetite" and "sin aliento" deny nothing. */
const LACKS = new RegExp(DATA.lacking);
/** Cues at the beginning of a text, in order of matching. Each ends before its subject. */
const LEADING = toCues(DATA.leading);
/** Cues at the end of a text. Each begins after its subject. */
const TRAILING = toCues(DATA.trailing);
/** Further cues that count in titles alone. */
const IN_TITLES = { leading: toCues(DATA.titles.leading), trailing: toCues(DATA.titles.trailing) };
const ALL = { leading: [...LEADING, ...IN_TITLES.leading], trailing: [...TRAILING, ...IN_TITLES.trailing] };
/** Statements that may have more behind them: a relative there may be company. */
const OF_ENDING: ReadonlySet<StatementKind> = new Set(['suspected', 'negated', 'ruled-out', 'history']);
/** Words of a code's own name that agree with a statement. */
const AGREEING = new Map(Object.entries(DATA.agreeing).map(([kind, pattern]) => [kind, new RegExp(pattern)]));
/** Uses of "negative" for a kind, not a finding: Rh negative, Gram-negative, triple negative, HER2-negative. */
const NEGATIVE_KIND = new RegExp(DATA.negativeKind);
/** The time of an illness, and the words by which it is that of its beginning: `Onset of gout 2018`. */
const OF_TIME = /\d|\bas a |\bago$|\blast |\bpasad[oa]$|\bhace /;
const IS_PRESENT = new RegExp(DATA.isPresent);
/** Subjects that form a name with a cue: a medical history, a family history, a skin exposure. */
const PART_OF_A_NAME = toCues(DATA.partOfName);

/** The statement that an article is about, by its id: family history, a cancer that is over. */
export const statementOfPage = (article: string): StatementKind | undefined => findOwn(DATA.pages, article);

/** Suffixes of SNOMED CT's fully specified names: `Macular edema absent (situation)`. */
const SEMANTIC_TAG =
  / ?\((?:situation|finding|disorder|procedure|event|regime\/therapy|context-dependent category)\) ?$/;

/** Prepares a text for matching against cues: folded, without marks around it. */
function foldLine(text: string): string {
  const folded = foldText(text.slice(0, MAX_CHARS)).replace(/[’ʼ`]/g, "'");
  return folded.replace(/\s+/g, ' ').trim().replace(SEMANTIC_TAG, '');
}

/** Marks at the end of a text. */
const ENDING = /(?<![\s.,;:)\]}*])[\s.,;:)\]}*]+$/;
const LEAST_SUBJECT = /[\p{L}\p{N}]{2}/u;

/** A statement, if the rest of the text can be its subject. */
function toStatement(kind: StatementKind, phrase: string, rest: string): Statement | undefined {
  const subject = rest.replace(/^[^\p{L}\p{N}]+|(?<=[\p{L}\p{N}])[^\p{L}\p{N}]+$/gu, '');
  if (!LEAST_SUBJECT.test(subject)) return undefined;
  if (kind === 'negated' && LACKS.test(subject)) return undefined;
  const isName = PART_OF_A_NAME.some(([nameKind, names]) => nameKind === kind && names.test(subject));
  return isName ? undefined : { kind, phrase: phrase.replace(/^[\s,(:-]+|(?<![\s:-])[\s:-]+$/g, ''), subject };
}

/** True if a cue ends within a word: `no` of `nodule`. */
const isWithinWord = (phrase: string, rest: string): boolean => /[a-z0-9]$/.test(phrase) && /^[a-z0-9]/.test(rest);

function readLeading(folded: string, cues: readonly Cue[]): Statement | undefined {
  for (const [kind, cue] of cues) {
    const [phrase] = cue.exec(folded) ?? [];
    const rest = phrase === undefined ? '' : folded.slice(phrase.length);
    const statement = phrase === undefined || isWithinWord(phrase, rest) ? undefined : toStatement(kind, phrase, rest);
    if (statement) return statement;
  }
  return undefined;
}

function readTrailing(ended: string, cues: readonly Cue[]): Statement | undefined {
  for (const [kind, cue] of cues) {
    const found = cue.exec(ended);
    if (!found) continue;
    const rest = ended.slice(0, found.index);
    if (kind === 'history' && OF_TIME.test(found[0]) && IS_PRESENT.test(rest)) continue;
    if (kind === 'negated' && /neg/.test(found[0]) && NEGATIVE_KIND.test(rest)) continue;
    const statement = toStatement(kind, found[0], rest);
    if (statement) return statement;
  }
  return undefined;
}

/**
 * Reads what a search line states about its subject: `denies chest pain` and `no DM` (negated), `r/o MI`
 * (ruled out), `FHx breast cancer`, `h/o stroke`, `antecedente de infarto`, `screening for HIV`, `exposure to rabies`.
 * Only a cue at the beginning or end of the text governs its subject; within a name it does not: `migraine without
 * aura`, `Rh negative`, `Gram-negative sepsis`, `non-Hodgkin lymphoma`. Undefined if the text states nothing, or if the
 * lack itself is the complaint: `no appetite`, `sin aliento`, `no puedo dormir`. An official name may make the same
 * statement as a title compared with it; the caller checks both.
 */
export function readStatement(text: string): Statement | undefined {
  const line = foldLine(text);
  const start = BEFORE.exec(line)?.[0].length ?? 0;
  return readLeading(line.slice(start), LEADING) ?? readTrailing(line.replace(ENDING, ''), TRAILING);
}

/**
 * Reads what a title that came with a code states: as a search line, and by further cues of uncertainty, of the past and of relatives that
 * name the subject itself where a person types them: `possible pneumonia`, `?DVT`, `s/p stroke`, `MI in 2009`, `mother with asthma`; and by words
 * of notes around the name of an illness.
 */
export function readTitleStatement(text: string, known?: KnownIllnesses): Statement | undefined {
  // A refused vaccine, or one of last year, is still the one that the statement is on.
  if (readVaccineLine(text) !== undefined) return undefined;
  const stated = readStatement(text);
  if (stated) return stated;
  const line = foldLine(text);
  const plain = line.slice(BEFORE.exec(line)?.[0].length ?? 0);
  const ended = line.replace(ENDING, '');
  const own = readLeading(plain, IN_TITLES.leading) ?? readTrailing(ended, IN_TITLES.trailing);
  if (own || !known || SEMANTIC_TAG.test(foldText(text.slice(0, MAX_CHARS)))) return own;
  const within = readWithin(plain, ended, known);
  const around = within ? undefined : readAroundIllness(line, known);
  return around ? toStatement(around.kind, around.phrase, around.subject) : within;
}

/** Reads a statement behind words that change nothing, or before a break. */
function readWithin(plain: string, ended: string, known: KnownIllnesses): Statement | undefined {
  if (known.find(ended)) return undefined;
  for (const beginning of listBeginnings(plain)) {
    const statement = readLeading(beginning, ALL.leading);
    if (statement) return statement;
  }
  for (const ending of listEndings(ended, known)) {
    const statement = readTrailing(ending, ALL.trailing);
    if (
      statement &&
      OF_ENDING.has(statement.kind) &&
      !/[,;:]/.test(statement.subject) &&
      !OF_TIME.test(statement.phrase)
    )
      return statement;
  }
  return undefined;
}

/** True if a code's own name contains words that agree with the statement: `Presence of cardiac pacemaker` and `s/p pacemaker`, `Absence of spleen` and `no spleen`. */
export const agreesWithStatement = (name: string, kind: StatementKind, subject: string): boolean => {
  const words = AGREEING.get(kind);
  // No weight loss is none, whatever the code's name has of a loss.
  const isOfSubject = kind === 'negated' && words?.test(foldText(subject));
  return !isOfSubject && (words?.test(foldText(name.slice(0, MAX_CHARS))) ?? false);
};
