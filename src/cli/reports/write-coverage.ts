import type { Config } from '../../config/config.js';
import { isMiss } from '../../core/answer/knowledge-response.js';
import type { RequestedCode } from '../../core/evaluation/requested-codes.js';
import { LANGUAGES } from '../../core/model/language.js';
import type { Coding } from '../../core/model/library.js';
import { displayCode } from '../../core/codes/normalize-code.js';
import { loadTexts } from '../../texts.js';
import { makeReport, type CoverageReport } from './coverage-report.js';
import { coverageText } from './coverage-text.js';
import { csvLine } from '../../core/csv.js';
import { onConfigured } from '../open-served.js';
import type { Out } from './command.js';

export type ReportFormat = 'text' | 'csv' | 'json';

/** Maximum changes in the text format; the other formats list all. */
const MAX_LISTED = 500;

/** The lines of the first changes, and how many more there are. */
export function listFirst<Change>(changes: readonly Change[], toLines: (change: Change) => string[]): string[] {
  const more = changes.length - MAX_LISTED;
  const lines = changes.slice(0, MAX_LISTED).flatMap(toLines);
  return more > 0 ? [...lines, `… and ${more} more; --format csv or json lists all`] : lines;
}

export interface CoverageOptions {
  readonly format: ReportFormat;
  /** Maximum codes in the lists of gaps. */
  readonly top: number;
}

/** CSV with a line per code, the most requested first, and how it is answered. */
function toCsv({ findings, findTitle }: CoverageReport): string {
  const requested = LANGUAGES.map((language) => `asked_${language}`);
  const pages = LANGUAGES.map((language) => `page_${language}`);
  const lines = [
    csvLine(['system', 'code', 'title', 'count', ...requested, 'result', 'hint', ...pages, 'articles', 'sensitivity']),
  ];
  for (const finding of [...findings].sort((a, b) => b.count - a.count)) {
    const { system, code, count, byLanguage, kind, hint, languages, articles, marks } = finding;
    lines.push(
      csvLine([
        system,
        displayCode(system, code),
        findTitle(finding),
        count,
        ...LANGUAGES.map((language) => byLanguage.get(language) ?? 0),
        kind,
        hint,
        ...LANGUAGES.map((language) => (languages.has(language) ? 'yes' : 'no')),
        articles.join('|'),
        marks.join('|'),
      ]),
    );
  }
  return lines.join('');
}

function toJson(report: CoverageReport, top: number, beside: object): string {
  const { release, texts, rows, gaps, languageGaps, sensitive, findings, findTitle } = report;
  const formatTitled = (list: readonly (Coding & { readonly name: string })[]): object[] =>
    list.slice(0, top).map(({ name, ...entry }) => ({ ...entry, title: findTitle({ ...entry, name }) || undefined }));
  const json = {
    release,
    texts,
    ...beside,
    codes: findings.length,
    answered: findings.filter(({ kind }) => !isMiss(kind)).length,
    coverage: rows.map(({ system, ...row }) => ({ system: system ?? 'all', ...row })),
    gaps: formatTitled(gaps),
    languageGaps: Object.fromEntries(
      [...languageGaps].map(([language, ofLanguage]) => [language, formatTitled(ofLanguage)]),
    ),
    sensitive: formatTitled(sensitive),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/**
 * Answers each code from the library and writes the coverage.
 * @param beside what the command reports besides: text before the report, members of the JSON report
 */
export async function reportCoverage(
  config: Config,
  codes: readonly RequestedCode[],
  { format, top }: CoverageOptions,
  stdout: Out,
  beside: { readonly text: string; readonly json: object },
): Promise<void> {
  await onConfigured(config, async (library) => {
    const report = await makeReport(codes, library, config.maxArticles);
    if (format === 'csv') stdout.write(toCsv(report));
    else if (format === 'json') stdout.write(toJson(report, top, beside.json));
    else stdout.write(beside.text + coverageText(report, top, loadTexts(config.resourcesDir)('en')));
  });
}
