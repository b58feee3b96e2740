import type { Config } from '../config/config.js';
import { compareLibraries, type AnswerChange, type OfferedArticle } from '../core/evaluation/answer-change.js';
import type { RequestedCode } from '../core/evaluation/requested-codes.js';
import { LANGUAGES, type Language } from '../core/model/language.js';
import type { Coding } from '../core/model/library.js';
import { displayCode } from '../core/codes/normalize-code.js';
import { openPair, type PairWanted, type ReleasePair } from '../library/release-pair.js';
import { ReleaseError } from '../library/releases.js';
import { findTitles, formatSubject, type TitleOf } from './reports/coverage-report.js';
import { csvLine } from '../core/csv.js';
import { describeNewCodes } from '../core/evaluation/new-codes.js';
import { formatCodeChanges, type DescribedCodes } from './reports/code-changes-text.js';
import { command, type Streams } from './reports/command.js';
import { CodeListError, readCodeList, reportComplaints } from './reports/read-codes.js';
import { listFirst, type ReportFormat } from './reports/write-coverage.js';

export interface DiffOptions extends Pick<PairWanted, 'from' | 'to'> {
  readonly format: ReportFormat;
  /** CSV file of the codes to compare; undefined: all that may differ. */
  readonly codes?: string;
}

interface Diff {
  readonly pair: ReleasePair;
  /** Number of compared codes. */
  readonly compared: number;
  readonly changes: readonly AnswerChange[];
  readonly findTitle: TitleOf;
  readonly codes: DescribedCodes;
}

const KINDS = ['added', 'changed', 'lost'] as const satisfies readonly AnswerChange['kind'][];

const formatTitles = (articles: readonly OfferedArticle[]): string =>
  articles.map(({ title }) => title).join('; ') || 'nothing';

/** `en: 1 added, 2 changed, 0 lost` */
function formatCounts(language: Language, changes: readonly AnswerChange[]): string {
  const ofLanguage = changes.filter((change) => change.language === language);
  const counts = KINDS.map((kind) => `${ofLanguage.filter((change) => change.kind === kind).length} ${kind}`);
  return `  ${language}: ${counts.join(', ')}`;
}

function toText({ pair, compared, changes, findTitle, codes }: Diff): string {
  const { source, before, after } = pair;
  const list = listFirst(changes, (change) => {
    const { kind, language, count } = change;
    const requests = count > 0 ? `, requested ${count} times` : '';
    return [
      `${kind.padEnd(8)} ${formatSubject(change, findTitle(change))}, ${language}${requests}`,
      `  before: ${formatTitles(change.before)}`,
      `  after:  ${formatTitles(change.after)}`,
    ];
  });
  const heading = [
    `${source}: from ${before?.name ?? 'the library without it'} to ${after.name}`,
    `Answers to ${compared} codes compared`,
    ...LANGUAGES.map((language) => formatCounts(language, changes)),
  ];
  return `${[...heading, ...list, ...formatCodeChanges(codes)].join('\n')}\n`;
}

/** Ids and titles in one cell each, in the same order. */
function buildCells(articles: readonly OfferedArticle[]): string[] {
  return [articles.map(({ id }) => id).join('|'), articles.map(({ title }) => title).join('|')];
}

function toCsv({ changes, findTitle, codes: { added, withdrawn } }: Diff): string {
  const columns = ['before', 'before_titles', 'after', 'after_titles'];
  const lines = changes.map((change) => {
    const { kind, system, code, count, language, before, after } = change;
    const about = [kind, system, displayCode(system, code), findTitle(change), count, language];
    return csvLine([...about, ...buildCells(before), ...buildCells(after)]);
  });
  const fresh = added.map(({ system, code, title, articles }) =>
    csvLine(['new', system, displayCode(system, code), title, 0, 'en', '', '', ...buildCells(articles)]),
  );
  const gone = withdrawn.map(({ system, code }) =>
    csvLine(['withdrawn', system, displayCode(system, code), '', 0, 'en']),
  );
  const head = csvLine(['change', 'system', 'code', 'title', 'count', 'language', ...columns]);
  return [head, ...lines, ...fresh, ...gone].join('');
}

function toJson({ pair, compared, changes, findTitle, codes }: Diff): string {
  const { source, before, after } = pair;
  const titled = changes.map((change) => ({ ...change, title: findTitle(change) || undefined }));
  const json = {
    source,
    from: before?.name,
    to: after.name,
    compared,
    changes: titled,
    newCodes: codes.added,
    withdrawnCodes: codes.withdrawn,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

const RENDERERS: Readonly<Record<ReportFormat, (diff: Diff) => string>> = { text: toText, csv: toCsv, json: toJson };

/** The codes whose answers may differ according to the releases themselves, without counts. */
function withoutCounts(codings: readonly Coding[]): readonly RequestedCode[] {
  const noReaders = { name: '', count: 0, byLanguage: new Map<Language, number>() };
  return codings.map(({ system, code }) => ({
    ...noReaders,
    coding: { system, systemSent: system, code, display: '', userSelected: false },
  }));
}

/**
 * Reports which answers differ between two releases of a source: by default its active one and the one before it.
 * @returns exit code: 0; 1 if the releases or the codes cannot be read; 2 if rows of the list were left out
 */
export const diffReleases = command(
  async (
    config: Config,
    source: string | undefined,
    { format, codes: path, from, to }: DiffOptions,
    { stdout, stderr }: Streams,
  ) => {
    const list = path === undefined ? undefined : readCodeList(path);
    const leftOut = reportComplaints(list?.complaints ?? [], stderr);
    const opened = await openPair({ ...config, readOnly: true }, { source, from, to });
    try {
      const { pair, after, changedCodes, concepts } = opened;
      const codes = list?.codes ?? withoutCounts(changedCodes);
      const changes = await compareLibraries(codes, LANGUAGES, opened, config.maxArticles);
      const added = await describeNewCodes(concepts.added, new Map(), after, config.maxArticles);
      const described = { added, withdrawn: concepts.withdrawn };
      const diff = { pair, compared: codes.length, changes, findTitle: findTitles(changes, after), codes: described };
      stdout.write(RENDERERS[format](diff));
    } finally {
      await opened.close();
    }
    return leftOut;
  },
  (error) =>
    error instanceof CodeListError || error instanceof ReleaseError ? `releases diff: ${error.message}` : undefined,
);
