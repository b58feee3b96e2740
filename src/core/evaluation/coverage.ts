import {
  answerKind,
  isMiss,
  type AnswerKind,
  type Answer,
  type Match,
  type MissReason,
} from '../answer/knowledge-response.js';
import { answerEach, splitBatches } from '../answer/answer-each.js';
import type { Sensitivity } from '../model/article.js';
import type { RequestedCode } from './requested-codes.js';
import type { CodeSystemId } from '../codes/code-systems.js';
import { DEFAULT_LANGUAGE, LANGUAGES, type Language } from '../model/language.js';
import type { Coding, Library } from '../model/library.js';
import { getOrAdd } from '../remember.js';

/** Answer to a code for a reader of whom only the language is known. */
export interface CodeFinding {
  readonly system: CodeSystemId;
  /** Normalised. Empty if no code or an impossible one was sent: that may be any text and is never reported. */
  readonly code: string;
  /** Name in its list; empty if names are hidden. */
  readonly name: string;
  readonly count: number;
  readonly byLanguage: ReadonlyMap<Language, number>;
  readonly kind: AnswerKind;
  /** The system that an impossible code plainly belongs to. */
  readonly hint: CodeSystemId | undefined;
  /** Ids of the articles that answer, the best first. */
  readonly articles: readonly string[];
  /** Languages in which one of these has a page. */
  readonly languages: ReadonlySet<Language>;
  /** Sensitivities of these articles. */
  readonly marks: readonly Sensitivity[];
}

/** Number of codes of a system that were answered in one way for readers of a language. */
export interface CoverageRow {
  /** Undefined in the totals over all code systems. */
  readonly system: CodeSystemId | undefined;
  readonly language: Language;
  readonly kind: AnswerKind;
  readonly codes: number;
  /** Number of their requests. */
  readonly count: number;
  /** The codes with a page in the reader's language, and how often these were requested. */
  readonly codesInLanguage: number;
  readonly countInLanguage: number;
}

/** A code that needs work: no article answers it, or none in a requested language. */
export interface Gap extends Coding {
  readonly name: string;
  readonly count: number;
  readonly reason: MissReason | 'other-language';
  readonly hint: CodeSystemId | undefined;
}

/** A code that leads to pages marked as sensitive. */
export type SensitiveCode = Pick<CodeFinding, 'system' | 'code' | 'name' | 'count' | 'marks'>;

/** Shared by very many findings to save memory. */
const NO_MARKS: readonly Sensitivity[] = [];
const LANGUAGE_SETS = new Map<string, ReadonlySet<Language>>();

function listLanguages(matches: readonly Match[]): ReadonlySet<Language> {
  const languages = LANGUAGES.filter((language) => matches.some(({ article }) => article.texts[language]));
  return getOrAdd(LANGUAGE_SETS, languages.join(), () => new Set(languages));
}

/** Whether the request is an unknown drug name: it may be a patient's name sent in its place. */
const isUnknownName = ({ system }: Coding, kind: AnswerKind): boolean =>
  system === 'drug-name' && isMiss(kind) && kind !== 'no-page-on-purpose';

function toFinding(
  { coding, name, hidesNames = false, count, byLanguage }: RequestedCode,
  answer: Answer,
): CodeFinding {
  const { matches, miss, code = '' } = answer;
  const kind = answerKind(answer);
  const marks = new Set(matches.flatMap(({ sensitivity }) => sensitivity ?? []));
  return {
    system: coding.system,
    code: hidesNames && isUnknownName(coding, kind) ? '' : code,
    name,
    count,
    byLanguage,
    kind,
    hint: miss?.hint,
    articles: matches.map(({ article }) => article.id),
    languages: listLanguages(matches),
    marks: marks.size === 0 ? NO_MARKS : [...marks],
  };
}

/**
 * Answers each code and reports how. Matching does not depend on the language: each code is answered once for all
 * languages.
 */
export async function measureCoverage(
  requested: readonly RequestedCode[],
  library: Library,
  maxArticles: number,
): Promise<CodeFinding[]> {
  const findings: CodeFinding[] = [];
  for (const batch of splitBatches(requested)) {
    const codings = batch.map(({ coding }) => coding);
    const answers = await answerEach(codings, DEFAULT_LANGUAGE, library, maxArticles);
    for (const [index, one] of batch.entries()) {
      const answer = answers[index];
      if (answer) findings.push(toFinding(one, answer));
    }
  }
  return findings;
}

type Counts = { -readonly [Name in keyof CoverageRow]: CoverageRow[Name] };

/** Adds up findings by code system, language and kind, and over all code systems. */
export function tallyCoverage(findings: readonly CodeFinding[]): CoverageRow[] {
  const rows = new Map<string, Counts>();
  const none = { codes: 0, count: 0, codesInLanguage: 0, countInLanguage: 0 };
  for (const { system: own, kind, byLanguage, languages } of findings) {
    for (const system of [undefined, own]) {
      for (const [language, count] of byLanguage) {
        const key = `${system ?? ''} ${language} ${kind}`;
        const row = getOrAdd(rows, key, () => ({ system, language, kind, ...none }));
        row.codes += 1;
        row.count += count;
        if (!languages.has(language)) continue;
        row.codesInLanguage += 1;
        row.countInLanguage += count;
      }
    }
  }
  return [...rows.values()];
}

/** Merges equal entries of one code, the most requested first. */
function joinEntries<T extends Coding & { readonly count: number }>(entries: readonly T[]): T[] {
  const joined = new Map<string, T>();
  for (const entry of entries) {
    const key = JSON.stringify({ ...entry, count: 0 });
    joined.set(key, { ...entry, count: entry.count + (joined.get(key)?.count ?? 0) });
  }
  const buildKey = ({ system, code }: T): string => `${system} ${code}`;
  return [...joined.values()].sort((a, b) => b.count - a.count || (buildKey(a) < buildKey(b) ? -1 : 1));
}

/** The codes that no article answers, the most requested first; codes left without a page on purpose are excluded. */
export function findGaps(findings: readonly CodeFinding[]): Gap[] {
  return joinEntries<Gap>(
    findings.flatMap(({ system, code, name, count, kind, hint }) =>
      isMiss(kind) && kind !== 'no-page-on-purpose' ? [{ system, code, name, count, reason: kind, hint }] : [],
    ),
  );
}

/** The codes whose readers of a language get a page in another, the most requested first. */
export function findLanguageGaps(findings: readonly CodeFinding[], language: Language): Gap[] {
  return joinEntries<Gap>(
    findings.flatMap(({ system, code, name, byLanguage, kind, languages }) => {
      const count = byLanguage.get(language) ?? 0;
      if (count === 0 || isMiss(kind) || languages.has(language)) return [];
      return [{ system, code, name, count, reason: 'other-language', hint: undefined }];
    }),
  );
}

/** The codes that lead to sensitive pages, the most requested first. */
export function findSensitive(findings: readonly CodeFinding[]): SensitiveCode[] {
  const marked = findings.filter(({ marks }) => marks.length > 0);
  return joinEntries(marked.map(({ system, code, name, count, marks }) => ({ system, code, name, count, marks })));
}
