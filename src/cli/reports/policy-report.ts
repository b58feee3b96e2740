import { csvLine } from '../../core/csv.js';
import { groupBy } from '../../core/group-by.js';
import type { Language } from '../../core/model/language.js';
import { displayCode } from '../../core/codes/normalize-code.js';
import type { Given, TreatedArticle, PolicyChange } from '../../core/policy/policy-change.js';
import { POLICY_TEST_READERS } from '../../core/policy/policy-change.js';
import { formatSubject, type TitleOf } from './coverage-report.js';
import { listFirst, type ReportFormat } from './write-coverage.js';

export interface PolicyTestReport {
  readonly file: string;
  readonly rules: number;
  readonly language: Language;
  /** Number of compared codes. */
  readonly compared: number;
  readonly changes: readonly PolicyChange[];
  readonly findTitle: TitleOf;
}

const TREATMENT_WORDS: Readonly<Record<TreatedArticle['treatment'], string>> = {
  show: '',
  mark: ' (marked)',
  hold: ' (held)',
};

const formatArticle = ({ title, treatment }: TreatedArticle): string => title + TREATMENT_WORDS[treatment];

const formatEffect = ({ articles, miss }: Given): string =>
  articles.map(formatArticle).join('; ') || `nothing (${miss ?? 'code-not-mapped'})`;

const readers = Object.keys(POLICY_TEST_READERS) as PolicyChange['reader'][];

const isLost = ({ before, after }: PolicyChange): boolean => before.articles.length > 0 && after.articles.length === 0;
const isGained = ({ before, after }: PolicyChange): boolean =>
  before.articles.length === 0 && after.articles.length > 0;

/** For each reader, how many codes have another answer, no page now, or a page only now. */
function countChanges({ changes, compared }: PolicyTestReport) {
  return readers.map((reader) => {
    const own = changes.filter((change) => change.reader === reader);
    const [lost, gained] = [own.filter(isLost).length, own.filter(isGained).length];
    return { reader, changed: own.length, lost, gained, asBefore: compared - own.length };
  });
}

/** Groups the readers for whom a code changes in the same way. */
function groupChanges(changes: readonly PolicyChange[]): { change: PolicyChange; readers: string[] }[] {
  const groups = groupBy(changes, ({ system, code, name, before, after, reasons }) =>
    JSON.stringify([system, code, name, before, after, reasons]),
  );
  return [...groups.values()].flatMap((same) => {
    const [change] = same;
    return change ? [{ change, readers: same.map(({ reader }) => reader) }] : [];
  });
}

function toText(report: PolicyTestReport): string {
  const { file, rules, language, compared, changes, findTitle } = report;
  const listed = listFirst(groupChanges(changes), ({ change, readers: who }) => {
    const reasons = change.reasons.map(({ article, reason }) => `${article}: ${reason}`).join(', ');
    return [
      `${formatSubject(change, findTitle(change))}, requested ${change.count} times`,
      `  for:    ${who.join(', ')}`,
      `  before: ${formatEffect(change.before)}`,
      `  after:  ${formatEffect(change.after)}`,
      ...(reasons === '' ? [] : [`  why:    ${reasons}`]),
    ];
  });
  const counts = countChanges(report).map(
    ({ reader, changed, lost, gained }) =>
      `  ${reader}: ${changed} changed, of which ${lost} lost their page and ${gained} gained one`,
  );
  const codes = new Set(changes.map(({ system, code, name }) => `${system}|${code}|${name}`)).size;
  const lines = [
    ...listed,
    `${file}: ${rules} rules, answers in ${language} to ${compared} codes compared, ${codes} of them change`,
    ...counts,
  ];
  return `${lines.join('\n')}\n`;
}

const buildCells = ({ articles, miss }: Given): (string | undefined)[] => [
  articles.map(({ id }) => id).join('|'),
  articles.map(formatArticle).join('|'),
  miss,
];

function toCsv({ changes, findTitle }: PolicyTestReport): string {
  const columns = ['before', 'before_titles', 'before_reason', 'after', 'after_titles', 'after_reason', 'why'];
  const lines = changes.map((change) => {
    const { system, code, count, reader, before, after, reasons } = change;
    const why = reasons.map(({ article, reason }) => `${article}: ${reason}`).join('|');
    const about = [system, displayCode(system, code), findTitle(change), count, reader];
    return csvLine([...about, ...buildCells(before), ...buildCells(after), why]);
  });
  return csvLine(['system', 'code', 'title', 'count', 'reader', ...columns]) + lines.join('');
}

function toJson(report: PolicyTestReport): string {
  const { findTitle, changes, ...facts } = report;
  const titled = changes.map(({ name, ...change }) => ({
    ...change,
    title: findTitle({ ...change, name }) || undefined,
  }));
  return `${JSON.stringify({ ...facts, counts: countChanges(report), changes: titled }, null, 2)}\n`;
}

/** Formats a policy's changes as text, CSV or JSON. */
export const POLICY_WRITERS: Readonly<Record<ReportFormat, (report: PolicyTestReport) => string>> = {
  text: toText,
  csv: toCsv,
  json: toJson,
};
