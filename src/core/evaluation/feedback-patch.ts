import type { FeedbackEntry } from './feedback.js';
import type { Coding, Library, MappingRecord } from '../model/library.js';
import { displayCode } from '../codes/normalize-code.js';
import { printableLine } from '../client-text.js';
import { distanceOf } from '../codes/resolve-coding.js';

/** A mapping row with the feedback on it in its note. */
export interface PatchRow {
  /** The project file that has the row, or should have it. */
  readonly file: string;
  /** Empty if no code is known: the article's own file is meant. */
  readonly code: string;
  readonly article: string;
  /** Empty if no row leads from the code to the article any more. */
  readonly relationship: string;
  readonly rank: number | undefined;
  readonly sensitivity: string | undefined;
  readonly origin: string;
  readonly note: string;
}

/** Text sent by clients may contain control characters, which must not act on the curator's terminal. */
const formatCode = ({ system, code }: Coding): string => printableLine(displayCode(system, code));

/** One feedback entry on one line: remarks may span several. */
function formatEntry(
  { reason, language, count, lastOn, remark, coding }: FeedbackEntry,
  row: Coding | undefined,
): string {
  const requestedCode = coding && (coding.system !== row?.system || coding.code !== row.code);
  const parts = [
    `${reason} (${language})`,
    ...(count > 1 ? [`${count} times`] : []),
    ...(requestedCode ? [`asked as ${coding.system} ${formatCode(coding)}`] : []),
    `last ${lastOn}`,
  ];
  const quoted = remark === '' ? '' : `: "${printableLine(remark)}"`;
  return `feedback: ${parts.join(', ')}${quoted}`;
}

/** The nearest row from the requested code to the article. */
function findRow(input: number, article: string, records: readonly MappingRecord[]): MappingRecord | undefined {
  const leading = records.filter((record) => record.input === input && record.article === article);
  return leading.sort((a, b) => distanceOf(a) - distanceOf(b))[0];
}

const findKind = (article: string): string => article.split('-', 1)[0] ?? '';

function toRow(entry: FeedbackEntry, record: MappingRecord | undefined): PatchRow {
  const { article, coding } = entry;
  if (!coding) {
    const file = `resources/articles/${findKind(article)}.csv`;
    const nothing = { code: '', relationship: '', rank: undefined, sensitivity: undefined, origin: '' };
    return { file, article, ...nothing, note: formatEntry(entry, undefined) };
  }
  const row = record?.path.at(-1) ?? coding;
  const entryText = formatEntry(entry, record ? row : coding);
  return {
    file: `mappings/${row.system}.csv`,
    code: formatCode(row),
    article,
    relationship: record?.relationship ?? '',
    rank: record?.rank,
    sensitivity: record?.sensitivity,
    origin: record?.origin ?? '',
    note: [record ? record.note : 'no row leads here any more', entryText].filter((part) => part !== '').join('; '),
  };
}

/**
 * The rows that a curator has to check, as they are now: the row of the requested code, of its ancestor, or of a
 * crosswalk's target, whichever led to the article. All feedback on a row is in one note. Ordered by file and code.
 */
export function buildPatch(entries: readonly FeedbackEntry[], library: Library): PatchRow[] {
  const codings = entries.flatMap(({ coding }) => coding ?? []);
  const records = library.findMappings(codings);
  const rows = new Map<string, PatchRow>();
  let input = 0;
  for (const entry of entries) {
    const record = entry.coding && findRow(input++, entry.article, records);
    const row = toRow(entry, record);
    const key = `${row.file}\n${row.code}\n${row.article}`;
    const earlier = rows.get(key);
    const feedbackText = row.note.slice(row.note.indexOf('feedback: '));
    rows.set(key, earlier ? { ...earlier, note: `${earlier.note}; ${feedbackText}` } : row);
  }
  return [...rows.values()].sort((a, b) => (a.file + a.code < b.file + b.code ? -1 : 1));
}
