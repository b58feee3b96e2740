import type { AskedCode } from '../core/asked-codes.js';
import { codingKey } from '../core/concept.js';
import type { CodeFinding, CoverageRow, Gap, SensitiveCode } from '../core/coverage.js';
import { findGaps, findLanguageGaps, findSensitive, measureCoverage, tallyCoverage } from '../core/coverage.js';
import type { Language } from '../core/language.js';
import { LANGUAGES } from '../core/language.js';
import type { Coding, Library } from '../core/library.js';
import { printableLine } from '../core/printable.js';

/** A code's title in its own system, else what its list calls it; empty where neither is known. */
export type TitleOf = (coding: Coding & { readonly name?: string }) => string;

/** What is known of the coverage of a list of codes, ready to be written. */
export interface CoverageReport {
  readonly release: string;
  readonly findings: readonly CodeFinding[];
  readonly rows: readonly CoverageRow[];
  readonly gaps: readonly Gap[];
  /** Codes with pages in another language only, by the reader's. */
  readonly languageGaps: ReadonlyMap<Language, readonly Gap[]>;
  /** Codes that lead to marked pages. */
  readonly sensitive: readonly SensitiveCode[];
  readonly titleOf: TitleOf;
}

/** Codes whose titles are asked at once. */
const BATCH_CODES = 500;

/** Finds the titles of codes. */
export function findTitles(codings: readonly Coding[], library: Library): TitleOf {
  const titles = new Map<string, string>();
  for (let start = 0; start < codings.length; start += BATCH_CODES) {
    const concepts = library.findConcepts(codings.slice(start, start + BATCH_CODES));
    for (const concept of concepts) titles.set(codingKey(concept), concept.title);
  }
  return (coding) => titles.get(codingKey(coding)) ?? printableLine(coding.name ?? '');
}

/** Answers each code from the library and gathers how well. */
export async function makeReport(
  codes: readonly AskedCode[],
  library: Library,
  maxArticles: number,
): Promise<CoverageReport> {
  const findings = await measureCoverage(codes, library, maxArticles);
  return {
    release: library.status().release,
    findings,
    rows: tallyCoverage(findings),
    gaps: findGaps(findings),
    languageGaps: new Map(LANGUAGES.map((language) => [language, findLanguageGaps(findings, language)])),
    sensitive: findSensitive(findings),
    titleOf: findTitles(
      findings.filter(({ code }) => code !== ''),
      library,
    ),
  };
}
