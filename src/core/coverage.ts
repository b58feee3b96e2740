import type { AnswerKind } from './answer-kind.js';
import { answerKind } from './answer-kind.js';
import { answerRequest } from './answer.js';
import type { Sensitivity } from './article.js';
import type { CodeSystemId } from './code-systems.js';
import type { RequestCoding } from './knowledge-request.js';
import { ANYONE } from './knowledge-request.js';
import type { Answer, MissReason } from './knowledge-response.js';
import type { Language } from './language.js';
import { LANGUAGES } from './language.js';
import type { Library } from './library.js';

/** A code that was asked, and how often. */
export interface AskedCode {
  readonly coding: RequestCoding & { readonly system: CodeSystemId };
  readonly count: number;
  /** How often by readers of each language; languages in which nobody asked are left out. */
  readonly byLanguage: ReadonlyMap<Language, number>;
}

/** How a code is answered, for a reader of whom no more than the language is known. */
export interface CodeFinding {
  readonly system: CodeSystemId;
  /** Normalised. Empty where none was sent, or what was sent is no code: that may be anything, and is never told. */
  readonly code: string;
  readonly count: number;
  readonly byLanguage: ReadonlyMap<Language, number>;
  readonly kind: AnswerKind;
  /** The system that an impossible code plainly belongs to. */
  readonly hint: CodeSystemId | undefined;
  /** Ids of the articles that answer, the first first. */
  readonly articles: readonly string[];
  /** Languages in which one of these has a page. */
  readonly languages: ReadonlySet<Language>;
  readonly sensitivities: readonly Sensitivity[];
}

/** How many codes of a system were answered in one way for readers of a language. */
export interface CoverageRow {
  /** Undefined in rows over all code systems. */
  readonly system: CodeSystemId | undefined;
  readonly language: Language;
  readonly kind: AnswerKind;
  readonly codes: number;
  /** How often these were asked. */
  readonly count: number;
  /** Of the codes, those with a page in the reader's language, and how often these were asked. */
  readonly codesInLanguage: number;
  readonly countInLanguage: number;
}

/** A code that wants work: no article answers it, or none in a language that readers asked for. */
export interface Gap {
  readonly system: CodeSystemId;
  readonly code: string;
  readonly count: number;
  readonly reason: MissReason | 'other-language';
  readonly hint: CodeSystemId | undefined;
}

/** Codes asked of the library at once. */
const BATCH_CODES = 100;

const ANSWERED: ReadonlySet<AnswerKind> = new Set(['own', 'ancestor', 'crosswalk', 'name']);
export const isAnswered = ({ kind }: { readonly kind: AnswerKind }): boolean => ANSWERED.has(kind);

function toFinding({ coding, count, byLanguage }: AskedCode, answer: Answer): CodeFinding {
  const { matches, miss, code = '' } = answer;
  return {
    system: coding.system,
    code,
    count,
    byLanguage,
    kind: answerKind(answer),
    hint: miss?.hint,
    articles: matches.map(({ article }) => article.id),
    languages: new Set(LANGUAGES.filter((language) => matches.some(({ article }) => article.texts[language]))),
    sensitivities: [...new Set(matches.flatMap(({ sensitivity }) => sensitivity ?? []))],
  };
}

/**
 * Answers each code by itself, as the server would, and says how. What is found does not depend on the language: each code
 * is asked once for all of them.
 */
export async function measureCoverage(
  asked: readonly AskedCode[],
  library: Library,
  maxArticles: number,
): Promise<CodeFinding[]> {
  const findings: CodeFinding[] = [];
  const measure = async (one: AskedCode): Promise<CodeFinding[]> => {
    const request = { criteria: [{ codings: [one.coding] }], context: ANYONE, maxArticles };
    const { answers } = await answerRequest(request, library);
    return answers.map((answer) => toFinding(one, answer));
  };
  for (let start = 0; start < asked.length; start += BATCH_CODES) {
    findings.push(...(await Promise.all(asked.slice(start, start + BATCH_CODES).map(measure))).flat());
  }
  return findings;
}

type Counts = { -readonly [Name in keyof CoverageRow]: CoverageRow[Name] };

/** Adds findings up by code system, language and kind, and over all code systems. */
export function tallyCoverage(findings: readonly CodeFinding[]): CoverageRow[] {
  const rows = new Map<string, Counts>();
  const none = { codes: 0, count: 0, codesInLanguage: 0, countInLanguage: 0 };
  for (const { system: own, kind, byLanguage, languages } of findings) {
    for (const system of [undefined, own]) {
      for (const [language, count] of byLanguage) {
        const key = `${system ?? ''} ${language} ${kind}`;
        const row = rows.get(key) ?? { system, language, kind, ...none };
        rows.set(key, row);
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

/** Gaps of one code and reason put together, the most asked first. */
function sortedGaps(gaps: readonly Gap[]): Gap[] {
  const joined = new Map<string, Gap>();
  for (const gap of gaps) {
    const key = `${gap.system} ${gap.code} ${gap.reason} ${gap.hint ?? ''}`;
    joined.set(key, { ...gap, count: gap.count + (joined.get(key)?.count ?? 0) });
  }
  const nameOf = ({ system, code }: Gap): string => `${system} ${code}`;
  return [...joined.values()].sort((a, b) => b.count - a.count || (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** The codes that no article answers, the most asked first; those left without a page on purpose are no gaps. */
export function findGaps(findings: readonly CodeFinding[]): Gap[] {
  return sortedGaps(
    findings.flatMap(({ system, code, count, kind, hint }) => {
      if (kind === 'own' || kind === 'ancestor' || kind === 'crosswalk' || kind === 'name') return [];
      return kind === 'no-page-on-purpose' ? [] : [{ system, code, count, reason: kind, hint }];
    }),
  );
}

/** The codes whose readers of a language are offered a page in another, the most asked first. */
export function findLanguageGaps(findings: readonly CodeFinding[], language: Language): Gap[] {
  return sortedGaps(
    findings.flatMap((finding) => {
      const { system, code, byLanguage, languages } = finding;
      const count = byLanguage.get(language) ?? 0;
      if (count === 0 || !isAnswered(finding) || languages.has(language)) return [];
      return [{ system, code, count, reason: 'other-language' as const, hint: undefined }];
    }),
  );
}
