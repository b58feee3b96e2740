import { NO_FOLLOW_UP, listFollowUp } from '../../core/handing-over/follow-up.js';
import type { EntryFilter, HandedOverRecord, RecordedEntry } from '../../core/handing-over/record.js';
import type { Config } from '../../config/config.js';
import { csvLine } from '../../core/csv.js';
import { dayInZone } from '../../core/time-in-zone.js';
import {
  LANGUAGE_CSV,
  listMonths,
  listWantedPages,
  reportLanguages,
  toLanguageCells,
} from '../../core/handing-over/language-report.js';
import { USE_CSV, reportUse, toUseCells } from '../../core/handing-over/use-report.js';
import { onConfigured } from '../open-served.js';
import { CommandEnd, type Out } from './command.js';
import type { Language } from '../../core/model/language.js';
import { LEAST_COUNT } from '../../core/handing-over/hide-small.js';

/** Number of times that an article was handed over in a language. */
interface GivenCount {
  readonly article: string;
  readonly title: string;
  readonly language: Language;
  readonly count: number;
}

/** Counts what was handed over, a page of entries at a time; entries that were made in error do not count. */
class GivenCounter {
  readonly #counts = new Map<string, GivenCount>();

  add({ entry, error }: RecordedEntry): void {
    if (error) return;
    for (const { article, title, language } of entry.items) {
      const key = `${article} ${language}`;
      const count = (this.#counts.get(key)?.count ?? 0) + 1;
      this.#counts.set(key, { article, title, language, count });
    }
  }

  /** Counts by article and language, the most frequent first; a count under 11 is undefined. */
  list(): (Omit<GivenCount, 'count'> & { readonly count: number | undefined })[] {
    const counts = [...this.#counts.values()];
    // Hidden ones are in the order of their names, or their places would tell how they compare.
    const rank = ({ count }: GivenCount): number => (count < LEAST_COUNT ? 0 : count);
    counts.sort((a, b) => rank(b) - rank(a) || (a.article < b.article ? -1 : 1) || (a.language < b.language ? -1 : 1));
    return counts.map(({ count, ...rest }) => ({ ...rest, count: count < LEAST_COUNT ? undefined : count }));
  }
}

type Row = Readonly<Record<string, string | number>>;

/** A report on the record: its rows and their columns. */
export interface HandedOverReport {
  readonly list: (record: HandedOverRecord, filter: EntryFilter) => AsyncGenerator<Row>;
  readonly columns: readonly string[];
}

/** Entries that are read at once. */
const PAGE = 500;

/** Goes through all entries, a page at a time. */
async function* listEntries(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<RecordedEntry> {
  for (let before: number | undefined; ;) {
    const page = await record.list(filter, PAGE, before);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    before = last.sequence;
  }
}

async function* listCounts(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  const counter = new GivenCounter();
  for await (const one of listEntries(record, filter)) counter.add(one);
  for (const { article, title, language, count } of counter.list())
    yield { article, title, language, given: count ?? 'under 11' };
}

/** Where in which chart an entry is, and nothing else of the patient. */
const toPlace = ({ entry }: RecordedEntry): Row => ({
  at: entry.at,
  ehr: entry.ehr ?? '',
  patient: entry.patientId === undefined ? '' : `Patient/${entry.patientId}`,
  encounter: entry.encounterId === undefined ? '' : `Encounter/${entry.encounterId}`,
  by: entry.by ?? '',
});

/** One row an entry that gave the article. */
async function* listRecalled(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  for await (const one of listEntries(record, filter)) {
    const { entry, error } = one;
    const item = entry.items.find(({ article }) => article === filter.article);
    yield {
      ...toPlace(one),
      language: item?.language ?? '',
      textDigest: item?.textDigest ?? '',
      release: entry.release,
      error: error?.at ?? '',
      entry: entry.id,
    };
  }
}

/** All that is recorded of a patient: one row an article that was handed over. */
async function* listOfPatient(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  for await (const one of listEntries(record, filter)) {
    const { entry, error, delivery } = one;
    for (const { article, title, language, address, edition = '', textDigest = '', linkedIn = '' } of entry.items) {
      yield {
        ...toPlace(one),
        department: entry.department ?? '',
        ...{ article, title, language, address, edition, textDigest, linkedIn },
        recipient: entry.recipient,
        interpreter: entry.interpreter,
        languagePreferred: entry.languagePreferred ?? '',
        languageGiven: entry.languageGiven,
        method: entry.method,
        teachBack: entry.teachBack,
        note: entry.hasNote ? 'yes' : 'no',
        followUp: listFollowUp(entry.followUp ?? NO_FOLLOW_UP).join('; '),
        release: entry.release,
        error: error?.at ?? '',
        errorBy: error?.by ?? '',
        delivery: delivery?.state ?? '',
        inChart: delivery?.reference ?? '',
        entry: entry.id,
      };
    }
  }
}

/** One row an entry that is not in the chart, and may not be there by itself: it waits for a launch, was rejected, or nothing is known. */
async function* listUndelivered(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  for await (const one of listEntries(record, filter)) {
    const { entry, delivery, error } = one;
    const state = delivery?.state ?? 'not-tried';
    if (error || !UNDELIVERED.has(state)) continue;
    yield { ...toPlace(one), state, triedAt: delivery?.at ?? '', reason: delivery?.reason ?? '', entry: entry.id };
  }
}

async function* listErasures(record: HandedOverRecord): AsyncGenerator<Row> {
  for (const { at, by, subject, entries } of await record.listErasures())
    yield { at, by, subject, entries: entries.join(' ') };
}

/** States of entries that a person should see to. */
const UNDELIVERED: ReadonlySet<string> = new Set(['waiting', 'refused', 'unsure', 'not-tried', 'not-corrected']);

const PLACE = ['at', 'ehr', 'patient', 'encounter', 'by'];
const ITEM = ['department', 'article', 'title', 'language', 'address', 'edition', 'textDigest', 'linkedIn'];
const GIVING = [
  'recipient',
  'interpreter',
  'languagePreferred',
  'languageGiven',
  'method',
  'teachBack',
  'note',
  'followUp',
];
const AFTERWARDS = ['release', 'error', 'errorBy', 'delivery', 'inChart', 'entry'];

/** The reports, each with its columns. */
export const REPORTS = {
  counts: { list: listCounts, columns: ['article', 'title', 'language', 'given'] },
  recall: { list: listRecalled, columns: [...PLACE, 'language', 'textDigest', 'release', 'error', 'entry'] },
  patient: { list: listOfPatient, columns: [...PLACE, ...ITEM, ...GIVING, ...AFTERWARDS] },
  undelivered: { list: listUndelivered, columns: [...PLACE, 'state', 'triedAt', 'reason', 'entry'] },
  erasures: { list: listErasures, columns: ['at', 'by', 'subject', 'entries'] },
} satisfies Readonly<Record<string, HandedOverReport>>;

interface LanguageOptions {
  readonly format: 'csv' | 'ndjson';
  /** ISO 8601 days. */
  readonly from?: string;
  readonly to?: string;
  /** Lists the pages that are missing in a language, in place of the report. */
  readonly languagesWanted?: boolean;
  /** Writes the report on use in its place. */
  readonly useReport?: boolean;
}

type Cells = readonly (string | number)[];

function writeRow(columns: readonly string[], cells: Cells, { format }: LanguageOptions, stdout: Out): void {
  const row = (): string => JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, cells[at]])));
  stdout.write(format === 'csv' ? csvLine(cells) : `${row()}\n`);
}

