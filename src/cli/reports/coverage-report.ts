import type { RequestedCode } from '../../core/evaluation/requested-codes.js';
import { codeSystem } from '../../core/codes/code-systems.js';
import { codingKey } from '../../core/codes/concept.js';
import { displayCode } from '../../core/codes/normalize-code.js';
import {
  findGaps,
  findLanguageGaps,
  findSensitive,
  measureCoverage,
  tallyCoverage,
} from '../../core/evaluation/coverage.js';
import { describeAge } from '../../core/model/text-days.js';
import { LANGUAGES } from '../../core/model/language.js';
import type { Coding, Library } from '../../core/model/library.js';
import { printableLine } from '../../core/client-text.js';

/** A code's title in its own system, else in the list; empty if neither is known. */
export type TitleOf = (coding: Coding & { readonly name?: string }) => string;

/** Codes per title lookup. */
const BATCH_CODES = 500;

/** Fetches the titles of codes; an impossible code has none. */
export function findTitles(all: readonly Coding[], library: Library): TitleOf {
  const codings = all.filter(({ code }) => code !== '');
  const titles = new Map<string, string>();
  for (let start = 0; start < codings.length; start += BATCH_CODES) {
    const concepts = library.findConcepts(codings.slice(start, start + BATCH_CODES));
    for (const concept of concepts) titles.set(codingKey(concept), concept.title);
  }
  return (coding) => titles.get(codingKey(coding)) ?? printableLine(coding.name ?? '');
}

/**
 * A code in a report: `ICD-10-CM N53.14 (Retrograde ejaculation)`. An impossible code may be any text and is not shown.
 */
export function formatSubject({ system, code }: Coding, title: string): string {
  const { label } = codeSystem(system);
  if (code === '') return `${label} ${title || '(not shown)'}`;
  return `${label} ${displayCode(system, code)}${title && ` (${title})`}`;
}

/** Answers each code from the library and collects the report. */
export async function makeReport(codes: readonly RequestedCode[], library: Library, maxArticles: number) {
  const findings = await measureCoverage(codes, library, maxArticles);
  return {
    release: library.status().release,
    texts: describeAge(library.status().texts, new Date().toISOString()),
    findings,
    rows: tallyCoverage(findings),
    gaps: findGaps(findings),
    /** Codes with pages only in another language, by the reader's language. */
    languageGaps: new Map(LANGUAGES.map((language) => [language, findLanguageGaps(findings, language)])),
    /** Codes that lead to marked pages. */
    sensitive: findSensitive(findings),
    findTitle: findTitles(findings, library),
  };
}

/** The coverage of a list of codes, ready to be written. */
export type CoverageReport = Awaited<ReturnType<typeof makeReport>>;
