import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { csvLine } from '../core/csv.js';
import { LANGUAGES } from '../core/model/language.js';
import type { TextAddress } from '../library/link-checks.js';
import { parseRecords } from '../build/read-rows.js';
import { VERDICTS, type PageVisit } from './visit-page.js';

/** A text whose address was visited. */
export interface CheckedText extends TextAddress, PageVisit {
  /** ISO 8601 day. */
  readonly checkedOn: string;
}

const COLUMNS = ['article', 'language', 'url', 'status', 'final_url', 'verdict', 'checked_on'] as const;

function readRow(record: Readonly<Record<string, string>>): CheckedText | undefined {
  const { article = '', url = '', status = '', final_url: finalUrl = '', checked_on: checkedOn = '' } = record;
  const language = LANGUAGES.find((known) => known === record.language);
  const verdict = VERDICTS.find((known) => known === record.verdict);
  // The last line of an interrupted report.
  if (!language || !verdict || !/^\d{4}-\d\d-\d\d$/.test(checkedOn)) return undefined;
  return { article, language, url, verdict, status: status === '' ? undefined : Number(status), finalUrl, checkedOn };
}

function formatLine({ article, language, url, status, finalUrl, verdict, checkedOn }: CheckedText): string {
  return csvLine([article, language, url, status, finalUrl, verdict, checkedOn]);
}

const buildKey = ({ article, language, url }: TextAddress): string => `${article} ${language} ${url}`;

/** A file that is not one of our reports: it is not overwritten. */
export class LinkReportError extends Error {
  override readonly name = 'LinkReportError';
}

function readReport(path: string): CheckedText[] {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (text !== '' && !text.startsWith(csvLine(COLUMNS))) {
    throw new LinkReportError(`${path} already exists and is not a link report`);
  }
  return parseRecords(text).flatMap(({ record }) => readRow(record) ?? []);
}

/** A report of visits: a CSV file that grows line by line, so that an interrupted run can resume. */
export type LinkReport = ReturnType<typeof openLinkReport>;

/**
 * Opens a report. Valid results of an older one are retained: texts with the same address that were reachable.
 * @throws LinkReportError
 */
export function openLinkReport(path: string, texts: readonly TextAddress[]) {
  const checked = new Map<string, CheckedText>();
  const current = new Set(texts.map(buildKey));
  for (const row of readReport(path)) {
    if (row.verdict !== 'unreachable' && current.has(buildKey(row))) checked.set(buildKey(row), row);
  }
  const rows = (): CheckedText[] => [...checked.values()];
  writeFileSync(`${path}.new`, csvLine(COLUMNS) + rows().map(formatLine).join(''));
  renameSync(`${path}.new`, path);
  return {
    rows,
    has: (text: TextAddress): boolean => checked.has(buildKey(text)),
    add: (row: CheckedText): void => {
      checked.set(buildKey(row), row);
      appendFileSync(path, formatLine(row));
    },
  };
}