/** The first and last month of a period. @throws CommandEnd where a day is not the first, or the last, of its month */
function readMonths({ from, to }: LanguageOptions): { from: string | undefined; to: string | undefined } {
  const isLast = (day: string): boolean => new Date(Date.parse(day) + 86_400_000).getUTCDate() === 1;
  if ((from !== undefined && !from.endsWith('-01')) || (to !== undefined && !isLast(to)))
    throw new CommandEnd('the report is of whole months: --from is the first day of one, --to the last', 2);
  return { from: from?.slice(0, 7), to: to?.slice(0, 7) };
}

const WANTED_CSV = ['article', 'title', 'language', 'handovers'];

/**
 * Writes the report of preferred languages against those of the handouts, the pages that are missing in one, or the report on use, as CSV or NDJSON.
 * @throws CommandEnd where the period is not of whole months
 */
export async function writeLanguageReport(
  record: HandedOverRecord,
  options: LanguageOptions,
  config: Config,
  stdout: Out,
): Promise<void> {
  const { timeZone } = config;
  const today = dayInZone(await record.now(), timeZone);
  const columns = options.languagesWanted ? WANTED_CSV : options.useReport ? USE_CSV : LANGUAGE_CSV;
  const { from, to } = readMonths(options);
  const write = (cells: Cells): void => {
    writeRow(columns, cells, options, stdout);
  };
  if (options.format === 'csv') write(columns);
  if (options.useReport) {
    for await (const row of reportUse(record, listMonths(today, timeZone, from, to))) toUseCells(row).forEach(write);
    return;
  }
  if (!options.languagesWanted) {
    for await (const row of reportLanguages(record, listMonths(today, timeZone, from, to))) write(toLanguageCells(row));
    return;
  }
  await onConfigured({ ...config, libraryReadOnly: true }, async (library) => {
    for (const { article, title, language, handovers } of await listWantedPages(record, library, today, timeZone))
      write([article, title, language, handovers]);
  });
}
